import { useEffect } from "@odoo/owl";
import { useFileViewer } from "@web/core/file_viewer/file_viewer_hook";
import { registry } from "@web/core/registry";
import { CANCEL_GLOBAL_CLICK, KanbanRecord } from "@web/views/kanban/kanban_record";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { embeddedController } from "../embedded_records/embedded_records";
import { openDocument } from "./document_file";
import { DocumentUpload, useDocumentsUploaded } from "./document_upload";

const EDITED_IN_PLACE = ["name", "document_type_id"];
const OWNERS = ["crm.lead", "res.partner"];

export class DocumentsListRenderer extends ListRenderer {
    setup() {
        super.setup();
        this.fileViewer = useFileViewer();
    }

    /** @override A click on what is not edited in place shows the document. */
    async onCellClicked(record, column, ev) {
        const isEdited = EDITED_IN_PLACE.includes(column.name) && this.isInlineEditable(record);
        if (isEdited || this.props.list.selection.length || ev.target.closest("a, button")) {
            return super.onCellClicked(...arguments);
        }
        await this.props.list.leaveEditMode();
        openDocument(record, this.props.list.records, this.fileViewer);
    }
}

export class DocumentsKanbanRecord extends KanbanRecord {
    setup() {
        super.setup();
        this.fileViewer = useFileViewer();
    }

    /** @override */
    onGlobalClick(ev) {
        if (ev.target.closest(CANCEL_GLOBAL_CLICK) || this.props.getSelection().length) {
            return super.onGlobalClick(...arguments);
        }
        const { record } = this.props;
        openDocument(record, record.model.root.records, this.fileViewer);
    }
}

export class DocumentsKanbanRenderer extends KanbanRenderer {
    static components = { ...KanbanRenderer.components, KanbanRecord: DocumentsKanbanRecord };
}

/** Lists and cards alike: files are dropped in or chosen, and what has come in is shown. */
const documentsController = (Controller) =>
    class extends embeddedController(Controller) {
        static components = { ...Controller.components, DocumentUpload };

        setup() {
            super.setup();
            useDocumentsUploaded(
                ({ model }) => OWNERS.includes(model),
                () => {
                    this.isOutdated = true;
                    this.reloadOutdated();
                }
            );
            useEffect(
                () => {
                    this.reloadOutdated();
                },
                () => [this.model.root.editedRecord]
            );
        }

        /** Show what has come in, but not while a document is being renamed: that would be lost. */
        async reloadOutdated() {
            if (this.isOutdated && !this.model.root.editedRecord) {
                this.isOutdated = false;
                await this.model.load();
            }
        }

        /** The record that files are added to, if the list is of one. */
        get documentsOwner() {
            const { documents_owner_model: model, documents_owner_id: id } = this.props.context;
            return model && id ? { model, id } : null;
        }
    };

export const documentsListView = {
    ...listView,
    Controller: documentsController(listView.Controller),
    Renderer: DocumentsListRenderer,
    buttonTemplate: "crm_salesboard.DocumentsList.Buttons",
};
export const documentsKanbanView = {
    ...kanbanView,
    Controller: documentsController(kanbanView.Controller),
    Renderer: DocumentsKanbanRenderer,
    buttonTemplate: "crm_salesboard.DocumentsKanban.Buttons",
};
registry.category("views").add("crm_documents_list", documentsListView);
registry.category("views").add("crm_documents_kanban", documentsKanbanView);
