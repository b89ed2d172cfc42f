import { click } from "@odoo/hoot-dom";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Add what is on the screen to the dashboard of one's own. */
const addToDashboard = (name) => [
    { trigger: ".o_cp_action_menus button:has(.fa-cog)", run: "click" },
    { trigger: ".o_add_to_board button", run: "hover" },
    { trigger: ".o_add_to_board button", run: "click" },
    { trigger: ".dropdown-menu input", run: `edit ${name}` },
    { trigger: ".dropdown-menu button:contains(Add)", run: "click" },
    { trigger: ".o_notification:contains(added to dashboard)" },
];

for (const [tour, content, name] of [
    ["crm_dashboard_add_board", ".o_kanban_record:contains(Alpha)", "Our Board"],
    ["crm_dashboard_add_list", ".o_data_row:contains(Alpha)", "Our List"],
    ["crm_dashboard_add_pivot", ".o_pivot", "Our Forecast"],
]) {
    tours.add(tour, { steps: () => [{ trigger: content }, ...addToDashboard(name)] });
}

const shown = (title, content) => `.o-dashboard-action:contains(${title}) ${content}`;

tours.add("crm_dashboard_own", {
    steps: () => [
        { trigger: shown("Our Board", ".o_kanban_record:contains(Alpha)") },
        { trigger: shown("Our List", ".o_data_row:contains(Alpha)") },
        { trigger: shown("Our Forecast", ".o_pivot") },
        { content: "a project opens", trigger: shown("Our List", ".o_data_cell:contains(Alpha)"), run: "click" },
        { trigger: ".o_form_view .o_breadcrumb:contains(Alpha)" },
    ],
});

/** A chart with its tabs, and a scorecard, of the dashboard on the screen. */
const tab = (title, name) => `.o-carousel:contains(${title}) .o-carousel-tab:contains(${name})`;
const scorecard = (title) => `.o-figure canvas.o-scorecard[title='${title}']`;

tours.add("crm_dashboard_drill", {
    steps: () => [
        { trigger: `${scorecard("Open Projects")}[role=button]` },
        { content: "to the projects that it counts", trigger: scorecard("Open Projects"), run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(status 1000)" },
        { trigger: ".o_list_view tbody:has(.o_data_row:count(2))" },
        { trigger: ".o_breadcrumb .breadcrumb-item a", run: "click" },
        { content: "archived ones as well", trigger: scorecard("Lost"), run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(lost 300)" },
        { trigger: ".o_list_view tbody:has(.o_data_row:count(1))" },
        { trigger: ".o_breadcrumb .breadcrumb-item a", run: "click" },
        { content: "a chart in another form", trigger: tab("Open by Status", "Data"), run: "click" },
        { trigger: `${tab("Open by Status", "Data")}.selected` },
    ],
});

/** Click on the last bar, or part of bars, of a chart that has this name. */
const clickBar = (title, part) => ({
    trigger: `.o-figure:contains(${title}) canvas`,
    async run({ anchor }) {
        await new Promise((resolve) => setTimeout(resolve, 1500)); // the chart moves until then
        const chart = window.Chart.getChart(anchor);
        const number = chart.data.datasets.findIndex(({ label }) => label === part);
        const index = chart.data.datasets[number].data.findLastIndex((value) => value);
        const bar = chart.getDatasetMeta(number).data[index].getCenterPoint();
        const { x, y, width } = anchor.getBoundingClientRect();
        const scale = width / chart.width;
        await click(anchor, { position: { x: x + bar.x * scale, y: y + bar.y * scale } });
    },
});
/** Nothing is added to what the bar counts, and nothing can be made in the list. */
const listAsGiven = (name) => [
    { trigger: `.o_list_view .o_data_row:contains(${name})` },
    { trigger: ".o_list_view:not(:has(.o_searchview_facet)):not(:has(.o_list_button_add))" },
];

tours.add("crm_dashboard_drill_bar", {
    steps: () => [clickBar("Won, Lost and Cancelled", "Cancelled"), ...listAsGiven("cancelled 80")],
});

tours.add("crm_dashboard_drill_lead", {
    steps: () => [clickBar("Leads and Projects by Source", "Lead"), ...listAsGiven("Of the tour")],
});

tours.add("crm_dashboard_phone", {
    steps: () => [
        { trigger: ".o-mobile-figure .o-carousel-title:contains(Won by Month)" },
        { trigger: ".o-mobile-figure canvas.o-scorecard[title='Open Projects'][role=button]", run: "click" },
        { trigger: ".o_kanban_record:contains(status 1000), .o_data_row:contains(status 1000)" },
    ],
});
