import { Documents } from "@crm_salesboard/documents/documents";
import { registry } from "@web/core/registry";

/** The documents of a ticket, as those of a project. */
export class TicketDocuments extends Documents {
    static template = "crm_serviceticket.TicketDocuments";

    /** @override */
    makeViewProps({ model, id }) {
        const props = super.makeViewProps(...arguments);
        const current = this.state.withVersions ? [] : [["replaced_by_id", "=", false]];
        const own = [
            ["res_model", "=", model],
            ["res_id", "=", id],
            ["res_field", "=", false],
        ];
        return {
            ...props,
            domain: [...own, ...current],
            context: { ...props.context, documents_of_one: 1, documents_narrow: 0 },
        };
    }

    async onUploaded() {
        await this.reloadForm();
        this.show();
    }

    /** @override */
    openList() {
        return this.action.doAction("crm_serviceticket.ir_attachment_action_ticket", {
            additionalContext: { active_id: this.owner.id },
        });
    }
}

registry.category("view_widgets").add("crm_ticket_documents", { component: TicketDocuments });
