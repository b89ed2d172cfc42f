import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import { card, column, drag } from "./sales_board_steps";

const tours = registry.category("web_tour.tours");
const openPage = (name) => ({ trigger: `.o_notebook_headers a[name=${name}]`, run: "click" });

tours.add("crm_accountant_projects", {
    steps: () => [
        { trigger: "button[name=action_view_crm_projects]:contains(1)", run: "click" },
        { trigger: ".o_breadcrumb .active:contains(Delta)" },
        { trigger: "[name=actual_revenue]:contains(800)" },
        { content: "nothing to press that changes it", trigger: ".o_form_view:not(:has(.o_statusbar_buttons button))" },
        { content: "nor to write in", trigger: ".o_form_view:not(:has([name=expected_revenue] input))" },
        openPage("quotations"),
        openPage("activities"),
        { trigger: "[name=partner_id] a:contains(Tour Customer)", run: "click" },
        openPage("crm_projects"),
        { trigger: "[name=crm_project_ids] .o_data_row:contains(Alpha)" },
        { trigger: ".o_form_view:not(:has(button[name=action_new_crm_project]))" },
        { trigger: "button[name=action_view_crm_projects]", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Delta):contains(800)" },
        { trigger: ".o_list_view:not(:has(.o_list_button_add)) .o_data_row:contains(Alpha) [name=name]", run: "click" },
        { trigger: ".o_form_view .o_breadcrumb .active:contains(Alpha)" },
    ],
});

tours.add("crm_accountant_blocks", {
    steps: () => [
        { trigger: ".alert:contains(overdue):contains(100)" },
        openPage("customer_blocks"),
        { trigger: "button[name=action_block_customer]", run: "click" },
        { trigger: ".modal [name=reason] textarea", run: "edit Three reminders" },
        { trigger: ".modal button:contains(Block)", run: "click" },
        { trigger: "body:not(:has(.modal)) .alert-danger:contains(Three reminders)" },
        { trigger: "[name=customer_block_ids] .o_data_row:contains(Three reminders)" },
    ],
});

tours.add("crm_sales_is_warned", {
    steps: () => [
        { trigger: `${column("Prospect")} ${card("Alpha")} .o_salesboard_warning i[aria-label*='Three reminders']` },
        { trigger: `${column("Order")} ${card("Delta")}:not(:has(.o_salesboard_warning))` },
        { trigger: card("Alpha"), run: "click" },
        { trigger: ".alert-danger:contains(Three reminders)" },
        { trigger: ".o_statusbar_buttons button[name=action_sale_quotations_new]", run: "click" },
        { trigger: ".modal:contains(all the same) .btn-secondary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        openPage("quotations"),
        { trigger: ".tab-pane button[name=action_sale_quotations_new]", run: "click" },
        { trigger: ".modal button:contains(Make an Offer)", run: "click" },
        { trigger: ".alert-warning:contains(Three reminders)" },
        ...stepUtils.discardForm(),
    ],
});

tours.add("crm_customer_is_released", {
    steps: () => [
        { trigger: ".alert-danger button[name=action_release_customer]", run: "click" },
        { trigger: ".o_form_view:not(:has(.alert-danger))" },
        openPage("customer_blocks"),
        { trigger: "button[name=action_block_customer]" },
    ],
});

tours.add("crm_plan_and_delegate", {
    steps: () => [
        { trigger: card("Beta") },
        ...drag("Beta", "Offer"),
        { trigger: `${column("Offer")} ${card("Beta")}` },
        { trigger: card("Beta"), run: "click" },
        openPage("activities"),
        {
            trigger: "[name=activity_history_ids] .o_data_row:contains(Ask again) button[name=action_delegate]",
            run: "click",
        },
        { trigger: ".modal [name=user_id] input", run: "edit Mila" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Mila Board)", run: "click" },
        { trigger: ".modal [name=note] textarea", run: "edit You know them" },
        { trigger: ".modal button:contains(Delegate)", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        openPage("activities"),
        { trigger: "[name=activity_history_ids] .o_data_row:contains(Ask again) [name=requested_by_id] img" },
        { content: "the chatter says who asked", trigger: ".o-mail-Activity .o_crm_activity_asked:contains(Sanne)" },
    ],
});

tours.add("crm_accountant_blocks_on_a_phone", {
    steps: () => [
        { trigger: ".alert:contains(overdue)" },
        openPage("customer_blocks"),
        { trigger: "button[name=action_block_customer]", run: "click" },
        { trigger: ".modal [name=reason] textarea", run: "edit Three reminders" },
        { trigger: ".modal button:contains(Block)", run: "click" },
        { trigger: "body:not(:has(.modal)) .alert-danger:contains(Three reminders)" },
        { trigger: "[name=customer_block_ids] .o_kanban_record:contains(Three reminders)" },
    ],
});
