import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openSource = (name) => [
    { trigger: "[data-menu-xmlid='crm_leadintake.crm_intake_menu']", run: "click" },
    { trigger: "[data-menu-xmlid='crm_leadintake.crm_intake_source_menu']", run: "click" },
    { trigger: `.o_kanban_record:contains(${name}) .fs-5`, run: "click" },
    { trigger: ".o_form_view .o_field_widget[name=name]" },
];

const openInbox = [
    { trigger: "[data-menu-xmlid='crm_leadintake.crm_intake_menu']", run: "click" },
    { trigger: "[data-menu-xmlid='crm_leadintake.crm_lead_inbox_menu']", run: "click" },
    { trigger: ".o_breadcrumb:contains(Inbox)" },
];

const page = (name) => ({ trigger: `.nav-link[name=${name}]`, run: "click" });

/** The value of the key in the dialog, which is there this one time. */
let shown;

tours.add("crm_leadintake_key", {
    steps: () => [
        ...openSource("Tour partner"),
        page("access"),
        { trigger: "button[name=action_new_key]:contains(New Key)", run: "click" },
        {
            trigger: ".modal .o_intake_key",
            run({ anchor }) {
                shown = anchor.value;
                if (!/^li_[0-9a-f]{16}_[\w-]{43}$/.test(shown)) {
                    throw new Error("the dialog shows no key");
                }
            },
        },
        { trigger: ".modal:contains(It will not be shown again)" },
        { trigger: ".modal .o_intake_key_copy" },
        { trigger: ".modal .o_intake_key_close", run: "click" },
        {
            content: "the key is in the list by its public part alone",
            trigger: ".o_field_widget[name=key_ids] .o_data_row:contains(li_):contains(Valid)",
            run() {
                const kept = [document.documentElement.outerHTML, location.href, JSON.stringify({ ...sessionStorage })];
                if ([...kept, JSON.stringify({ ...localStorage })].join().includes(shown)) {
                    throw new Error("the key is still somewhere");
                }
            },
        },
        { trigger: "button:contains(Renew)", run: "click" },
        { trigger: ".modal .o_field_widget[name=overlap_days] input", run: "edit 3" },
        { trigger: ".modal button[name=action_renew]", run: "click" },
        { trigger: ".modal .o_intake_key" },
        { trigger: ".modal .o_intake_key_close", run: "click" },
        { trigger: ".o_field_widget[name=key_ids] .o_data_row:contains(Ends)" },
        {
            trigger: ".o_field_widget[name=key_ids] .o_data_row:contains(Valid) button[name=action_withdraw]",
            run: "click",
        },
        { trigger: ".modal .btn-primary", run: "click" },
        { trigger: ".o_field_widget[name=key_ids] .o_data_row:contains(Withdrawn)" },
    ],
});

tours.add("crm_leadintake_test_lead", {
    steps: () => [
        ...openSource("Tour partner"),
        page("examples"),
        { trigger: ".o_intake_examples_text:contains(/leadintake/xmlrpc)" },
        { trigger: ".o_intake_examples button[data-door=json]", run: "click" },
        { trigger: ".o_intake_examples_text:contains(/leadintake/v1/leads)" },
        { trigger: ".o_intake_examples button[data-door=soap]", run: "click" },
        { trigger: ".o_intake_examples_text:contains(urn:leadintake:1)" },
        { trigger: ".o_intake_examples_copy" },
        { trigger: "button[name=action_send_test]", run: "click" },
        { trigger: ".o_breadcrumb:contains(Test)" },
        { trigger: ".o_arrow_button_current:contains(Lead)" },
        { trigger: ".o_intake_content td:contains(Test lead of Tour partner)" },
        { trigger: "button[name=action_open_lead]", run: "click" },
        { trigger: ".o_lead_opportunity_form .o_field_widget[name=name]" },
        {
            content: "from the lead to what came in",
            trigger: "button[name=action_view_intake]:contains(Tour partner)",
            run: "click",
        },
        { trigger: ".o_intake_content td:contains(Test lead of Tour partner)" },
        ...openSource("Tour partner"),
        { trigger: "button[name=action_delete_tests]", run: "click" },
        { trigger: ".modal .btn-primary", run: "click" },
        { trigger: ".o_form_view:not(:has(button[name=action_delete_tests]))" },
    ],
});

tours.add("crm_leadintake_correct", {
    steps: () => [
        ...openInbox,
        { trigger: ".o_data_row:contains(Tour shop 1):contains(To Correct)" },
        { trigger: "thead .o_list_record_selector input", run: "click" },
        { trigger: "button[name=action_correct]", run: "click" },
        { trigger: ".modal .o_data_row:contains(Holand):contains(3) .o_data_cell[name=value]", run: "click" },
        { trigger: ".modal .o_selected_row .o_field_widget[name=value] textarea", run: "edit NL" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: ".o_notification:contains(Lead: 3)" },
        { trigger: "body:not(:has(.modal))" },
        { content: "the list is that of now", trigger: ".o_data_row:contains(Tour shop 1) .badge:contains(Lead)" },
        { trigger: ".o_data_row:contains(Tour shop 9) .o_data_cell[name=summary]", run: "click" },
        { trigger: ".o_form_view .alert:contains(is not one e-mail address)" },
        { trigger: ".o_intake_content tr.table-warning:contains(nobody)" },
        { trigger: ".o_form_view button[name=action_correct]", run: "click" },
        { trigger: ".modal .o_data_row:contains(nobody) .o_data_cell[name=value]", run: "click" },
        { trigger: ".modal .o_selected_row .o_field_widget[name=value] textarea", run: "edit jane@shop.example" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Lead)" },
        { trigger: ".o-mail-Message:contains(Corrected: email)" },
        { trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        { trigger: ".o_switch_view.o_kanban", run: "click" },
        { trigger: ".o_kanban_group:contains(Lead) .o_kanban_record:contains(Tour shop 1)" },
    ],
});

tours.add("crm_leadintake_came_in", {
    steps: () => [
        { trigger: "[data-menu-xmlid='crm_leadintake.crm_intake_menu']", run: "click" },
        { trigger: "[data-menu-xmlid='crm_leadintake.crm_lead_inbox_menu_came_in']", run: "click" },
        { trigger: ".o_graph_renderer canvas" },
        { trigger: ".o_graph_view button:contains(Measures)", run: "click" },
        { trigger: ".o_menu_item:contains(Hours to Take Up)" },
        { trigger: ".o_menu_item:contains(Processing Seconds)" },
        { trigger: ".o_switch_view.o_pivot", run: "click" },
        { trigger: ".o_pivot th:contains(Tour partner)" },
        { trigger: ".o_pivot th:contains(To Correct)" },
    ],
});
