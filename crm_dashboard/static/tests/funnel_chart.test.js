import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { createSpreadsheetWithChart } from "@spreadsheet/../tests/helpers/chart";
import { defineSpreadsheetModels } from "@spreadsheet/../tests/helpers/data";
import { waitForDataLoaded } from "@spreadsheet/helpers/model";
import { defineModels, fields, mockService, models, onRpc } from "@web/../tests/web_test_helpers";

describe.current.tags("headless");

const column = (id, name, process_id, kind = "status") => ({ id, name, process_id, kind, display_name: name });

class CrmProcess extends models.Model {
    _name = "crm.process";

    name = fields.Char();

    _records = [
        { id: 1, name: "Hardware" },
        { id: 2, name: "Software" },
    ];
}

class CrmProcessColumn extends models.Model {
    _name = "crm.process.column";
    _order = "id";

    name = fields.Char();
    kind = fields.Char();
    process_id = fields.Many2one({ relation: "crm.process" });

    _records = [
        column(10, "Unprocessed", 1, "unprocessed"),
        column(11, "Prospect", 1),
        column(12, "Offer", 1),
        column(13, "Order", 1, "order"),
        column(14, "Lost", 1, "lost"),
        column(20, "Unprocessed", 2, "unprocessed"),
        column(21, "Prospect", 2),
        column(22, "Order", 2, "order"),
    ];
}

class CrmLead extends models.Model {
    _name = "crm.lead";

    name = fields.Char();
    rank = fields.Integer();
    expected_revenue = fields.Float({ aggregator: "sum" });
    furthest_column_id = fields.Many2one({ relation: "crm.process.column" });

    _records = [];
}

defineSpreadsheetModels();
defineModels([CrmProcess, CrmProcessColumn, CrmLead]);

/** Nobody stopped at an offer. */
const HARDWARE = [
    { id: 1, furthest_column_id: 11, expected_revenue: 100, rank: 1 },
    { id: 2, furthest_column_id: 11, expected_revenue: 200, rank: 1 },
    { id: 3, furthest_column_id: 13, expected_revenue: 700, rank: 2 },
];
const SOFTWARE = [
    { id: 4, furthest_column_id: 20, expected_revenue: 5, rank: 3 },
    { id: 5, furthest_column_id: 22, expected_revenue: 45, rank: 3 },
];

const BY_COLUMN = ["furthest_column_id"];

beforeEach(() => {
    CrmLead._records = [...HARDWARE];
});

/** @returns {{labels, values, shares, runtime}} what a chart shows */
async function show({ groupBy = BY_COLUMN, measure = "__count", cumulative = true, ...searchParams } = {}) {
    const { model } = await createSpreadsheetWithChart({
        type: "odoo_funnel",
        definition: {
            type: "odoo_funnel",
            cumulative,
            title: { text: "Funnel" },
            metaData: { groupBy, measure, order: null, resModel: "crm.lead" },
            searchParams: { context: {}, domain: [], groupBy, orderBy: [], ...searchParams },
        },
    });
    await waitForDataLoaded(model);
    const runtime = model.getters.getChartRuntime(model.getters.getChartIds(model.getters.getActiveSheetId())[0]);
    const { data, options } = runtime.chartJsConfig;
    const { ticks } = options.scales.percentages;
    return {
        model,
        labels: data.labels,
        values: (data.datasets[0]?.data || []).map(([, value]) => value),
        shares: data.labels.map((_label, index) => ticks.callback(index, index)),
        click: (index) => options.onClick({ type: "click", native: new Event("click") }, [{ datasetIndex: 0, index }]),
    };
}

function mockAction() {
    const opened = [];
    mockService("action", {
        doAction: (action) => opened.push(action),
        loadAction: () => Promise.reject(new Error("none")),
    });
    return opened;
}

/** The ids that a domain finds. */
function find({ model }, domain, context = {}) {
    const { orm } = model.config.custom.env.services;
    return orm.search("crm.lead", domain, { context });
}

