import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";
import {
    card,
    closeAsOrder,
    column,
    drag,
    dragCard,
    loseFor,
    readColumn,
    readTotals,
    setRange,
    toggle,
    undo,
} from "./sales_board_steps";

const tours = registry.category("web_tour.tours");

const START = [
    ...readColumn("Prospect", 2, { projected: "3,000", weighted: "600" }),
    ...readColumn("Offer", 1, { projected: "5,000", weighted: "2,500" }),
    ...readColumn("Order", 1, { projected: "900", actual: "800" }),
    ...readColumn("Lost", 1, { projected: "700" }),
    ...readTotals({ count: 5, projected: "9,600", weighted: "4,000", actual: "800" }),
];

tours.add("salesboard_moves", {
    steps: () => [
        ...START,
        // to another status
        ...drag("Alpha rollout", "Offer"),
        ...readColumn("Prospect", 1, { projected: "2,000" }),
        ...readColumn("Offer", 2, { projected: "6,000", weighted: "2,700" }),
        ...undo(),
        ...START,
        // to Order, with its value
        ...closeAsOrder("Gamma data room", "4500"),
        ...readColumn("Offer", 0),
        ...readColumn("Order", 2, { projected: "5,900", actual: "5,300" }),
        ...readTotals({ count: 5, projected: "9,600", weighted: "6,500", actual: "5,300" }),
        { trigger: `${column("Order")} ${card("Gamma data room")}:contains(4,500):contains(of)` },
        ...undo(),
        ...START,
        // to Lost, with its reason
        ...loseFor("Gamma data room", "Too slow"),
        ...readColumn("Lost", 2, { projected: "5,700" }),
        { trigger: `${column("Lost")} ${card("Gamma data room")}:contains(Too slow)` },
        ...undo(),
        ...START,
        // a dialog that is dismissed moves nothing
        ...drag("Gamma data room", "Lost"),
        { trigger: ".modal .btn-close", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        ...START,
        // out of a closed column
        ...drag("Epsilon pilot", "Prospect"),
        ...readColumn("Lost", 0),
        ...readColumn("Prospect", 3, { projected: "3,700" }),
        ...undo(),
        ...START,
    ],
});

tours.add("salesboard_cancel_and_switches", {
    steps: () => [
        { trigger: `body:not(:has(${column("Cancelled")}))` },
        ...readColumn("Lost", 1),
        ...toggle("lost"),
        { trigger: `body:not(:has(${column("Lost")}))` },
        ...toggle("cancelled"),
        ...readColumn("Cancelled", 0),
        ...drag("Gamma data room", "Cancelled"),
        { trigger: ".modal .o_selection_badge:contains(No budget)", run: "click" },
        { trigger: ".modal button:contains(Mark as Cancelled)", run: "click" },
        ...readColumn("Cancelled", 1, { projected: "5,000" }),
        ...readTotals({ count: 4, projected: "8,900" }),
        ...toggle("unprocessed"),
        ...readColumn("Unprocessed", 1),
    ],
});

tours.add("salesboard_switches_remembered", {
    steps: () => [
        ...readColumn("Cancelled", 1),
        ...readColumn("Unprocessed", 1),
        { trigger: `body:not(:has(${column("Lost")}))` },
        { trigger: ".o_salesboard_switches [data-kind=lost]:not(.active)" },
    ],
});

tours.add("salesboard_period_and_owner", {
    steps: () => [
        ...START,
        ...setRange("2024-04-01", "2024-06-30"),
        { trigger: ".o_salesboard_period_label:text(Q2 2024)" },
        ...readColumn("Prospect", 1, { projected: "1,000" }),
        ...readColumn("Order", 1, { actual: "800" }),
        ...readColumn("Lost", 0),
        ...readTotals({ count: 2, projected: "1,900", actual: "800" }),
        { trigger: "button[aria-label='Next period']", run: "click" },
        { trigger: ".o_salesboard_period_label:text(Q3 2024)" },
        ...readColumn("Order", 0),
        ...readColumn("Lost", 1),
        // the facets of the bar are those of the list, pivot and graph
        { trigger: "button.o_switch_view.o_list", run: "click" },
        { trigger: ".o_facet_value:contains(Q3 2024)" },
        { trigger: ".o_data_row:contains(Epsilon pilot)" },
        { trigger: "button.o_switch_view.o_kanban", run: "click" },
        { trigger: ".o_salesboard_period_label:text(Q3 2024)" },
        { trigger: ".o_salesboard_period_label", run: "click" },
        { trigger: ".o_salesboard_period_menu .o-dropdown-item:contains(Without a date)", run: "click" },
        ...readColumn("Prospect", 1, { projected: "2,000" }),
        ...readColumn("Order", 0),
        { trigger: ".o_salesboard_period_label", run: "click" },
        { trigger: ".o_salesboard_period_menu .o-dropdown-item:contains(All dates)", run: "click" },
        ...START,
        { trigger: ".o_salesboard_owner[title='Sanne de Board']", run: "click" },
        ...readTotals({ count: 2, projected: "2,900" }),
        { trigger: ".o_salesboard_owner[title='Sanne de Board'].active", run: "click" },
        ...START,
    ],
});

tours.add("salesboard_sum_opens_its_list", {
    steps: () => [
        { trigger: `${column("Order")} [data-measure=actual]`, run: "click" },
        { trigger: ".o_list_view .breadcrumb-item.active:contains(Order), .o_list_view .o_breadcrumb:contains(Order)" },
        { trigger: ".o_list_table tbody:has(.o_data_row:only):contains(Delta fleet)" },
        { trigger: ".o_list_table tfoot:contains(800)" },
        { trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        { trigger: ".o_salesboard_totals [data-measure=projected]", run: "click" },
        { trigger: ".o_list_table tfoot:contains(9,600)" },
    ],
});

const beta = (field) => `${card("Beta replacement")} [name=${field}]`;
const typeOnBeta = (field, text) => [
    { trigger: `${beta(field)} .o_salesboard_edit`, run: "click" },
    { trigger: `${beta(field)} .o_salesboard_input`, run: `edit ${text}` },
    { trigger: `${beta(field)} .o_salesboard_input`, run: "press Enter" },
];

tours.add("salesboard_edit_on_card", {
    steps: () => [
        ...START,
        ...typeOnBeta("expected_revenue", "2,500"),
        ...readColumn("Prospect", 2, { projected: "3,500", weighted: "700" }),
        { trigger: `${beta("probability")}:not(:has(.fa-pencil))` },
        ...typeOnBeta("probability", "50"),
        ...readColumn("Prospect", 2, { weighted: "1,450" }),
        { trigger: `${beta("probability")} .fa-pencil` },
        // a weight set by hand survives the change of status
        ...drag("Beta replacement", "Offer"),
        ...readColumn("Offer", 2, { weighted: "3,750" }),
        { trigger: `${column("Offer")} ${beta("probability")} .fa-pencil` },
        // nonsense is refused and nothing is lost
        ...typeOnBeta("probability", "150"),
        { trigger: ".o_notification:contains(between 0 and 100)" },
        { trigger: `${beta("probability")} .o_salesboard_input`, run: "press Escape" },
        { trigger: `${beta("probability")}:contains(50 %)` },
    ],
});

tours.add("salesboard_two_users", {
    steps: () => [
        ...START,
        {
            content: "somebody else moves the card meanwhile",
            trigger: card("Gamma data room"),
            async run() {
                const call = (model, method, args) =>
                    rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs: {} });
                const [lead] = await call("crm.lead", "search", [[["name", "=", "Gamma data room"]]]);
                const [beta] = await call("crm.lead", "search_read", [
                    [["name", "=", "Beta replacement"]],
                    ["board_column_id"],
                ]);
                await call("crm.lead", "write", [[lead], { board_column_id: beta.board_column_id[0] }]);
            },
        },
        ...loseFor("Gamma data room", "Too slow").slice(0, -1),
        { trigger: ".modal:contains(in the meantime) button:contains(Close)", run: "click" },
        { trigger: ".modal button:contains(Discard)", run: "click" },
    ],
});

