import { registry } from "@web/core/registry";

// Make a secret address in the own preferences, see it once, and revoke it.
registry.category("web_tour.tours").add("crm_calendar_feed_address", {
    url: "/odoo/calendar",
    steps: () => [
        // Odoo's soft reload closes no dialog above a screen that is not there yet
        { trigger: ".o_calendar_widget .fc-view" },
        { trigger: ".o_user_menu button", run: "click" },
        { trigger: ".dropdown-item[data-menu='preferences'], .dropdown-item[data-menu='settings']", run: "click" },
        { trigger: ".modal .nav-link[name='calendar']", run: "click" },
        { trigger: ".modal button[name='action_make_calendar_feed']:contains('Make a Secret Address')", run: "click" },
        { trigger: ".modal .o_field_widget[name='address']:contains('/crm/calendar/'):contains('.ics')" },
        { trigger: ".modal .o_field_widget[name='webcal_link'] a[href^='webcal://']" },
        { trigger: ".modal .btn-primary:contains('Done')", run: "click" },
        { trigger: "body:not(:has(.modal .o_field_widget[name='address']))" },
    ],
});

registry.category("web_tour.tours").add("crm_calendar_feed_revoke", {
    url: "/odoo/calendar",
    steps: () => [
        // Odoo's soft reload closes no dialog above a screen that is not there yet
        { trigger: ".o_calendar_widget .fc-view" },
        { trigger: ".o_user_menu button", run: "click" },
        { trigger: ".dropdown-item[data-menu='preferences'], .dropdown-item[data-menu='settings']", run: "click" },
        { trigger: ".modal .nav-link[name='calendar']", run: "click" },
        { trigger: ".modal .o_field_widget[name='calendar_feed_reminder']" },
        { trigger: ".modal button[name='action_revoke_calendar_feed']", run: "click" },
        { trigger: ".modal:contains('stops working at once') .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

// Tick the box on the form of an appointment.
registry.category("web_tour.tours").add("crm_calendar_feed_tick", {
    steps: () => [
        { trigger: ".o_form_view .o_field_widget[name='in_my_calendar'] input:not(:checked)", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved .o_field_widget[name='in_my_calendar'] input:checked" },
    ],
});
