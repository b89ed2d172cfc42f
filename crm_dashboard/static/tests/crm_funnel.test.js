import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import { markup } from "@odoo/owl";
import {
    contains,
    defineModels,
    editFavoriteName,
    fields,
    makeServerError,
    mockService,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
    saveFavorite,
    toggleMenuItem,
    toggleSaveFavorite,
    toggleSearchBarMenu,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { BoardAction } from "@board/board_action";
import { currencies } from "@web/core/currency";

describe.current.tags("desktop");

class CrmLead extends models.Model {
    _name = "crm.lead";

    name = fields.Char();
    expected_revenue = fields.Float({ string: "Expected Revenue", aggregator: "sum" });

    _records = [];
    _views = {
        "form,100000001": "<form/>",
        "graph,7": '<graph js_class="crm_funnel"/>',
        "search,8": "<search/>",
    };
}

class Board extends models.Model {}

defineModels([Board, CrmLead]);
defineMailModels();

const EURO = 77;
const figures = (count, projected) => ({ count, projected });
const NOTHING = figures(0, 0);
const nothingNext = { count: null, projected: null };

function step(column_id, name, values) {
    return {
        column_id,
        name,
        text_color: "#1E3A8A",
        background_color: "#DBEAFE",
        next: nothingNext,
        open: NOTHING,
        dropped: NOTHING,
        reasons: [],
        ...values,
    };
}

const HARDWARE = {
    id: 1,
    name: "Hardware",
    won: { count: 2, projected: 8000, actual: 7500 },
    steps: [
        step(11, "Prospect", {
            reached: figures(10, 20000),
            next: { count: 0.4, projected: 0.75 },
            open: figures(1, 1000),
            dropped: figures(5, 4000),
            reasons: [
                { id: 1, name: "Too slow", kind: "lost", ...figures(2, 500) },
                { id: 2, name: "Stopped", kind: "cancelled", ...figures(1, 3000) },
                { id: false, name: "Without a Reason", kind: "lost", ...figures(1, 300) },
                { id: 3, name: "Too big", kind: "lost", ...figures(1, 200) },
            ],
        }),
        step(12, "Offer", {
            reached: figures(4, 15000),
            next: { count: 0.5, projected: 8 / 15 },
            open: figures(2, 7000),
        }),
        step(13, "Order", { reached: figures(2, 8000) }),
    ],
};
const SOFTWARE = {
    id: 2,
    name: "Software",
    won: { count: 1, projected: 50, actual: 60 },
    steps: [step(21, "Order", { reached: figures(1, 50) })],
};

/** @returns {Array} the domains that were asked for, one after the other */
function answer(processes, days = {}) {
    const asked = [];
    onRpc("crm.lead", "get_funnel", ({ args }) => {
        asked.push(args[0]);
        return { currency_id: EURO, processes };
    });
    onRpc("crm.lead", "get_funnel_days", () => days);
    return asked;
}

const ARCH = '<graph js_class="crm_funnel"/>';
const searchViewArch = `<search><filter name="mine" string="Mine" domain="[['name', '=', 'mine']]"/></search>`;
const mountFunnel = (values = {}) =>
    mountView({ type: "graph", resModel: "crm.lead", arch: ARCH, searchViewArch, ...values });

const row = (name, part = "") => `.o_crm_funnel_step[data-step='${name}'] ${part}`;
const bar = (name) => row(name, ".o_crm_funnel_bar");

beforeEach(() => {
    BoardAction.cache = {};
    patchWithCleanup(currencies, { [EURO]: { symbol: "€", position: "before", digits: [69, 2] } });
});

test("each status shows how many came so far, went on, are open and dropped out", async () => {
    answer([HARDWARE], { 11: 12.5, 12: 0 });
    await mountFunnel();
    await animationFrame();
    expect("h2").toHaveText("Hardware");
    expect(".o_crm_funnel_won").toHaveText("Won: 2 projects, projected € 8,000, actual € 7,500");
    expect(queryAllTexts(".o_crm_funnel_step > th")).toEqual(["Prospect", "Offer", "Order"]);
    expect(queryAllTexts(".o_crm_funnel_figure")).toEqual(["10", "4", "2"]);
    expect(queryAllTexts(".o_crm_funnel_next span:not(.o_crm_funnel_label, .visually-hidden)")).toEqual([
        "40%",
        "50%",
        "–",
    ]);
    expect(row("Prospect", ".o_crm_funnel_days span:nth-child(2)")).toHaveText("12.5");
    expect(row("Offer", ".o_crm_funnel_days span:nth-child(2)")).toHaveText("0");
    expect(row("Offer", ".o_crm_funnel_open button")).toHaveText("2");
    expect(row("Prospect", ".o_crm_funnel_all")).toHaveText("5");
    expect(row("Order", ".o_crm_funnel_dropped button")).toHaveCount(0);
    expect(queryOne(row("Offer", ".o_crm_funnel_fill")).style.width).toBe("40%");
});

test("the switch shows values instead of numbers, without asking the server again", async () => {
    const asked = answer([HARDWARE]);
    await mountFunnel();
    await contains("[data-measure=projected]").click();
    expect("[data-measure=projected]").toHaveAttribute("aria-pressed", "true");
    expect(queryAllTexts(".o_crm_funnel_figure")).toEqual(["€ 20,000", "€ 15,000", "€ 8,000"]);
    expect(queryOne(row("Offer", ".o_crm_funnel_fill")).style.width).toBe("75%");
    expect(row("Prospect", ".o_crm_funnel_next")).toHaveText(/75%/);
    // The dearest reason comes first.
    expect(row("Prospect", ".o_crm_funnel_reasons li:first-child")).toHaveText("Stopped € 3,000");
    await contains("[data-measure=count]").click();
    expect(queryAllTexts(".o_crm_funnel_figure")).toEqual(["10", "4", "2"]);
    expect(asked).toEqual([[]]);
});

test("every bar and number asks for exactly what it counts and opens it", async () => {
    answer([HARDWARE]);
    onRpc("crm.lead", "action_open_funnel", ({ args }) => {
        expect.step(args);
        return { type: "ir.actions.act_window", name: "What it counts" };
    });
    mockService("action", { doAction: ({ name }, { newWindow }) => expect.step([name, newWindow]) });
    await mountFunnel({ domain: [["team_id", "=", 3]] });
    const opened = async (target, options) => {
        await contains(target).click(options);
        await animationFrame();
    };
    const domain = [["team_id", "=", 3]];
    await opened(bar("Offer"));
    expect.verifySteps([
        [domain, 12, "reached", null, null],
        ["What it counts", false],
    ]);
    await opened(row("Offer", ".o_crm_funnel_open button"), { ctrlKey: true });
    expect.verifySteps([
        [domain, 12, "open", null, null],
        ["What it counts", true],
    ]);
    await opened(row("Prospect", ".o_crm_funnel_all"));
    expect.verifySteps([
        [domain, 11, "dropped", null, null],
        ["What it counts", false],
    ]);
    await opened(row("Prospect", "[data-kind=cancelled]"));
    expect.verifySteps([
        [domain, 11, "dropped", "cancelled", 2],
        ["What it counts", false],
    ]);
    await opened(row("Prospect", "button:contains(Without a Reason)"));
    expect.verifySteps([
        [domain, 11, "dropped", "lost", false],
        ["What it counts", false],
    ]);
});

test("three reasons are shown, the others on demand", async () => {
    answer([HARDWARE]);
    await mountFunnel();
    const reasons = row("Prospect", ".o_crm_funnel_reasons li");
    expect(queryAllTexts(reasons)).toEqual(["Too slow 2", "Stopped 1", "Without a Reason 1", "1 more reason"]);
    await contains(".o_crm_funnel_more").click();
    expect(queryAllTexts(reasons)).toEqual(["Too slow 2", "Stopped 1", "Without a Reason 1", "Too big 1"]);
});

test("each process is a funnel of its own, as wide as its own first bar", async () => {
    answer([HARDWARE, SOFTWARE]);
    await mountFunnel();
    expect(queryAllTexts("h2")).toEqual(["Hardware", "Software"]);
    expect(queryOne("[data-process='2'] .o_crm_funnel_fill").style.width).toBe("100%");
    expect("[data-process='2'] .o_crm_funnel_won").toHaveText("Won: 1 project, projected € 50, actual € 60");
});

test("the bars do not wait for the medians", async () => {
    const days = new Deferred();
    answer([HARDWARE], days);
    await mountFunnel();
    expect(queryAllTexts(".o_crm_funnel_figure")).toEqual(["10", "4", "2"]);
    expect(row("Prospect", ".o_crm_funnel_days")).toHaveText(/…/);
    days.resolve({ 11: 3 });
    await animationFrame();
    expect(row("Prospect", ".o_crm_funnel_days span:nth-child(2)")).toHaveText("3");
    expect(row("Order", ".o_crm_funnel_days span:nth-child(2)")).toHaveText("–");
});

test("medians of an older search do not come over those of the present one", async () => {
    const answers = [new Deferred(), new Deferred()];
    const slow = [...answers];
    onRpc("crm.lead", "get_funnel", () => ({ currency_id: EURO, processes: [HARDWARE] }));
    onRpc("crm.lead", "get_funnel_days", () => answers.shift());
    await mountFunnel();
    await toggleSearchBarMenu();
    await toggleMenuItem("Mine");
    slow[1].resolve({ 11: 2 });
    await animationFrame();
    slow[0].resolve({ 11: 99 });
    await animationFrame();
    expect(row("Prospect", ".o_crm_funnel_days span:nth-child(2)")).toHaveText("2");
});

test("medians of the search before never stand beside the bars of the next", async () => {
    const funnels = [{ currency_id: EURO, processes: [HARDWARE] }, new Deferred()];
    const days = [new Deferred(), new Deferred()];
    const [nextFunnel, [oldDays, nextDays]] = [funnels[1], days];
    onRpc("crm.lead", "get_funnel", () => funnels.shift());
    onRpc("crm.lead", "get_funnel_days", () => days.shift());
    await mountFunnel();
    await toggleSearchBarMenu();
    await toggleMenuItem("Mine");
    oldDays.resolve({ 11: 99 });
    await animationFrame();
    nextFunnel.resolve({ currency_id: EURO, processes: [SOFTWARE] });
    await animationFrame();
    expect("h2").toHaveText("Software");
    expect(row("Order", ".o_crm_funnel_days")).toHaveText(/…/);
    nextDays.resolve({ 21: 4 });
    await animationFrame();
    expect(row("Order", ".o_crm_funnel_days span:nth-child(2)")).toHaveText("4");
});

test("the switch keeps the medians that are still on their way", async () => {
    const days = new Deferred();
    answer([HARDWARE], days);
    await mountFunnel();
    await contains("[data-measure=projected]").click();
    days.resolve({ 11: 3 });
    await animationFrame();
    expect(row("Prospect", ".o_crm_funnel_days span:nth-child(2)")).toHaveText("3");
});

test("filters of the search decide which projects are counted", async () => {
    const asked = answer([HARDWARE]);
    await mountFunnel();
    await toggleSearchBarMenu();
    await toggleMenuItem("Mine");
    expect(asked).toEqual([[], [["name", "=", "mine"]]]);
    expect(".o_group_by_menu").toHaveCount(0); // the steps are the groups
});

test("a favourite keeps whether numbers or values are shown", async () => {
    answer([HARDWARE]);
    onRpc("create_filter", ({ args }) => {
        expect.step(args[0].context);
        return [1];
    });
    await mountFunnel();
    await contains("[data-measure=projected]").click();
    await toggleSearchBarMenu();
    await toggleSaveFavorite();
    await editFavoriteName("Values");
    await saveFavorite();
    expect.verifySteps([{ graph_measure: "expected_revenue", group_by: [] }]);
});

test("where there is nothing it says what to do", async () => {
    answer([]);
    await mountFunnel({ noContentHelp: markup("<p>Choose another period</p>") });
    expect(".o_view_nocontent").toHaveText("Choose another period");
    expect(".o_crm_funnel_step").toHaveCount(0);
});

test("an example is shown as long as there is nothing, and opens nothing", async () => {
    answer([]);
    mockService("action", { doAction: () => expect.step("opened") });
    await mountFunnel({
        arch: '<graph js_class="crm_funnel" sample="1"/>',
        noContentHelp: markup("<p>An example</p>"),
    });
    await animationFrame();
    expect(".o_view_sample_data .o_crm_funnel_step").toHaveCount(3);
    expect(".o_view_nocontent").toHaveText("An example");
    queryOne(bar("Offer")).click();
    await animationFrame();
    expect.verifySteps([]);
});

test("what fails is told, with a button to try again", async () => {
    let fails = true;
    onRpc("crm.lead", "get_funnel", () => {
        if (fails) {
            throw makeServerError({ message: "The database is busy" });
        }
        return { currency_id: EURO, processes: [HARDWARE] };
    });
    onRpc("crm.lead", "get_funnel_days", () => ({}));
    expect.errors(1);
    await mountFunnel();
    await animationFrame();
    expect.verifyErrors(["The database is busy"]);
    expect(".o_crm_funnel [role=alert]").toHaveText(/could not be read/);
    expect(".o_view_nocontent").toHaveCount(0);
    await contains(".o_dialog .btn-close, .o_dialog button.btn-primary").click();
    fails = false;
    await contains(".o_crm_funnel_retry").click();
    await animationFrame();
    expect(".o_crm_funnel [role=alert]").toHaveCount(0);
    expect(".o_crm_funnel_step").toHaveCount(3);
});

test("on one's own dashboard it is as it was added: search and switch", async () => {
    const asked = answer([HARDWARE]);
    onRpc("/web/action/load", () => ({
        res_model: "crm.lead",
        views: [
            [7, "graph"],
            [8, "search"],
        ],
    }));
    await mountView({
        type: "form",
        resModel: "board",
        arch: `
            <form string="My Dashboard" js_class="board">
                <board style="2-1">
                    <column>
                        <action name="51" string="My funnel" view_mode="graph" domain="[['user_id', '=', 2]]"
                            context="{'graph_measure': 'expected_revenue', 'group_by': []}"/>
                    </column>
                </board>
            </form>`,
    });
    await animationFrame();
    expect(asked).toEqual([[["user_id", "=", 2]]]);
    expect(".o-dashboard-action .o_control_panel").toHaveCount(0);
    expect(queryAllTexts(".o_dashboard .o_crm_funnel_figure")).toEqual(["€ 20,000", "€ 15,000", "€ 8,000"]);
    await contains(".o-dashboard-action [data-measure=count]").click();
    expect(queryAllTexts(".o-dashboard-action .o_crm_funnel_figure")).toEqual(["10", "4", "2"]);
});
