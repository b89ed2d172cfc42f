import { registry } from "@web/core/registry";

// From a past appointment to its report: what the appointment says is filled in, a result and a follow-up are added.
registry.category("web_tour.tours").add("crm_salesboard_visit_report", {
    steps: () => [
        { trigger: "button[name='action_visit_report']:contains('Write Visit Report')", run: "click" },
        { trigger: ".o_field_widget[name='visit_place'] input:value('Konex, Ghent')" },
        { trigger: ".o_field_widget[name='visit_participant_ids']:contains('Ada Konex')" },
        { trigger: ".o_field_widget[name='text'] .odoo-editor-editable", run: "editor They want forty" },
        { trigger: ".o_field_widget[name='visit_follow_up_ids'] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".o_selected_row .o_field_widget[name='activity_type_id'] input", run: "edit Send sample" },
        { trigger: ".dropdown-item:contains('Send sample')", run: "click" },
        { trigger: ".o_selected_row .o_field_widget[name='summary'] input", run: "edit Send the lamp" },
        { trigger: ".o_selected_row .o_field_widget[name='user_id'] input", run: "edit cast_sales" },
        { trigger: ".dropdown-item:contains('cast_sales')", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved button[name='action_print_visit_report']" },
    ],
});
