import { Component, useRef } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { downloadUrl } from "./document_file";
import { useDocumentUpload } from "./document_upload";

/** What can be done with one document: download, replace, delete, its older versions and, on a card, its data. */
export class DocumentActions extends Component {
    static template = "crm_salesboard.DocumentActions";
    static props = { ...standardWidgetProps, edit: { type: Boolean, optional: true } };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.inputRef = useRef("input");
        this.upload = useDocumentUpload(() => {
            const { res_model, res_id } = this.props.record.data;
            return { model: res_model, id: res_id?.resId ?? res_id };
        });
    }

    get downloadUrl() {
        return downloadUrl(this.props.record);
    }

    get canWrite() {
        return !this.props.record.context.documents_readonly;
    }

    get isFile() {
        return this.props.record.data.type !== "url";
    }

    onFileChosen() {
        this.upload([...this.inputRef.el.files].slice(0, 1), this.props.record.resId);
        this.inputRef.el.value = "";
    }

    edit() {
        this.dialog.add(FormViewDialog, {
            resModel: "ir.attachment",
            resId: this.props.record.resId,
            title: _t("Document"),
            context: { form_view_ref: "crm_salesboard.ir_attachment_view_form_document" },
            onRecordSaved: () => this.onChanged(),
        });
    }

    delete() {
        const { record } = this.props;
        this.dialog.add(ConfirmationDialog, {
            title: _t("Delete the document?"),
            body:
                record.data.version > 1
                    ? _t("%(name)s will be deleted; the version before it takes its place.", record.data)
                    : _t("%(name)s will be deleted for good.", record.data),
            confirmLabel: _t("Delete"),
            confirm: async () => {
                await record.model.orm.unlink("ir.attachment", [record.resId]);
                await this.onChanged();
            },
            cancel: () => {},
        });
    }

    openVersions() {
        const { record } = this.props;
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Older versions of %(name)s", record.data),
                res_model: "ir.attachment",
                views: [[false, this.env.isSmall ? "kanban" : "list"]],
                domain: [["replaced_by_id", "=", record.resId]],
                target: "new",
                context: {
                    list_view_ref: "crm_salesboard.ir_attachment_view_list_document",
                    kanban_view_ref: "crm_salesboard.ir_attachment_view_kanban_document",
                    documents_of_one: 1,
                    documents_readonly: 1,
                    edit: false,
                },
            },
            { onClose: () => this.onChanged() }
        );
    }

    async onChanged() {
        await this.props.record.model.load();
        this.env.onRecordsChanged?.();
    }
}

export const documentActions = {
    component: DocumentActions,
    extractProps: ({ options }) => ({ edit: options.edit }),
    fieldDependencies: [{ name: "version", type: "integer" }],
    listViewWidth: 120,
};
registry.category("view_widgets").add("crm_document_actions", documentActions);
