import { registry } from "@web/core/registry";

const preferences = () => [
    { trigger: ".o_user_menu button", run: "click" },
    {
        trigger: ".dropdown-item[data-menu='preferences'], .dropdown-item[data-menu='settings']",
        run: "click",
    },
    { trigger: ".modal .nav-link[name='outlook_contacts']", run: "click", timeout: 60000 },
];

registry.category("web_tour.tours").add("crm_outlook_contacts_now", {
    steps: () => [
        ...preferences(),
        { trigger: ".modal .o_field_widget[name='outlook_contacts_count']:contains('2')" },
        { trigger: ".modal .o_field_widget[name='outlook_contacts_last']:contains('2 added')" },
        { trigger: ".modal button[name='action_sync_outlook_contacts']", run: "click" },
        { trigger: ".o_notification:contains('being brought to Outlook')" },
    ],
});

registry.category("web_tour.tours").add("crm_outlook_contacts_off", {
    steps: () => [
        ...preferences(),
        { trigger: ".modal button:contains('Switch Off')", run: "click" },
        { trigger: ".modal .o_field_widget[name='what'] input:checked" },
        { trigger: ".modal button[name='action_confirm']", run: "click" },
        { trigger: "body:not(:has(.modal))", timeout: 60000 },
    ],
});

registry.category("web_tour.tours").add("crm_outlook_contacts_broken", {
    steps: () => [
        ...preferences(),
        { trigger: ".modal .alert:contains('Connect Outlook again')" },
        { trigger: ".modal button[name='action_connect_outlook_contacts']:contains('Connect Again')" },
    ],
});

registry.category("web_tour.tours").add("crm_outlook_contacts_settings", {
    steps: () => [
        { trigger: ".settings_tab [data-key='crm']", run: "click", timeout: 60000 },
        { trigger: "#outlook_contacts .o_field_widget[name='outlook_contacts_enabled'] input:checked" },
        { trigger: "#outlook_contacts .o_field_widget[name='cal_microsoft_client_id']" },
    ],
});

registry.category("web_tour.tours").add("crm_outlook_contacts_phone", {
    steps: () => [
        { trigger: ".nav-link[name='outlook_contacts']", run: "click" },
        { trigger: ".o_field_widget[name='outlook_contacts_last']:contains('2 added')" },
        { trigger: "button[name='action_sync_outlook_contacts']" },
    ],
});
