/**
 * Cumulative funnels of spreadsheets: a click on a bar opens exactly the records that the bar counts, those of its own
 * group and of all later ones. And where the groups are columns of the Sales Board, as in "Got as Far as", each process
 * is a funnel of its own, with all of its statuses: projects of one process have not passed those of another.
 */
import { helpers, registries } from "@odoo/o-spreadsheet";
import "@spreadsheet/chart/odoo_chart/odoo_funnel_chart";
import { ChartDataSource } from "@spreadsheet/chart/data_source/chart_data_source";
import { Domain } from "@web/core/domain";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

const { chartRegistry } = registries;
const COLUMN_MODEL = "crm.process.column";
const FUNNEL_KINDS = ["unprocessed", "status", "order"];

patch(ChartDataSource.prototype, {
    /** @override */
    async _load() {
        await super._load();
        const field = this._funnelField();
        this._funnelSteps = field && funnelSteps(this._dataPoints(field), await this._loadColumns());
    },

    /** The steps of the funnels of processes, undefined for any other chart. */
    getFunnelSteps() {
        return this.isReady() && this._isValid ? this._funnelSteps : undefined;
    },

    /** The field that groups by the columns of the board, if that is what a cumulative chart does. */
    _funnelField() {
        const { mode, cumulated, groupBy, fields } = this._model.metaData;
        const name = groupBy.length === 1 && groupBy[0].fieldName;
        return mode === "bar" && cumulated && fields[name]?.relation === COLUMN_MODEL ? name : undefined;
    },

    _dataPoints(field) {
        const points = this._model.dataPoints.filter(({ count }) => count);
        return points.map((point) => ({ ...point, columnId: JSON.parse(point.identifier)[0][field]?.[0] }));
    },

    /** The columns of all processes, which are few, in board order. */
    _loadColumns() {
        return this._orm.searchRead(
            COLUMN_MODEL,
            [["kind", "in", FUNNEL_KINDS]],
            ["display_name", "kind", "process_id"]
        );
    },
});

/**
 * @param {Object[]} points how many projects got as far as a column and no further, with their domain
 * @param {Object[]} columns of all processes, in board order
 * @returns {{label: string, value: number, domains: Array[], isFirst: boolean}[]} how many got there or further, also
 *  where nobody stopped; what has no place in a funnel stands behind, for itself
 */
export function funnelSteps(points, columns) {
    const byColumn = new Map(points.map((point) => [point.columnId, point]));
    const inView = columns.filter(({ id }) => byColumn.has(id));
    const processes = new Set(inView.map(({ process_id: [id] }) => id));
    const steps = columns
        .filter(({ process_id: [id] }) => processes.has(id))
        .filter(({ id, kind }) => kind !== "unprocessed" || byColumn.has(id))
        .map(({ id, display_name: status, process_id: [process, processName] }) => ({
            label: processes.size > 1 ? _t("%(status)s (%(process)s)", { status, process: processName }) : status,
            process,
            point: byColumn.get(id),
        }));
    const placed = new Set(inView.map(({ id }) => id));
    const others = points.filter(({ columnId }) => !placed.has(columnId));
    return accumulate([...steps, ...others.map((point) => ({ label: point.labels[0], process: point, point }))]);
}

function accumulate(steps) {
    let later = {};
    for (const step of [...steps].reverse()) {
        const { value, domains } = later.process === step.process ? later : { value: 0, domains: [] };
        step.value = value + (step.point?.value || 0);
        step.domains = step.point ? [step.point.domain, ...domains] : domains;
        later = step;
    }
    return steps.map(({ label, process, value, domains }, index) => ({
        label,
        value,
        domains,
        isFirst: steps[index - 1]?.process !== process,
    }));
}

/** One domain for all records of some groups. A group that is not there has an empty one, which would be everything. */
function union(domains, isArchivedToo) {
    const groups = domains.filter((domain) => domain.length);
    if (!groups.length) {
        return Domain.FALSE.toList();
    }
    // The list that opens has a context of its own, so that the domain has to say it.
    const archivedToo = isArchivedToo ? [[["active", "in", [true, false]]]] : [];
    return Domain.and([...archivedToo, Domain.or(groups)]).toList();
}

/** What the bars show and what they open. */
function cumulativeData(chart, steps) {
    const { datasets, labels } = chart.dataSource.getData();
    const isArchivedToo = chart.searchParams.context?.active_test === false;
    if (steps && datasets.length) {
        const data = steps.map(({ value }) => value);
        const domains = steps.map((step) => union(step.domains, isArchivedToo));
        return { labels: steps.map(({ label }) => label), datasets: [{ ...datasets[0], data, domains }] };
    }
    const cumulate = ({ domains }) => domains.map((_domain, index) => union(domains.slice(index), isArchivedToo));
    return { labels, datasets: datasets.map((dataset) => ({ ...dataset, domains: cumulate(dataset) })) };
}

/** The same chart with other data; Odoo makes the numbers cumulative itself unless they already are. */
function withData(chart, data, isCumulative) {
    const definition = { ...chart.getDefinition(), cumulative: !isCumulative };
    return Object.create(chart, {
        dataSource: { value: { getData: () => data } },
        getDefinition: { value: () => definition },
    });
}

/** The percentages beside the bars are those of the first bar of the same process. */
function formatShares(steps, locale) {
    const first = [];
    steps.forEach(({ value, isFirst }, index) => first.push(isFirst ? value : first[index - 1]));
    return (_tick, index) =>
        first[index] ? helpers.formatValue(steps[index].value / first[index], { format: "0%", locale }) : "";
}

const odooFunnel = chartRegistry.get("odoo_funnel");
chartRegistry.replace("odoo_funnel", {
    ...odooFunnel,
    getChartRuntime(chart, getters) {
        if (!chart.cumulative) {
            return odooFunnel.getChartRuntime(chart, getters);
        }
        const steps = chart.dataSource.getFunnelSteps();
        const data = cumulativeData(chart, steps);
        const runtime = odooFunnel.getChartRuntime(withData(chart, data, Boolean(steps)), getters);
        if (steps) {
            const { ticks } = runtime.chartJsConfig.options.scales.percentages;
            ticks.callback = formatShares(steps, getters.getLocale());
        }
        return runtime;
    },
});
