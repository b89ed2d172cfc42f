import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openRules = [
    { content: "rules", trigger: ".o_menu_sections [data-menu-xmlid='crm_gdpr.menu_rules']", run: "click" },
    { content: "the list", trigger: ".o_list_view .o_data_row:contains('Leads lost for 2 years'):contains('Off')" },
];
const open = (name) => ({
    content: `the rule ${name}`,
    trigger: `.o_data_row:contains('${name}') .o_data_cell[name=name]`,
    run: "click",
});
const confirm = (label) => ({
    content: label,
    trigger: `.modal-footer .btn-primary:contains('${label}')`,
    run: "click",
});
const is = (state) => ({ content: state, trigger: `.o_arrow_button_current:contains('${state}')` });

tours.add("crm_gdpr_rule_new", {
    steps: () => [
        ...openRules,
        { content: "a new rule", trigger: ".o_list_button_add", run: "click" },
        { content: "in words", trigger: ".alert-info:contains('are proposed for anonymisation')" },
        {
            content: "its name",
            trigger: ".o_field_widget[name=name] input, .o_field_widget[name=name] textarea",
            run: "edit Old prospects",
        },
        { content: "from creation", trigger: ".o_field_widget[name=contact_date] input", run: "click" },
        { content: "of dates", trigger: ".o_select_menu_item:contains('Creation')", run: "click" },
        { content: "months, by mistake", trigger: ".o_field_widget[name=delay_unit] input", run: "click" },
        { content: "of units", trigger: ".o_select_menu_item:contains('Months')", run: "click" },
        { content: "in words at once", trigger: ".alert-info:contains('3 months ago')" },
        { content: "saved", trigger: ".o_form_button_save", run: "click" },
        { content: "refused", trigger: ".modal:contains('Did you mean 3 years')" },
        { content: "close", trigger: ".modal-footer .btn-primary", run: "click" },
        { content: "years", trigger: ".o_field_widget[name=delay_unit] input", run: "click" },
        { content: "of units", trigger: ".o_select_menu_item:contains('Years')", run: "click" },
        { content: "saved", trigger: ".o_form_button_save", run: "click" },
        { content: "it is", trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))" },
        is("Off"),
        { content: "preview", trigger: ".o_statusbar_buttons button[name=action_preview]", run: "click" },
        { content: "the number", trigger: ".o_field_widget[name=preview_text] strong:contains('% of all contacts')" },
    ],
});

tours.add("crm_gdpr_rule_runs", {
    steps: () => [
        ...openRules,
        open("Rule of the tour"),
        { content: "preview", trigger: ".o_statusbar_buttons button[name=action_preview]", run: "click" },
        { content: "why not", trigger: ".o_field_widget[name=preview_text] td:contains('On hold')" },
        { content: "the list", trigger: "button[name=action_open_hits]:contains('2')", run: "click" },
        { content: "those who are found", trigger: ".o_list_view .o_data_row:contains('Tour Adams')" },
        { content: "and no others", trigger: ".o_list_view:not(:contains('Tour Held'))" },
        { content: "back", trigger: ".breadcrumb-item:contains('Rule of the tour'), .o_back_button", run: "click" },
        { content: "on", trigger: ".o_statusbar_buttons button[name=action_switch_on]", run: "click" },
        confirm("Switch On"),
        is("On"),
        { content: "nothing is asked", trigger: ".o_form_view:not(:has(button[name=action_confirm]))" },
        { content: "run", trigger: ".o_statusbar_buttons button[name=action_run_now]", run: "click" },
        is("On"),
    ],
});

tours.add("crm_gdpr_rule_asks", {
    steps: () => [
        ...openRules,
        open("Rule of the tour"),
        is("Stopped: Asks"),
        { content: "the question", trigger: ".alert-warning:contains('Nothing has been done')" },
        { content: "the report", trigger: ".nav-link[name=runs]", run: "click" },
        { content: "says so", trigger: ".o_field_widget[name=run_ids] .o_data_row:contains('Stopped: Asks')" },
        { content: "they are right", trigger: ".alert-warning button[name=action_confirm]", run: "click" },
        confirm("Yes, These Are Right"),
        is("On"),
    ],
});

tours.add("crm_gdpr_rule_approve", {
    steps: () => [
        ...openRules,
        open("Rule of the tour"),
        { content: "what came of it", trigger: "button[name=action_open_requests].oe_stat_button", run: "click" },
        { content: "the request", trigger: ".o_data_row:contains('Previewed') .o_data_cell[name=name]", run: "click" },
        { content: "of the rule", trigger: ".o_field_widget[name=rule_id]:contains('Rule of the tour')" },
        { content: "agreed", trigger: "button[name=action_approve]:contains('Approve and Anonymise')", run: "click" },
        confirm("Approve and Anonymise"),
        is("Running"),
    ],
});
