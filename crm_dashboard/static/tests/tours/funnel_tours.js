import { click } from "@odoo/hoot-dom";
import { isAccessible, isWithinThumbsReach, tabTo, press } from "@crm_salesboard/../tests/tours/accessibility_steps";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const row = (name) => `.o_crm_funnel_step[data-step='${name}']`;
const bar = (name) => `${row(name)} .o_crm_funnel_bar`;

/** A row of the funnel shows these, by the class of its cells. */
function readRow(name, figures) {
    return Object.entries(figures).map(([cell, text]) => ({
        content: `${name} shows ${cell} ${text}`,
        trigger: `${row(name)} .o_crm_funnel_${cell}:contains(${text})`,
    }));
}

/** The list that has opened holds exactly these projects. */
function readList(...subjects) {
    return {
        content: `the list holds ${subjects.join(", ")}`,
        trigger: `.o_list_renderer tbody:has(.o_data_row:count(${subjects.length}))`,
        run({ anchor }) {
            const rows = [...anchor.querySelectorAll(".o_data_row")].map(({ textContent }) => textContent);
            const missing = subjects.filter((subject) => !rows.some((text) => text.includes(subject)));
            if (missing.length || rows.length !== subjects.length) {
                throw new Error(`${rows.length} rows, missing: ${missing.join(", ")}`);
            }
        },
    };
}

// The first page of a database makes its assets.
const PATIENCE = 60000;
const isThere = (trigger) => ({ trigger, timeout: PATIENCE });

const back = { trigger: ".o_breadcrumb .breadcrumb-item a", run: "click" };

const NUMBERS = [
    ...readRow("Prospect", { figure: "5", next: "60%", days: "5", open: "1", dropped: "Too slow" }),
    ...readRow("Offer", { figure: "3", next: "33%", open: "1", dropped: "Too slow" }),
    ...readRow("Order", { figure: "1" }),
];
const VALUES = [
    ...readRow("Prospect", { figure: "10,500", next: "52%", open: "1,000", dropped: "4,000" }),
    ...readRow("Offer", { figure: "5,500", next: "55%", open: "2,000", dropped: "500" }),
    ...readRow("Order", { figure: "3,000" }),
];

tours.add("crm_funnel", {
    steps: () => [
        isThere(bar("Prospect")),
        { content: "this year, from the start", trigger: ".o_searchview .o_facet_value" },
        ...NUMBERS,
        isAccessible(".o_crm_funnel"),
        { trigger: bar("Offer"), run: "click" },
        readList("Beta", "Gamma", "Epsilon"),
        back,
        { trigger: "[data-measure=projected]", run: "click" },
        ...VALUES,
        { trigger: `${row("Prospect")} .o_crm_funnel_reasons button:contains(Too slow)`, run: "click" },
        readList("Delta"),
        back,
        // As it was left.
        ...VALUES,
        { trigger: `${row("Prospect")} .o_crm_funnel_open button`, run: "click" },
        readList("Alpha"),
        back,
        { ...tabTo("[data-measure=count]"), timeout: PATIENCE },
        press("Enter"),
        ...NUMBERS,
        { ...tabTo(bar("Order")), timeout: PATIENCE },
        press("Enter"),
        readList("Gamma"),
        back,
        { content: "without the period", trigger: ".o_searchview .o_facet_remove", run: "click" },
        ...readRow("Prospect", { figure: "6" }),
    ],
});

tours.add("crm_funnel_add_to_dashboard", {
    steps: () => [
        isThere(bar("Prospect")),
        { trigger: "[data-measure=projected]", run: "click" },
        ...VALUES,
        { trigger: ".o_cp_action_menus button:has(.fa-cog)", run: "click" },
        { trigger: ".o_add_to_board button", run: "hover" },
        { trigger: ".o_add_to_board button", run: "click" },
        { trigger: ".dropdown-menu input", run: "edit My funnel" },
        { trigger: ".dropdown-menu button:contains(Add)", run: "click" },
        { trigger: ".o_notification:contains(My funnel)" },
    ],
});

tours.add("crm_funnel_on_dashboard", {
    steps: () => [
        isThere(bar("Prospect")),
        { trigger: ".o-dashboard-action-header:contains(My funnel)" },
        ...VALUES,
        { trigger: "[data-measure=count]", run: "click" },
        ...NUMBERS,
        { trigger: bar("Offer"), run: "click" },
        readList("Beta", "Gamma", "Epsilon"),
    ],
});

tours.add("crm_funnel_phone", {
    steps: () => [
        isThere(bar("Prospect")),
        ...NUMBERS,
        {
            content: "nothing sticks out of the screen",
            trigger: ".o_crm_funnel",
            run({ anchor }) {
                const wide = [...anchor.querySelectorAll("*")].filter(
                    (element) => element.getBoundingClientRect().right > window.innerWidth + 1
                );
                if (wide.length || anchor.scrollWidth > anchor.clientWidth) {
                    throw new Error(wide.map(({ outerHTML }) => outerHTML.slice(0, 120)).join("\n"));
                }
            },
        },
        isAccessible(".o_crm_funnel", "the funnel on a phone"),
        isWithinThumbsReach(".o_crm_funnel_table"),
        { trigger: "[data-measure=projected]", run: "click" },
        ...readRow("Prospect", { figure: "10,500", dropped: "4,000" }),
        { trigger: bar("Offer"), run: "click" },
        { trigger: ".o_kanban_record:contains(Gamma), .o_data_row:contains(Gamma)" },
    ],
});

tours.add("crm_funnel_chart", {
    steps: () => [
        isThere(".o-figure canvas"),
        {
            content: "the second bar of the chart, of those who came to an offer or further",
            trigger: ".o-figure canvas",
            async run({ anchor }) {
                await new Promise((resolve) => setTimeout(resolve, 1500)); // the chart moves until then
                const { x, y, width, height } = anchor.getBoundingClientRect();
                await click(anchor, { position: { x: x + width / 2, y: y + height / 2 } });
            },
        },
        readList("Beta", "Gamma", "Epsilon"),
    ],
});
