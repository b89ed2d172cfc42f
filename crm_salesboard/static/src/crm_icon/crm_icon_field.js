import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The name of an icon, as activity types have one, drawn as that icon. */
export class CrmIconField extends Component {
    static template = "crm_salesboard.CrmIconField";
    static props = { ...standardFieldProps };
}

registry.category("fields").add("crm_icon", {
    component: CrmIconField,
    displayName: _t("Icon"),
    supportedTypes: ["char"],
    listViewWidth: 30,
});
