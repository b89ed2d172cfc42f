import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const page = (name) => ({ trigger: `.o_notebook .nav-link[name=${name}]`, run: "click" });

tours.add("crm_gdpr_anonymise", {
    steps: () => [
        // from the contact: its menu of actions
        {
            trigger: ".o_form_view .o_cp_action_menus .dropdown-toggle, .o_form_view .o_cp_action_menus button",
            run: "click",
        },
        { trigger: ".o-dropdown-item:contains(/^Anonymise$/)", run: "click" },
        { trigger: ".alert:contains(Nothing has been changed yet)" },
        { trigger: "button[name=action_preview]:contains(Preview)", run: "click" },
        { trigger: ".o_gdpr_report td:contains(Contact)" },
        { trigger: ".o_gdpr_report td:contains(Lead)" },
        page("sample"),
        { trigger: ".o_gdpr_sample td:contains(maria@vandalen.example)" },
        { trigger: ".o_gdpr_sample td:contains(Anonymised contact)" },
        page("persons"),
        { trigger: ".o_data_row .badge:contains(Previewed)" },
        { trigger: "button[name=action_carry_out]:contains(Anonymise)", run: "click" },
        { trigger: ".modal:contains(cannot be undone) .btn-primary:contains(Anonymise)", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Running)" },
    ],
});

tours.add("crm_gdpr_report", {
    steps: () => [
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)" },
        { trigger: ".o_gdpr_report td:contains(Contact)" },
        { trigger: ".o_field_widget[name=report]:contains(Nothing was found of any of these persons)" },
        page("persons"),
        { trigger: ".o_data_row:contains(Anonymised contact) .badge:contains(Anonymised)" },
    ],
});

tours.add("crm_gdpr_fields", {
    steps: () => [
        { trigger: "[data-menu-xmlid='crm_gdpr.menu_configuration']", run: "click" },
        { trigger: "[data-menu-xmlid='crm_gdpr.menu_fields']", run: "click" },
        { trigger: ".o_data_row:contains(Zip) .o_data_cell[name=strategy]", run: "click" },
        {
            trigger:
                ".o_selected_row [name=strategy] .o_select_menu_toggler, .o_selected_row [name=strategy] select, .o_selected_row [name=strategy] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(Truncated Postcode), option:contains(Truncated Postcode)",
            run: "click",
        },
        { trigger: ".o_list_button_save", run: "click" },
        { trigger: ".o_data_row:contains(Zip):contains(Truncated Postcode)" },
    ],
});

tours.add("crm_gdpr_phone", {
    steps: () => [
        { trigger: ".o_gdpr_report td:contains(Contact)" },
        page("persons"),
        { trigger: ".o_kanban_record:contains(Maria van Dalen):contains(Previewed)" },
        { trigger: "button[name=action_carry_out]:contains(Anonymise)" },
    ],
});

const previewing = () => [
    { trigger: "button[name=action_preview]:contains(/^Preview$/)", run: "click" },
    { trigger: ".alert:contains(part by part)" },
    { trigger: ".o_field_widget[name=progress]:contains(0 / 4)" },
    { trigger: "body:not(:has(button[name=action_carry_out]))" },
];

const stop = () => [
    { trigger: "button[name=action_stop]", run: "click" },
    { trigger: "button[name=action_preview]:contains(/^Preview$/)" },
];

tours.add("crm_gdpr_preview_many", {
    steps: () => [
        ...previewing(),
        { trigger: ".o_arrow_button_current:contains(Being Previewed)" },
        // the list and the cards tell it, too
        { trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Being Previewed) [name=progress]:contains(0 / 4)" },
        { trigger: ".o_switch_view.o_kanban", run: "click" },
        { trigger: ".o_kanban_record:contains(Being Previewed):contains(0 / 4)", run: "click" },
        ...stop(),
        { trigger: ".o_arrow_button_current:contains(New)" },
    ],
});

tours.add("crm_gdpr_preview_many_phone", { steps: () => [...previewing(), ...stop()] });
