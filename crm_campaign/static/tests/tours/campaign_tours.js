import { isAccessible, isWithinThumbsReach } from "@crm_salesboard/../tests/tours/accessibility_steps";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const page = (title) => ({ trigger: `.o_notebook .nav-link:contains(${title})`, run: "click" });
const number = (key, count) => `.o_crm_success_funnel tr[data-key=${key}] button:contains(/^${count}$/)`;

tours.add("campaign_plan", {
    steps: () => [
        { trigger: ".o_kanban_view .o_kanban_group:contains(Tour Fair)" },
        { trigger: ".o-kanban-button-new", run: "click" },
        { trigger: ".o_kanban_quick_create .o_field_widget[name=title] input", run: "edit Open Day" },
        { trigger: ".o_kanban_quick_create .o_kanban_edit", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=goal] textarea", run: "edit Fifty visitors" },
        { trigger: ".o_field_widget[name=cost_planned] input", run: "edit 300" },
        { trigger: ".o_crm_empty:contains(Nobody is in the group yet)" },
        page("Steps"),
        { trigger: ".o_field_widget[name=step_ids] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".modal .o_field_widget[name=name] input", run: "edit Ask them" },
        { trigger: ".modal .o_field_widget[name=channel] .o_radio_item:contains(Phone Call) input", run: "click" },
        { trigger: ".modal .o_field_widget[name=activity_summary] input", run: "edit Do they come?" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_field_widget[name=step_ids] .o_data_row:contains(Phone Call)" },
        { trigger: ".o_form_button_save:visible", run: "click" },
        { trigger: ".o_form_saved" },
        page("Success"),
        { trigger: ".o_crm_success_funnel tr[data-key=group]:contains(0)" },
        // By hand to where a campaign is that runs, as Odoo has it.
        { trigger: ".o_statusbar_status button:contains(Running)", run: "click" },
        { trigger: "button[name=action_evaluate]", run: "click" },
        { trigger: ".modal .o_field_widget[name=conclusion] .odoo-editor-editable", run: "editor Start earlier" },
        { trigger: ".modal button[name=action_set_evaluated]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_statusbar_status .o_arrow_button_current:contains(Evaluated)" },
    ],
});

tours.add("campaign_success", {
    steps: () => [
        { trigger: ".o_crm_campaign_members .o_data_row:contains(Tour Person 4)" },
        { trigger: ".o_crm_campaign_members:not(:contains(Tour Person 5))" },
        { trigger: ".o_crm_campaign_left_out:contains(1 left out)" },
        page("Steps"),
        { trigger: ".o_field_widget[name=step_ids] .o_data_row:contains(Tour Letter):contains(Done)" },
        page("Success"),
        { trigger: number("group", 5) },
        { trigger: number("addressed", 4) },
        { trigger: ".o_crm_success_values:contains(-100)" },
        isAccessible(".o_crm_success"),
        { trigger: ".o_crm_success_funnel tr[data-key=leads] td:last-child button:contains(/^1$/)", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Found the fair)" },
        { trigger: ".o_breadcrumb a:contains(Tour Fair)", run: "click" },
        page("Success"),
        { trigger: number("reacted", 1), run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Tour Person 0)" },
        { trigger: ".o_list_view:not(:has(.o_data_row:eq(1)))" },
        { trigger: ".o_data_row:contains(Tour Person 0) .o_list_record_selector input", run: "click" },
        { trigger: "button[name=action_make_project]", run: "click" },
        {
            trigger:
                ".o_form_view .o_field_widget[name=name]:contains(Tour Fair: Tour Person 0), .o_form_view .o_field_widget[name=name] :value(Tour Fair: Tour Person 0)",
        },
    ],
});

tours.add("campaign_salesperson", {
    steps: () => [
        { trigger: ".o_field_widget[name=answer_makes].o_readonly_modifier:contains(Nothing)" },
        { trigger: ".o_form_view:not(:has(.o_field_widget[name=cost_actual]))" },
        { trigger: ".o_notebook:not(:has(.nav-link:contains(Success)))" },
        page("Steps"),
        { trigger: ".o_field_widget[name=step_ids] .o_data_row:contains(Tour Letter)" },
        { trigger: ".o_field_widget[name=step_ids]:not(:has(.o_field_x2many_list_row_add))" },
    ],
});

tours.add("campaign_success_phone", {
    steps: () => [
        { trigger: ".o_crm_campaign_members .o_kanban_record:contains(Tour Person 4)" },
        page("Success"),
        { trigger: number("addressed", 4) },
        isWithinThumbsReach(".o_crm_success_funnel"),
        isAccessible(".o_crm_success"),
        {
            content: "nothing runs out of the page",
            trigger: ".o_crm_success",
            run({ anchor }) {
                const wide = [...anchor.querySelectorAll(".o_crm_success_funnel, .o_crm_success_values")];
                if (wide.some((part) => part.getBoundingClientRect().right > window.innerWidth)) {
                    throw new Error("The funnel is wider than the phone");
                }
            },
        },
        { trigger: number("delivered", 3), run: "click" },
        { trigger: ".o_kanban_view .o_kanban_record:contains(Tour Person 1)" },
    ],
});
