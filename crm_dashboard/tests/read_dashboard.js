// Run in the browser by common_dashboard.py: opens a dashboard, chooses in its filters, once for each of
// `options.choices`, and hands what it then shows and what clicks on it open to Python, as an attachment of the name
// `options.name`. Nothing here is part of the addon.
async function readDashboard(options) {
    const env = odoo.__WOWL_DEBUG__.root.env;
    const { services } = env;
    await services.action.doAction({
        type: "ir.actions.client",
        tag: "action_spreadsheet_dashboard",
        params: { dashboard_id: options.dashboard },
    });
    const loader = services.spreadsheet_dashboard_loader;
    const dashboard = loader.getDashboard(options.dashboard);
    await dashboard.promise;
    const { model } = dashboard;
    const { getters } = model;
    const { waitForDataLoaded } = odoo.loader.modules.get("@spreadsheet/helpers/model");
    const { SEE_RECORDS_PIVOT, SEE_RECORDS_PIVOT_VISIBLE } = odoo.loader.modules.get("@spreadsheet/pivot/pivot_actions");
    const { findRecordsPosition } = odoo.loader.modules.get("@crm_dashboard/spreadsheet/scorecard_records");
    const modelEnv = Object.assign(Object.create(env), { model });

    const choose = async (filters) => {
        for (const [label, value] of Object.entries(filters)) {
            const filter = getters.getGlobalFilters().find((candidate) => candidate.label === label);
            model.dispatch("SET_GLOBAL_FILTER_VALUE", { id: filter.id, value: value ?? undefined });
        }
        // charts that are on a tab of their own are asked for as well
        const chartIds = getters.getSheetIds().flatMap((sheetId) => getters.getChartIds(sheetId));
        chartIds.forEach((id) => getters.getChartRuntime(id));
        await waitForDataLoaded(model);
        model.dispatch("EVALUATE_CHARTS");
    };

    const clicks = [];
    const doAction = services.action.doAction;
    services.action.doAction = async (action) => clicks.push(action);
    const opened = async (click) => {
        clicks.length = 0;
        await click();
        const { res_model, domain, context, views } = clicks[0] || {};
        return clicks.length ? { res_model, domain, context: context || {}, views } : null;
    };
    const recordsOf = async (position) =>
        position && SEE_RECORDS_PIVOT_VISIBLE(position, getters)
            ? opened(() => SEE_RECORDS_PIVOT(position, modelEnv))
            : null;

    const collect = async () => {
        const result = { sample: Boolean(dashboard.isSample), scorecards: {}, charts: {}, cells: {} };
        const shownCell = (cell) => ({ value: cell.value, text: cell.formattedValue, type: cell.type });
        for (const sheetId of getters.getSheetIds()) {
            const cells = (result.cells[getters.getSheetName(sheetId)] = {});
            for (let row = 0; row < getters.getNumberRows(sheetId); row++) {
                for (let col = 0; col < Math.min(getters.getNumberCols(sheetId), 12); col++) {
                    const position = { sheetId, col, row };
                    const cell = getters.getEvaluatedCell(position);
                    if (cell.type !== "empty") {
                        const xc = String.fromCharCode(65 + col) + (row + 1);
                        const opens = await recordsOf(position);
                        const measure = opens && getters.getPivotCellFromPosition(position).measure;
                        cells[xc] = { ...shownCell(cell), opens, measure };
                    }
                }
            }
        }
        for (const sheetId of getters.getSheetIds()) {
            for (const chartId of getters.getChartIds(sheetId)) {
                const definition = getters.getChartDefinition(chartId);
                const runtime = getters.getChartRuntime(chartId);
                if (definition.type === "scorecard") {
                    const range = getters.getRangeFromSheetXC(sheetId, definition.keyValue);
                    const position = { sheetId: range.sheetId, col: range.zone.left, row: range.zone.top };
                    result.scorecards[definition.title.text] = {
                        ...shownCell(getters.getEvaluatedCell(position)),
                        title: runtime.title.text,
                        shown: runtime.keyValue,
                        before: definition.baseline && getters.getEvaluatedCell({ ...position, col: 2 }).value,
                        opens: await recordsOf(findRecordsPosition(getters, position)),
                    };
                    continue;
                }
                const figureId = getters.getFigureIdFromChartId(chartId);
                const title = getters.getCarousel(figureId)?.title?.text || definition.title.text;
                const { data, options: chartOptions } = runtime.chartJsConfig;
                const datasets = [];
                for (const [datasetIndex, dataset] of data.datasets.entries()) {
                    const points = [];
                    for (const [index, value] of dataset.data.entries()) {
                        const event = { type: "click", native: { preventDefault() {}, button: 0 } };
                        const click = () => chartOptions.onClick?.(event, [{ datasetIndex, index }], { data });
                        // a funnel's bars reach as far to the left as to the right
                        const number = Array.isArray(value) ? value[1] : value;
                        points.push({ label: data.labels[index], value: number, opens: await opened(click) });
                    }
                    datasets.push({ label: dataset.label, points });
                }
                const chart = { type: definition.type, measure: definition.metaData?.measure, datasets };
                (result.charts[title] ||= []).push(chart);
            }
        }
        return result;
    };

    const results = [];
    for (const filters of options.choices) {
        await choose(filters);
        results.push(await collect());
    }
    services.action.doAction = doAction;
    const bytes = new TextEncoder().encode(JSON.stringify(results));
    let text = "";
    bytes.forEach((byte) => (text += String.fromCharCode(byte)));
    await services.orm.create("ir.attachment", [{ name: options.name, datas: btoa(text) }]);
}
