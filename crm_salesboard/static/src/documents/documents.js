import { useRef } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { EmbeddedRecords } from "../embedded_records/embedded_records";
import { DocumentUpload } from "./document_upload";

/** The documents of a project, or of a customer with its contact persons and projects. */
export class Documents extends EmbeddedRecords {
    static template = "crm_salesboard.Documents";
    static components = { ...EmbeddedRecords.components, DocumentUpload };

    setup() {
        this.rootRef = useRef("root");
        super.setup();
        this.state.withVersions = false;
        this.state.byType = false;
    }

    get isProject() {
        return this.owner.model === "crm.lead";
    }

    /** @override */
    makeViewProps({ model, id }) {
        const own =
            model === "crm.lead"
                ? [
                      ["res_model", "=", model],
                      ["res_id", "=", id],
                  ]
                : [["customer_id", "=", id]];
        const current = this.state.withVersions ? [] : [["replaced_by_id", "=", false]];
        return {
            resModel: "ir.attachment",
            domain: [...own, ["res_field", "=", false], ...current],
            groupBy: this.state.byType ? ["document_type_id"] : [],
            context: {
                list_view_ref: "crm_salesboard.ir_attachment_view_list_document",
                kanban_view_ref: "crm_salesboard.ir_attachment_view_kanban_document",
                documents_of_one: this.isProject ? 1 : 0,
                // Whose it is takes the room of who added it; the list that "Search" opens has both.
                documents_narrow: this.isProject ? 0 : 1,
                documents_readonly: this.state.canWrite ? 0 : 1,
                ...(this.state.canWrite ? {} : { edit: false }),
            },
        };
    }

    toggle(name) {
        this.state[name] = !this.state[name];
        this.show();
    }

    openList() {
        return this.action.doAction(
            this.isProject
                ? "crm_salesboard.ir_attachment_action_project"
                : "crm_salesboard.ir_attachment_action_customer",
            { additionalContext: { active_id: this.owner.id } }
        );
    }
}

registry.category("view_widgets").add("crm_documents", { component: Documents });
