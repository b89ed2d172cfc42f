import { registry } from "@web/core/registry";

const openWebhooks = [
    { trigger: ".o_menu_sections .dropdown-toggle:contains(Configuration)", run: "click" },
    { trigger: ".o-dropdown--menu .dropdown-item:contains(Webhooks)", run: "click" },
    { trigger: ".o_breadcrumb:contains(Webhooks)" },
];

// before the web client rewrites the address
const receiver = new URLSearchParams(location.search).get("receiver");

registry.category("web_tour.tours").add("crm_webhook_set_up", {
    steps: () => [
        ...openWebhooks,
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=name] input", run: "edit Tour receiver" },
        { trigger: ".o_field_widget[name=url] input", run: "edit http://10.0.0.1/" },
        { trigger: ".o_field_widget[name=on_project_won] input", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        // an address of the own network
        { trigger: ".modal:contains(own network) .btn-primary, .o_notification:contains(own network)" },
        { trigger: "body:has(.modal) .modal footer .btn:first, body:not(:has(.modal))", run: "click" },
        {
            trigger: ".o_field_widget[name=url] input",
            async run({ edit }) {
                await edit(receiver);
            },
        },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))" },
        { trigger: "button[name=action_new_secret]:contains(Show the Secret)", run: "click" },
        {
            trigger: "input.o_webhook_secret",
            run({ anchor }) {
                if (!/^whsec_[\w-]{43}$/.test(anchor.value)) {
                    throw new Error("This is no secret");
                }
            },
        },
        { trigger: ".o_webhook_secret_close", run: "click" },
        { trigger: "body:not(:has(.modal)) button[name=action_new_secret]:contains(New Secret)" },
        { trigger: "button[name=action_send_test]", run: "click" },
        { trigger: ".o_notification:contains(Delivered)" },
        { trigger: ".nav-link[name=log]", run: "click" },
        { trigger: ".o_field_widget[name=recent_delivery_ids] .o_data_row:contains(Test):contains(Delivered)" },
    ],
});

registry.category("web_tour.tours").add("crm_webhook_send_again", {
    steps: () => [
        ...openWebhooks,
        { trigger: ".o_data_row .o_data_cell:contains(Tour receiver)", run: "click" },
        { trigger: "button.oe_stat_button:contains(Parked)", run: "click" },
        { trigger: ".o_list_view .o_data_row:eq(1)" },
        { trigger: ".o_list_view thead .o_list_record_selector input", run: "click" },
        { trigger: "button[name=action_send_again]", run: "click" },
        { trigger: ".o_notification:contains(2 are sent again)" },
        { trigger: ".o_list_view:not(:has(.o_data_row))" },
    ],
});

registry.category("web_tour.tours").add("crm_webhook_phone", {
    steps: () => [
        { trigger: ".o_kanban_record:contains(Tour receiver):contains(parked)", run: "click" },
        { trigger: ".nav-link[name=log]", run: "click" },
        {
            trigger: ".o_field_widget[name=recent_delivery_ids] .o_kanban_record:contains(Fleet 0)",
            run({ anchor }) {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error("The page is wider than the phone");
                }
            },
        },
    ],
});
