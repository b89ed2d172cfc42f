import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import { card, column } from "./sales_board_steps";

const page = ".o_notebook .nav-link:contains(Linked Users)";
const row = (name) => `.o_field_widget[name=linked_user_ids] .o_data_row:contains(${name})`;

registry.category("web_tour.tours").add("salesboard_restrict", {
    steps: () => [
        { trigger: page, run: "click" },
        { content: "an empty page says what belongs there", trigger: "p:contains(each with a part in the sale)" },
        { trigger: ".o_field_x2many_list_row_add a", run: "click" },
        {
            trigger: ".o_field_widget[name=linked_user_ids] .o_selected_row [name=user_id] input",
            run: "edit Lena Linked",
        },
        { trigger: ".o-autocomplete--dropdown-item:contains(Lena Linked)", run: "click" },
        ...stepUtils.saveForm(),
        { trigger: row("Lena Linked") },
        { content: "the tab counts them", trigger: `${page}:contains(1)` },
        { content: "no lock yet", trigger: "h1:not(:has(.o_crm_lock))" },
        { trigger: ".o_crm_access .o_boolean_toggle input", run: "click" },
        { content: "user groups can be chosen", trigger: ".o_field_widget[name=access_group_ids]" },
        ...stepUtils.saveForm(),
        { content: "a lock beside the subject", trigger: "h1 .o_crm_lock" },
    ],
});

registry.category("web_tour.tours").add("salesboard_restricted_in_sight", {
    steps: () => [
        { trigger: `${column("Offer")} ${card("Secret takeover")} .o_crm_lock` },
        { trigger: `${card("Secret takeover")}`, run: "click" },
        { trigger: page, run: "click" },
        { content: "a linked user may leave", trigger: "button[name=action_leave]", run: "click" },
        { trigger: ".modal .btn-primary", run: "click" },
        {
            content: "and does not see the project any more",
            trigger: `.o_kanban_renderer:has(${column("Offer")}):not(:has(${card("Secret takeover")}))`,
        },
    ],
});

registry.category("web_tour.tours").add("salesboard_restricted_out_of_sight", {
    steps: () => [
        { trigger: `${column("Prospect")} ${card("Open project")}` },
        { trigger: `.o_kanban_renderer:not(:has(${card("Secret takeover")}))` },
        {
            content: "nor in the sums",
            trigger: `.o_salesboard_totals [data-measure=projected] .o_salesboard_sum:contains(1,000)`,
        },
    ],
});
