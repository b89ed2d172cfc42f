import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { pick } from "@web/core/utils/objects";
import { computeM2OProps, Many2One } from "@web/views/fields/many2one/many2one";
import {
    buildM2OFieldDescription,
    extractM2OFieldProps,
    m2oSupportedOptions,
    Many2OneField,
} from "@web/views/fields/many2one/many2one_field";
import { badgeStyle } from "./contrast";

export const CHOICE_FIELDS = ["short_name", "text_color", "background_color"];
export const CHOICE_RELATED_FIELDS = ["display_name", ...CHOICE_FIELDS].map((name) => ({ name, type: "char" }));
export const CHOICE_SPECIFICATION = Object.fromEntries(CHOICE_FIELDS.map((name) => [name, {}]));

/** A choice that is picked keeps its colours: no need to ask the server for them again. */
export class CrmChoiceMany2One extends Many2One {
    /** @override */
    get many2XAutocompleteProps() {
        return {
            ...super.many2XAutocompleteProps,
            update: (choices) =>
                this.update(choices?.[0] ? pick(choices[0], "id", "display_name", ...CHOICE_FIELDS) : false),
        };
    }
}

/**
 * A choice as a badge in its colours. While it is edited it is the text of a native many2one, which offers the
 * choices in their colours.
 */
export class CrmChoiceField extends Component {
    static template = "crm_salesboard.CrmChoiceField";
    static components = { CrmChoiceMany2One };
    static props = { ...Many2OneField.props, short: { type: Boolean, optional: true } };

    setup() {
        this.badgeStyle = badgeStyle;
    }

    get choice() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        return (this.props.short && this.choice.short_name) || this.choice.display_name || _t("Unnamed");
    }

    get m2oProps() {
        return { ...computeM2OProps(this.props), specification: CHOICE_SPECIFICATION };
    }
}

export const crmChoiceField = {
    ...buildM2OFieldDescription(CrmChoiceField),
    displayName: _t("Choice in its colours"),
    relatedFields: CHOICE_RELATED_FIELDS,
    supportedOptions: [...m2oSupportedOptions, { label: _t("Short name"), name: "short", type: "boolean" }],
    /** Choices are made and changed under Configuration, not in passing. */
    extractProps(staticInfo, dynamicInfo) {
        return {
            ...extractM2OFieldProps(staticInfo, dynamicInfo),
            canCreate: false,
            canCreateEdit: false,
            canOpen: false,
            canQuickCreate: false,
            short: Boolean(staticInfo.options.short),
        };
    },
};

registry.category("fields").add("crm_choice", crmChoiceField);
registry.category("fields").add("kanban.crm_choice", {
    ...crmChoiceField,
    extractProps: (...args) => ({ ...crmChoiceField.extractProps(...args), readonly: true }),
});
