import { _t } from "@web/core/l10n/translation";
import { makeContext } from "@web/core/context";
import { registry } from "@web/core/registry";
import { useOwnedDialogs } from "@web/core/utils/hooks";
import { SelectCreateDialog } from "@web/views/view_dialogs/select_create_dialog";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/** The contacts of a project, with a button to add several contact persons of the customer at once. */
export class CrmLeadContactsField extends X2ManyField {
    static template = "crm_salesboard.CrmLeadContactsField";

    setup() {
        super.setup();
        this.addDialog = useOwnedDialogs();
    }

    /** Persons at the customer's who are not on the list yet; without a customer all persons. */
    get personDomain() {
        const customer = this.props.record.data.contact_customer_id;
        const listed = this.list.records.map((record) => record.data.partner_id?.id).filter((id) => id);
        const domain = [
            ["id", "not in", listed],
            ["is_company", "=", false],
        ];
        return customer ? [...domain, ["commercial_partner_id", "=", customer.id]] : domain;
    }

    async pickPersons() {
        await this.list.leaveEditMode();
        const customer = this.props.record.data.contact_customer_id;
        this.addDialog(SelectCreateDialog, {
            title: _t("Add Contact Persons"),
            resModel: "res.partner",
            domain: this.personDomain,
            context: { default_parent_id: customer?.id || false, default_is_company: false },
            onSelected: (ids) => this.addPersons(ids),
        });
    }

    async addPersons(ids) {
        for (const id of ids) {
            await this.list.addNewRecord({
                context: makeContext([this.props.context, { default_partner_id: id }]),
                mode: "readonly",
                position: "bottom",
            });
        }
    }
}

export const crmLeadContactsField = {
    ...x2ManyField,
    component: CrmLeadContactsField,
    displayName: _t("Contacts of a project"),
    supportedTypes: ["one2many"],
    fieldDependencies: [{ name: "contact_customer_id", type: "many2one" }],
};

registry.category("fields").add("crm_lead_contacts", crmLeadContactsField);
