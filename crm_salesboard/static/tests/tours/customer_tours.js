import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

const openPage = (name) => ({ trigger: `.o_notebook_headers a[name=${name}]`, run: "click" });
const project = (subject) => `[name=crm_project_ids] .o_data_row:contains(${subject})`;

tours.add("crm_customer_projects", {
    steps: () => [
        openPage("crm_projects"),
        { trigger: `${project("Beta")} td[name=board_column_id] .o_crm_choice_badge:text(Prospect)` },
        { trigger: "[name=crm_project_ids] .o_data_row:first:contains(Alpha)" },
        { trigger: "[name=crm_project_ids] .o_data_row:last:contains(Delta)" },
        // status, value and date right there
        { trigger: `${project("Beta")} td[name=expected_revenue]`, run: "click" },
        { trigger: ".o_selected_row [name=expected_revenue] input", run: "edit 2500" },
        { trigger: ".o_selected_row [name=board_column_id] input", run: "edit Off" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Offer) a", run: "click" },
        ...stepUtils.saveForm(),
        { trigger: `${project("Beta")}:contains(2,500) .o_crm_choice_badge:text(Offer)` },
        // closing asks for the value
        { trigger: `${project("Beta")} button .fa-trophy`, run: "click" },
        { trigger: ".modal [name=actual_revenue] input", run: "edit 2400" },
        { trigger: ".modal button:contains(Close as Order)", run: "click" },
        { trigger: `${project("Beta")}:contains(2,400) .o_crm_choice_badge:text(Order)` },
        // the one being worked on
        { trigger: `${project("Alpha")} button .fa-external-link`, run: "click" },
        { trigger: ".o_form_view .o_breadcrumb .active:contains(Alpha)" },
        { trigger: ".o_breadcrumb a:contains(Tour Customer), .o_breadcrumb .o_back_button", run: "click" },
        openPage("crm_projects"),
        { trigger: "button[name=action_new_crm_project]", run: "click" },
        { trigger: ".o_form_view [name=partner_id] input:value(Tour Customer)" },
        {
            trigger: ".o_form_view h1 [name=name] textarea, .o_form_view h1 [name=name] input",
            run: "edit Zeta extension",
        },
        ...stepUtils.saveForm(),
    ],
});

tours.add("crm_project_agenda", {
    steps: () => [
        openPage("activities"),
        { trigger: "[name=activity_history_ids] .o_data_row:first:contains(Call Ann)" },
        { trigger: "[name=activity_history_ids] .o_data_row:last:contains(Wants it in May)" },
        { trigger: "[name=activity_history_ids] .o_data_row:first td[name=display_name]", run: "click" },
        { trigger: ".modal .o_form_view [name=summary] input:value(Call Ann)" },
        { trigger: ".modal button:contains(Discard)", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: "[name=activity_history_ids] .o_data_row:first button[name=action_done]", run: "click" },
        { trigger: "[name=activity_history_ids]:not(:has(button[name=action_done]))" },
        { trigger: "button[name=action_add_activity]", run: "click" },
        { trigger: ".modal [name=summary] input", run: "edit Prepare the offer" },
        { trigger: ".modal [name=other_user_ids] input", run: "edit Sanne" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Sanne de Board) a", run: "click" },
        { trigger: ".modal button[name=action_schedule_activities]", run: "click" },
        { trigger: "[name=activity_history_ids] .o_data_row:contains(Prepare the offer):contains(Sanne de Board)" },
        { trigger: "[name=activity_history_ids] .o_data_row:contains(Prepare the offer):contains(Mila Board)" },
        openPage("agenda"),
        { trigger: ".o_notebook .tab-pane.active:contains(Appointments on this project)" },
        { trigger: "button[name=action_new_appointment]", run: "click" },
        { trigger: ".o_form_view [name=partner_ids]:contains(Tour Customer)" },
        ...stepUtils.saveForm(),
        { trigger: ".o_breadcrumb a:contains(Alpha), .o_breadcrumb .o_back_button", run: "click" },
        openPage("agenda"),
        { trigger: "[name=agenda_event_ids] .o_data_row:contains(Alpha)" },
        openPage("quotations"),
        { trigger: "[name=order_ids] .o_data_row:contains(Quotation) td[name=name]", run: "click" },
        { trigger: ".o_form_view button[name=action_confirm]:visible", run: "click" },
        { trigger: ".modal [name=actual_revenue] input:value(1,500.00)" },
        { trigger: ".modal button:contains(Discard)", run: "click" },
        { trigger: ".o_form_view .o_arrow_button_current:contains(Sales Order)" },
        { trigger: ".o_breadcrumb a:contains(Alpha), .o_breadcrumb .o_back_button", run: "click" },
        {
            trigger: ".alert:contains(An order on this project is confirmed) button:contains(Close as Order)",
            run: "click",
        },
        { trigger: ".modal button.btn-primary:contains(Close as Order)", run: "click" },
        { trigger: ".o_form_view .o_arrow_button_current:contains(Order)" },
        { trigger: "body:not(:has(.alert:contains(An order on this project)))" },
    ],
});

tours.add("crm_sales_forecast", {
    steps: () => [
        { trigger: ".o_facet_value:contains(This month and later)" },
        {
            content: "by status as well",
            trigger: ".o_pivot tbody tr:contains(January 2030) + tr:contains(Mila) th",
            run: "click",
        },
        { trigger: ".o-dropdown--menu .dropdown-item:contains(/^Status$/)", run: "click" },
        {
            trigger: ".o_pivot tr:contains(January 2030) + tr:contains(Mila) + tr:contains(Offer) td:contains(5,000)",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row:contains(Gamma data room)" },
        { trigger: "body:not(:has(.o_data_row:contains(Delta fleet)))" },
        { trigger: ".o_breadcrumb a:contains(Sales Forecast), .o_breadcrumb .o_back_button", run: "click" },
        { trigger: "button.o_graph", run: "click" },
        { trigger: ".o_graph_view canvas" },
    ],
});

tours.add("crm_customer_phone", {
    steps: () => [
        openPage("crm_projects"),
        { trigger: "[name=crm_project_ids] .o_kanban_record:contains(Alpha):contains(Prospect)", run: "click" },
        { trigger: ".o_form_view .o_notebook_headers a[name=activities]", run: "click" },
        { trigger: "[name=activity_history_ids] .o_kanban_record:contains(Call Ann)" },
    ],
});
