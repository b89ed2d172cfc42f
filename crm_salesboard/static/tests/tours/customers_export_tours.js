import { registry } from "@web/core/registry";
import { toggle } from "./sales_board_steps";

const tours = registry.category("web_tour.tours");
const MENU = ".o_cp_action_menus .fa-cog";

function openExport() {
    return [
        { trigger: MENU, run: "click" },
        { trigger: ".o_salesboard_export_menu", run: "click" },
    ];
}

function readCounts(customers, projects) {
    return [
        {
            content: `${customers} customers of ${projects} projects`,
            trigger: `.o_salesboard_export_counts:contains(${customers} customers of ${projects} projects)`,
        },
    ];
}

function download(rows) {
    return [
        { trigger: `.modal-footer .btn-primary:contains(Export ${rows} rows)`, run: "click" },
        { trigger: `.o_salesboard_export_progress:text(${rows} of ${rows} customers)` },
        { trigger: ".o_salesboard_export_done" },
    ];
}

function close() {
    return [{ trigger: ".modal-footer button:contains(Close)", run: "click" }, { trigger: "body:not(:has(.modal))" }];
}

tours.add("salesboard_export", {
    steps: () => [
        ...openExport(),
        ...readCounts(12, 15),
        { trigger: ".modal [name=street]:checked", run: "click" },
        { trigger: ".modal [name=vat]:not(:checked)", run: "click" },
        { trigger: ".modal label:text(CSV)", run: "click" },
        ...download(12),
        { trigger: ".modal-footer button:contains(Download again)", run: "click" },
        { trigger: ".o_salesboard_export_done" },
        ...close(),
        // what was chosen is offered again
        ...openExport(),
        { trigger: ".modal [name=vat]:checked" },
        { trigger: ".modal [name=street]:not(:checked)" },
        { trigger: ".modal #export_format_csv:checked" },
        // a row each
        { trigger: ".modal label:contains(One per project)", run: "click" },
        { trigger: ".modal-footer .btn-primary:contains(Export 15 rows)", run: "click" },
        { trigger: ".o_salesboard_export_progress:text(15 of 15 projects)" },
        { trigger: ".o_salesboard_export_done" },
        ...close(),
        // by the time that it opens once more, what the last one left has been cleared away
        ...openExport(),
        ...readCounts(12, 15),
        { trigger: ".modal-footer button:contains(Cancel)", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

tours.add("salesboard_export_list", {
    steps: () => [
        { trigger: ".o_kanban_group:has(.o_salesboard_tag:text(Offer)) [data-measure=projected]", run: "click" },
        { trigger: ".o_list_view .o_data_row" },
        ...openExport(),
        ...readCounts(3, 3),
        ...download(3),
        ...close(),
    ],
});

tours.add("salesboard_export_not_offered", {
    steps: () => [
        { trigger: ".o_kanban_group" },
        { trigger: MENU, run: "click" },
        { trigger: ".o-dropdown--menu:contains(Import records):not(:has(.o_salesboard_export_menu))" },
    ],
});

tours.add("salesboard_export_phone", {
    steps: () => [
        ...openExport(),
        ...readCounts(12, 15),
        {
            content: "nothing is wider than the screen",
            trigger: ".modal-body",
            run({ anchor }) {
                if (anchor.scrollWidth > anchor.clientWidth) {
                    throw new Error("the dialog is wider than the phone");
                }
            },
        },
        ...download(12),
        ...close(),
        // an empty view says what to do
        ...toggle("order"),
        { trigger: "button[aria-label='Next period']", run: "click" },
        ...openExport(),
        { trigger: ".o_salesboard_export_counts:contains(Choose another period)" },
        ...close(),
    ],
});
