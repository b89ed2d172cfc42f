import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";
import { SelectCreateDialog } from "@web/views/view_dialogs/select_create_dialog";
import { EmbeddedRecords, embeddedController } from "../embedded_records/embedded_records";

const VIEWS = {
    list_view_ref: "crm_salesboard.mail_message_view_list_email",
    kanban_view_ref: "crm_salesboard.mail_message_view_kanban_email",
    search_view_ref: "crm_salesboard.mail_message_view_search_email",
};

/** The e-mails of a project, with those linked to it from the customer's correspondence. */
export class Emails extends EmbeddedRecords {
    static template = "crm_salesboard.Emails";

    setup() {
        super.setup();
        this.dialog = useService("dialog");
    }

    /** @override */
    makeViewProps({ id }) {
        return {
            resModel: "mail.message",
            domain: ["&", ["is_email", "=", true], "|", ["linked_lead_ids", "in", [id]], ...this.standsHere(id)],
            context: { ...VIEWS, email_lead_id: id, email_readonly: this.state.canWrite ? 0 : 1 },
        };
    }

    standsHere(id) {
        return ["&", ["model", "=", "crm.lead"], ["res_id", "=", id]];
    }

    get customer() {
        return this.props.record.data.partner_id;
    }

    linkEmails() {
        const { id } = this.owner;
        this.dialog.add(SelectCreateDialog, {
            title: _t("Link e-mails of %(customer)s", { customer: this.customer.display_name }),
            resModel: "mail.message",
            domain: [
                ["is_email", "=", true],
                ["customer_id", "=", this.customer.id],
                ["linked_lead_ids", "not in", [id]],
                "!",
                ...this.standsHere(id),
            ],
            context: VIEWS,
            noCreate: true,
            onSelected: async (messageIds) => {
                await this.orm.call("crm.lead", "action_link_emails", [[id], messageIds]);
                this.show();
                await this.reloadForm();
            },
        });
    }

    writeEmail() {
        const { id } = this.owner;
        return this.action.doAction("mail.action_email_compose_message_wizard", {
            additionalContext: {
                default_model: "crm.lead",
                default_res_ids: [id],
                default_composition_mode: "comment",
                default_subtype_xmlid: "mail.mt_comment",
                default_partner_ids: this.customer ? [this.customer.id] : [],
            },
            onClose: async () => {
                this.show();
                await this.reloadForm();
            },
        });
    }
}

/** A click opens the e-mail in a dialog, from where it is answered. */
const emailsController = (Controller) =>
    class extends embeddedController(Controller) {
        /** @override */
        async openRecord(record) {
            if (!this.env.onRecordsChanged) {
                return super.openRecord(...arguments);
            }
            await this.actionService.doAction(
                {
                    type: "ir.actions.act_window",
                    name: record.data.subject || _t("E-mail"),
                    res_model: "mail.message",
                    res_id: record.resId,
                    views: [[false, "form"]],
                    target: "new",
                    context: {
                        form_view_ref: "crm_salesboard.mail_message_view_form_email",
                        email_lead_id: record.context.email_lead_id,
                    },
                },
                {
                    onClose: async () => {
                        await this.model.load();
                        this.env.onRecordsChanged();
                    },
                }
            );
        }
    };

/** Received or sent, as an arrow. */
export class EmailDirection extends Component {
    static template = "crm_salesboard.EmailDirection";
    static props = standardFieldProps;

    get isReceived() {
        return this.props.record.data[this.props.name] === "in";
    }
}

registry.category("view_widgets").add("crm_emails", { component: Emails, fieldDependencies: [] });
registry.category("fields").add("crm_email_direction", { component: EmailDirection, supportedTypes: ["selection"] });
registry.category("views").add("crm_emails_list", {
    ...listView,
    Controller: emailsController(listView.Controller),
});
registry.category("views").add("crm_emails_kanban", {
    ...kanbanView,
    Controller: emailsController(kanbanView.Controller),
});
