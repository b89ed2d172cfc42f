import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A lock where the boolean is set, and nothing where it is not. */
export class CrmLockField extends Component {
    static template = "crm_salesboard.CrmLockField";
    static props = { ...standardFieldProps };

    get title() {
        return _t("Restricted: only the owner, linked users and chosen user groups see this project");
    }
}

registry.category("fields").add("crm_lock", {
    component: CrmLockField,
    displayName: _t("Lock"),
    supportedTypes: ["boolean"],
    listViewWidth: 30,
    label: false,
});
