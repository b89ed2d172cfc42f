import { Notebook } from "@web/core/notebook/notebook";
import { FormCompiler } from "@web/views/form/form_compiler";
import { FormRenderer } from "@web/views/form/form_renderer";
import { toStringExpression } from "@web/views/utils";

/** ``<page name="documents" count="document_count">``: how much a page holds, behind its title, and nothing at 0. */
export class CountedPagesCompiler extends FormCompiler {
    /** @override */
    compileNotebook(el, params) {
        const notebook = super.compileNotebook(el, params);
        const slots = [...notebook.children];
        for (const page of el.querySelectorAll(":scope > page[count][name]")) {
            const name = toStringExpression(page.getAttribute("name"));
            const slot = slots.find((slot) => slot.getAttribute("name") === name); // none of an invisible page
            slot?.setAttribute("count", `__comp__.countOf(${toStringExpression(page.getAttribute("count"))})`);
        }
        return notebook;
    }
}

export class CountedNotebook extends Notebook {
    static template = "crm_salesboard.CountedNotebook";
}

export class CountedPagesRenderer extends FormRenderer {
    static components = { ...super.components, Notebook: CountedNotebook };

    /** The number that a field holds, or of the records in it. */
    countOf(fieldName) {
        const value = this.props.record.data[fieldName];
        return value?.count ?? value;
    }
}
