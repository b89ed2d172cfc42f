import { registry } from "@web/core/registry";

const formOf = (title) => [{ trigger: `.o_form_view:contains(${title}), .o_form_view input:value(${title})` }];

registry.category("web_tour.tours").add("crm_mailplugin_ticket_link", {
    steps: () => [
        { trigger: ".o_form_view .o_field_widget[name=number]" },
        {
            trigger: ".o_form_view .o_field_widget[name=name]",
            run() {
                if (!/^\/odoo\/crm\.ticket\/\d+$/.test(location.pathname)) {
                    throw new Error(`The address is ${location.pathname}`);
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("crm_mailplugin_project_link", {
    steps: () => [...formOf("Fleet of the link")],
});
