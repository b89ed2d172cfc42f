import { registry } from "@web/core/registry";

/** The form of a record, at the address that belongs to it. */
const opened = (title, address) => [
    {
        trigger: ".o_form_view .o_field_widget[name=name] :is(input, textarea)",
        run({ anchor }) {
            if (anchor.value !== title) {
                throw new Error(`The form is that of ${anchor.value}`);
            }
            if (!address.test(location.pathname)) {
                throw new Error(`The address is ${location.pathname}`);
            }
        },
    },
];

registry.category("web_tour.tours").add("crm_mailplugin_ticket_link", {
    steps: () => opened("Wheel of the link", /^\/odoo\/crm\.ticket\/\d+$/),
});

registry.category("web_tour.tours").add("crm_mailplugin_project_link", {
    steps: () => opened("Fleet of the link", /^\/odoo\/action-.+\/\d+$/),
});
