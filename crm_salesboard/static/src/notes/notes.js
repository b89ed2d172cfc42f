import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";
import { EmbeddedRecords, embeddedController } from "../embedded_records/embedded_records";

/** Opens a note in a dialog, from where it is saved without what is being changed on the form behind it. */
function openNote(action, resId, context, onClose) {
    return action.doAction(
        {
            type: "ir.actions.act_window",
            name: resId ? _t("Note") : _t("New Note"),
            res_model: "crm.note",
            res_id: resId,
            views: [[false, "form"]],
            target: "new",
            context,
        },
        { onClose }
    );
}

/** The notes on a customer and its contact persons, or on a project. */
export class Notes extends EmbeddedRecords {
    static template = "crm_salesboard.Notes";

    get isProject() {
        return this.owner.model === "crm.lead";
    }

    /** @override */
    async open(record) {
        this.canCreate = await user.checkAccessRight("crm.note", "create");
        return super.open(record);
    }

    /** @override */
    makeViewProps({ id }) {
        return {
            resModel: "crm.note",
            domain: this.isProject
                ? [["lead_id", "=", id]]
                : ["|", ["partner_id", "=", id], ["commercial_partner_id", "=", id]],
            context: {
                list_view_ref: "crm_salesboard.crm_note_view_list_embedded",
                kanban_view_ref: "crm_salesboard.crm_note_view_kanban_embedded",
                notes_of_project: this.isProject ? 1 : 0,
                create: false,
            },
        };
    }

    addNote() {
        const { id } = this.owner;
        const context = this.isProject
            ? { default_lead_id: id, default_partner_id: this.props.record.data.partner_id?.id }
            : { default_partner_id: id };
        return openNote(this.action, false, context, async () => {
            this.show();
            await this.reloadForm();
        });
    }

    openList() {
        return this.action.doActionButton({
            type: "object",
            name: "action_view_notes",
            resModel: this.owner.model,
            resId: this.owner.id,
            resIds: [this.owner.id],
        });
    }
}

const notesController = (Controller) =>
    class extends embeddedController(Controller) {
        /** @override */
        async openRecord(record) {
            if (!this.env.onRecordsChanged) {
                return super.openRecord(...arguments);
            }
            await openNote(this.actionService, record.resId, {}, async () => {
                await this.model.load();
                this.env.onRecordsChanged();
            });
        }
    };

registry.category("view_widgets").add("crm_notes", { component: Notes, fieldDependencies: [] });
registry.category("views").add("crm_notes_list", { ...listView, Controller: notesController(listView.Controller) });
registry.category("views").add("crm_notes_kanban", {
    ...kanbanView,
    Controller: notesController(kanbanView.Controller),
});
