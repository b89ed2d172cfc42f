import { CountedPagesCompiler, CountedPagesRenderer } from "@crm_salesboard/crm_project_form/counted_pages";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

/** Odoo's form, with the number of documents behind the title of their page. */
registry.category("views").add("crm_ticket_form", {
    ...formView,
    Compiler: CountedPagesCompiler,
    Renderer: CountedPagesRenderer,
});
