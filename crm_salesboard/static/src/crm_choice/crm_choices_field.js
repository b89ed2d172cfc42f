import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { TagsList } from "@web/core/tags_list/tags_list";
import { Many2ManyTagsField, many2ManyTagsField } from "@web/views/fields/many2many_tags/many2many_tags_field";
import { badgeStyle } from "./contrast";
import { CHOICE_RELATED_FIELDS, CHOICE_SPECIFICATION } from "./crm_choice_field";

export class CrmChoiceTagsList extends TagsList {
    static template = "crm_salesboard.CrmChoiceTagsList";
}

/** Several choices, each a tag in its colours. */
export class CrmChoicesField extends Many2ManyTagsField {
    static template = "crm_salesboard.CrmChoicesField";
    static components = { ...super.components, TagsList: CrmChoiceTagsList };
    static props = { ...super.props, short: { type: Boolean, optional: true } };

    setup() {
        super.setup();
        this.badgeStyle = badgeStyle;
        this.specification = CHOICE_SPECIFICATION;
    }

    /** @override */
    getTagProps(record) {
        const { display_name, short_name } = record.data;
        return {
            ...super.getTagProps(record),
            text: (this.props.short && short_name) || display_name,
            title: display_name,
            style: badgeStyle(record.data),
        };
    }
}

/** On a card the choices are read, not edited. */
export class CrmChoicesKanbanField extends CrmChoicesField {
    static template = "web.KanbanMany2ManyTagsField";
}

export const crmChoicesField = {
    ...many2ManyTagsField,
    component: CrmChoicesField,
    displayName: _t("Choices in their colours"),
    supportedTypes: ["many2many"],
    relatedFields: CHOICE_RELATED_FIELDS,
    supportedOptions: [
        ...many2ManyTagsField.supportedOptions.filter(({ name }) => name !== "color_field"),
        { label: _t("Short name"), name: "short", type: "boolean" },
    ],
    extractProps(staticInfo, dynamicInfo) {
        return {
            ...many2ManyTagsField.extractProps(staticInfo, dynamicInfo),
            canCreate: false,
            canCreateEdit: false,
            canQuickCreate: false,
            short: Boolean(staticInfo.options.short),
        };
    },
};

registry.category("fields").add("crm_choices", crmChoicesField);
registry.category("fields").add("kanban.crm_choices", {
    ...crmChoicesField,
    component: CrmChoicesKanbanField,
    extractProps: (...args) => ({ ...crmChoicesField.extractProps(...args), readonly: true }),
});