tours.add("salesboard_quick_create", {
    steps: () => [
        ...START,
        { trigger: `${column("Prospect")} .o_kanban_quick_add`, run: "click" },
        { trigger: ".o_kanban_quick_create [name=name] input", run: "edit Zeta extension" },
        { trigger: ".o_kanban_quick_create [name=expected_revenue] input", run: "edit 400" },
        { trigger: ".o_kanban_quick_create .o_kanban_add", run: "click" },
        ...readColumn("Prospect", 3, { projected: "3,400" }),
        { trigger: `${column("Prospect")} ${card("Zeta extension")}` },
    ],
});

tours.add("salesboard_switch_on", {
    steps: () => [
        { trigger: ".o_salesboard_off button:contains(Switch teams on)", run: "click" },
        { trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:contains(Proposition)" },
        { trigger: ".modal button:contains(Switch on)", run: "click" },
        { trigger: column("Prospect") },
        { trigger: column("Order") },
        { trigger: ".o_salesboard_totals [data-measure=count]" },
    ],
});

tours.add("salesboard_off_for_salesperson", {
    steps: () => [
        { trigger: ".o_salesboard_off:contains(Ask your sales manager)" },
        { trigger: "body:not(:has(.o_salesboard_off button))" },
    ],
});

tours.add("salesboard_app_opens_board", {
    url: "/odoo",
    steps: () => [
        { trigger: ".o_navbar_apps_menu button", run: "click" },
        { trigger: ".o_app[data-menu-xmlid='crm.crm_menu_root']", run: "click" },
        { trigger: ".o_salesboard_totals [data-measure=count]" },
        { trigger: ".o_menu_sections .o_nav_entry:first-child:contains(Sales Board)" },
    ],
});

tours.add("salesboard_phone", {
    steps: () => [
        ...readTotals({ count: 5 }),
        ...toggle("cancelled"),
        { trigger: ".o_salesboard_switches [data-kind=cancelled].active" },
        { trigger: "button[aria-label='Next period']", run: "click" },
        { trigger: ".o_salesboard_period_label:contains(Next month)" },
        ...readTotals({ count: 0 }),
    ],
});

tours.add("salesboard_real_data", {
    steps: () => [
        ...setRange("2017-04-01", "2017-06-30"),
        { trigger: ".o_salesboard_period_label:text(Q2 2017)" },
        ...readColumn("Order", "1,254", { actual: "3,086,111" }),
        ...readColumn("Lost", "778"),
        { trigger: ".o_salesboard_period_label", run: "click" },
        { trigger: ".o_salesboard_period_menu .o-dropdown-item:contains(All dates)", run: "click" },
        ...readColumn("Prospect", "500"),
        ...readColumn("Offer", "1,589"),
        ...readColumn("Order", "4,238", { actual: "10,005,534" }),
        ...readTotals({ actual: "10,005,534" }),
        { trigger: `${column("Offer")} .o_kanban_record:first .o_salesboard_edit` },
        ...dragCard(`${column("Offer")} .o_kanban_record:first`, "Order"),
        { trigger: ".modal [name=actual_revenue] input", run: "edit 4466" },
        { trigger: ".modal button:contains(Close as Order)", run: "click" },
        ...readColumn("Offer", "1,588"),
        ...readColumn("Order", "4,239", { actual: "10,010,000" }),
        ...readTotals({ actual: "10,010,000" }),
        ...undo(),
        ...readColumn("Offer", "1,589"),
        ...readColumn("Order", "4,238", { actual: "10,005,534" }),
        ...dragCard(`${column("Offer")} .o_kanban_record:first`, "Lost"),
        { trigger: ".modal .o_selection_badge:first", run: "click" },
        { trigger: ".modal button:contains(Mark as Lost)", run: "click" },
        ...readColumn("Offer", "1,588"),
        ...readColumn("Lost", "2,474"),
        ...undo(),
        ...readColumn("Offer", "1,589"),
        ...readColumn("Lost", "2,473"),
        ...readTotals({ actual: "10,005,534" }),
    ],
});
