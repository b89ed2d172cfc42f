// Run in the browser by common_dashboard.py: opens a dashboard, chooses in its filters, once for each of
// `options.choices`, and hands what it then shows and what clicks on it open to Python, as an attachment of the name
// `options.name`. Nothing here is part of the addon.
class DashboardReader {
    /* From here on until it is closed, clicks are noted and open nothing. */
    async open(id) {
        this.env = odoo.__WOWL_DEBUG__.root.env;
        this.services = this.env.services;
        await this.services.action.doAction({
            type: "ir.actions.client",
            tag: "action_spreadsheet_dashboard",
            params: { dashboard_id: id },
        });
        this.dashboard = this.services.spreadsheet_dashboard_loader.getDashboard(id);
        await this.dashboard.promise;
        this.model = this.dashboard.model;
        this.getters = this.model.getters;
        this.clicks = [];
        this.doAction = this.services.action.doAction;
        this.services.action.doAction = async (action) => this.clicks.push(action);
    }

    close() {
        this.services.action.doAction = this.doAction;
    }

    async choose(filters) {
        for (const [label, value] of Object.entries(filters)) {
            const filter = this.getters.getGlobalFilters().find((candidate) => candidate.label === label);
            this.model.dispatch("SET_GLOBAL_FILTER_VALUE", { id: filter.id, value: value ?? undefined });
        }
        // charts that are on a tab of their own are asked for as well
        const chartIds = this.getters.getSheetIds().flatMap((sheetId) => this.getters.getChartIds(sheetId));
        chartIds.forEach((id) => this.getters.getChartRuntime(id));
        await odoo.loader.modules.get("@spreadsheet/helpers/model").waitForDataLoaded(this.model);
        this.model.dispatch("EVALUATE_CHARTS");
    }

    async read() {
        const result = { sample: Boolean(this.dashboard.isSample), scorecards: {}, charts: {}, cells: {} };
        for (const sheetId of this.getters.getSheetIds()) {
            result.cells[this.getters.getSheetName(sheetId)] = await this.readCells(sheetId);
        }
        for (const sheetId of this.getters.getSheetIds()) {
            for (const chartId of this.getters.getChartIds(sheetId)) {
                await this.readFigure(sheetId, chartId, result);
            }
        }
        return result;
    }

    async readCells(sheetId) {
        const cells = {};
        for (let row = 0; row < this.getters.getNumberRows(sheetId); row++) {
            for (let col = 0; col < Math.min(this.getters.getNumberCols(sheetId), 12); col++) {
                const position = { sheetId, col, row };
                if (this.getters.getEvaluatedCell(position).type !== "empty") {
                    const xc = String.fromCharCode(65 + col) + (row + 1);
                    const opens = await this.recordsOf(position);
                    const measure = opens && this.getters.getPivotCellFromPosition(position).measure;
                    cells[xc] = { ...this.shownCell(position), opens, measure };
                }
            }
        }
        return cells;
    }

    async readFigure(sheetId, chartId, { scorecards, charts }) {
        const definition = this.getters.getChartDefinition(chartId);
        const runtime = this.getters.getChartRuntime(chartId);
        if (definition.type === "scorecard") {
            scorecards[definition.title.text] = await this.readScorecard(sheetId, definition, runtime);
        } else {
            const figureId = this.getters.getFigureIdFromChartId(chartId);
            const title = this.getters.getCarousel(figureId)?.title?.text || definition.title.text;
            (charts[title] ||= []).push(await this.readChart(definition, runtime.chartJsConfig));
        }
    }

    async readScorecard(sheetId, definition, runtime) {
        const { findRecordsPosition } = odoo.loader.modules.get("@crm_dashboard/spreadsheet/scorecard_records");
        const range = this.getters.getRangeFromSheetXC(sheetId, definition.keyValue);
        const position = { sheetId: range.sheetId, col: range.zone.left, row: range.zone.top };
        return {
            ...this.shownCell(position),
            title: runtime.title.text,
            shown: runtime.keyValue,
            before: definition.baseline && this.getters.getEvaluatedCell({ ...position, col: 2 }).value,
            opens: await this.recordsOf(findRecordsPosition(this.getters, position)),
        };
    }

    async readChart(definition, { data, options }) {
        const datasets = [];
        for (const [datasetIndex, dataset] of data.datasets.entries()) {
            const points = [];
            for (const [index, value] of dataset.data.entries()) {
                const event = { type: "click", native: { preventDefault() {}, button: 0 } };
                const click = () => options.onClick?.(event, [{ datasetIndex, index }], { data });
                // a funnel's bars reach as far to the left as to the right
                const number = Array.isArray(value) ? value[1] : value;
                points.push({ label: data.labels[index], value: number, opens: await this.opened(click) });
            }
            datasets.push({ label: dataset.label, points });
        }
        return { type: definition.type, measure: definition.metaData?.measure, datasets };
    }

    shownCell(position) {
        const cell = this.getters.getEvaluatedCell(position);
        return { value: cell.value, text: cell.formattedValue, type: cell.type };
    }

    async recordsOf(position) {
        const pivots = odoo.loader.modules.get("@spreadsheet/pivot/pivot_actions");
        if (!position || !pivots.SEE_RECORDS_PIVOT_VISIBLE(position, this.getters)) {
            return null;
        }
        const env = Object.assign(Object.create(this.env), { model: this.model });
        return this.opened(() => pivots.SEE_RECORDS_PIVOT(position, env));
    }

    async opened(click) {
        this.clicks.length = 0;
        await click();
        const { res_model, domain, context, views } = this.clicks[0] || {};
        return this.clicks.length ? { res_model, domain, context: context || {}, views } : null;
    }
}

// eslint-disable-next-line no-unused-vars -- called by common_dashboard.py
async function readDashboard(options) {
    const reader = new DashboardReader();
    await reader.open(options.dashboard);
    const results = [];
    for (const filters of options.choices) {
        await reader.choose(filters);
        results.push(await reader.read());
    }
    reader.close();
    const bytes = new TextEncoder().encode(JSON.stringify(results));
    let text = "";
    bytes.forEach((byte) => (text += String.fromCharCode(byte)));
    await reader.services.orm.create("ir.attachment", [{ name: options.name, datas: btoa(text) }]);
}
