import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_gdpr_hold_and_log", {
    steps: () => [
        { content: "holds", trigger: ".o_menu_sections [data-menu-xmlid='crm_gdpr.menu_holds']", run: "click" },
        { content: "a new hold", trigger: ".o_list_button_add", run: "click" },
        { content: "on a contact", trigger: ".o_field_widget[name=partner_id] input", run: "edit Zuiderhoek" },
        { content: "found by name", trigger: ".ui-menu-item a:contains('Zuiderhoek')", run: "click" },
        { content: "with a reason", trigger: ".o_field_widget[name=reason] input", run: "edit Claim 7" },
        { content: "saved", trigger: ".o_form_button_save", run: "click" },
        { content: "released", trigger: "button[name=action_release]", run: "click" },
        { content: "after a question", trigger: ".modal-footer .btn-primary", run: "click" },
        {
            content: "it is over",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Released')",
        },
        { content: "the log", trigger: ".o_menu_sections [data-menu-xmlid='crm_gdpr.menu_log']", run: "click" },
        { content: "has it", trigger: ".o_data_row:first:contains('Hold released')" },
        { content: "verify", trigger: ".o_control_panel button:contains('Verify the Chain')", run: "click" },
        { content: "whole", trigger: ".modal .alert-success:contains('The log is whole')" },
        { content: "close", trigger: ".modal footer button:contains('Close')", run: "click" },
        { content: "an entry", trigger: ".o_data_row:first .o_data_cell[name=event]", run: "click" },
        { content: "is read and not edited", trigger: ".o_form_view .o_field_widget[name=hash].o_readonly_modifier" },
    ],
});

registry.category("web_tour.tours").add("crm_gdpr_come_back", {
    steps: () => [
        {
            content: "configuration",
            trigger: ".o_menu_sections [data-menu-xmlid='crm_gdpr.menu_configuration']",
            run: "click",
        },
        {
            content: "who is kept out",
            trigger: ".dropdown-item[data-menu-xmlid='crm_gdpr.menu_suppression']",
            run: "click",
        },
        { content: "a fingerprint", trigger: ".o_data_row .o_data_cell[name=fingerprint]" },
        { content: "somebody wants back", trigger: "button:contains('Let a Person Come Back')", run: "click" },
        {
            content: "the address",
            trigger: ".modal .o_field_widget[name=email] input",
            run: "edit jane@zuiderhoek.example",
        },
        { content: "let", trigger: ".modal button[name=action_forget]", run: "click" },
        { content: "told", trigger: ".o_notification:contains('can be taken in again')" },
    ],
});
