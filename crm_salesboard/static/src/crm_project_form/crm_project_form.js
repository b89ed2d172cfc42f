import "@crm/views/crm_form/crm_form"; // registers the native form that this one is made of
import { registry } from "@web/core/registry";
import { CountedPagesCompiler, CountedPagesRenderer } from "./counted_pages";

/** Odoo's own form of a lead, with the number of what each page holds behind its title. */
const views = registry.category("views");
views.add("crm_project_form", {
    ...views.get("crm_form"),
    Compiler: CountedPagesCompiler,
    Renderer: CountedPagesRenderer,
});
