import { HtmlField, htmlField } from "@html_editor/fields/html_field";
import { registry } from "@web/core/registry";

/** Odoo's editor, out of which Tab leads: one that indents instead holds whoever has no mouse (WCAG 2.1.2). */
export class CrmNoteField extends HtmlField {
    static template = "crm_salesboard.CrmNoteField";

    onKeydown(ev) {
        if (ev.key === "Tab") {
            ev.stopPropagation(); // the editor's Tab is a hotkey, which listens further up
        }
    }
}

registry.category("fields").add("crm_note", { ...htmlField, component: CrmNoteField });