test("who came further has passed every status before, also one where nobody stopped", async () => {
    const { labels, values, shares } = await show();
    expect(labels).toEqual(["Prospect", "Offer", "Order"]);
    expect(values).toEqual([3, 1, 1]);
    expect(shares).toEqual(["100%", "33%", "33%"]);
});

test("values add up as numbers do", async () => {
    const { values } = await show({ measure: "expected_revenue" });
    expect(values).toEqual([1000, 700, 700]);
});

test("each process adds up for itself and is named", async () => {
    CrmLead._records = [...HARDWARE, ...SOFTWARE];
    const { labels, values, shares } = await show();
    expect(labels).toEqual([
        "Prospect (Hardware)",
        "Offer (Hardware)",
        "Order (Hardware)",
        "Unprocessed (Software)",
        "Prospect (Software)",
        "Order (Software)",
    ]);
    expect(values).toEqual([3, 1, 1, 2, 1, 1]);
    expect(shares).toEqual(["100%", "33%", "33%", "100%", "50%", "50%"]);
});

test("a click on a bar opens the projects that it counts, of no other process", async () => {
    CrmLead._records = [...HARDWARE, ...SOFTWARE];
    const opened = mockAction();
    const chart = await show({ domain: [["expected_revenue", ">", 100]] });
    const unfiltered = await show();
    await chart.click(0);
    await chart.click(1);
    await unfiltered.click(0);
    await unfiltered.click(3);
    const found = await Promise.all(opened.map(({ domain }) => find(chart, domain)));
    expect(found).toEqual([[2, 3], [3], [1, 2, 3], [4, 5]]);
    expect(opened[0].name).toMatch(/^Prospect/);
});

test("archived projects are opened where they are counted", async () => {
    const opened = mockAction();
    const chart = await show({ context: { active_test: false } });
    await chart.click(1);
    expect(opened[0].domain[0]).toBe("&");
    expect(opened[0].domain[1]).toEqual(["active", "in", [true, false]]);
});

test("a project without a place in a funnel is counted for itself", async () => {
    CrmLead._records = [...HARDWARE, { id: 6, furthest_column_id: false }, { id: 7, furthest_column_id: 14 }];
    const opened = mockAction();
    const chart = await show();
    expect(chart.labels.slice(0, 3)).toEqual(["Prospect", "Offer", "Order"]);
    expect(chart.values.slice(0, 3)).toEqual([3, 1, 1]);
    expect([...chart.labels.slice(3)].sort()).toEqual(["Lost", "None"]);
    expect(chart.values.slice(3)).toEqual([1, 1]);
    await chart.click(chart.labels.indexOf("Lost"));
    expect(await find(chart, opened[0].domain)).toEqual([7]);
});

test("any other cumulative funnel shows what Odoo shows and opens what it counts", async () => {
    CrmLead._records = [...HARDWARE, ...SOFTWARE];
    const opened = mockAction();
    const chart = await show({ groupBy: ["rank"] });
    expect(chart.values).toEqual([5, 3, 2]);
    await chart.click(1);
    await chart.click(2);
    expect(await Promise.all(opened.map(({ domain }) => find(chart, domain)))).toEqual([
        [3, 4, 5],
        [4, 5],
    ]);
});

test("a funnel that is not cumulative stays as it is, and asks the server nothing more", async () => {
    onRpc("crm.process.column", "search_read", () => expect.step("columns are read"));
    const opened = mockAction();
    const chart = await show({ cumulative: false });
    expect([chart.labels, chart.values]).toEqual([
        ["Prospect", "Order"],
        [2, 1],
    ]);
    await chart.click(0);
    expect(await find(chart, opened[0].domain)).toEqual([1, 2]);
    expect.verifySteps([]);
});

test("an empty funnel is empty", async () => {
    CrmLead._records = [];
    const { labels, values } = await show();
    expect([labels, values]).toEqual([[], []]);
});
