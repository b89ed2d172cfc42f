import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { computeM2OProps } from "@web/views/fields/many2one/many2one";
import { CrmChoiceField, crmChoiceField } from "../crm_choice/crm_choice_field";

const COLORS = ["text_color", "background_color"];

/** A status, column of the board or stage, as a badge in its colours. */
export class CrmStatusField extends CrmChoiceField {
    get m2oProps() {
        const specification = Object.fromEntries(COLORS.map((name) => [name, {}]));
        return { ...computeM2OProps(this.props), specification };
    }
}

export const crmStatusField = {
    ...crmChoiceField,
    component: CrmStatusField,
    displayName: _t("Status in its colours"),
    relatedFields: ["display_name", ...COLORS].map((name) => ({ name, type: "char" })),
};

registry.category("fields").add("crm_status", crmStatusField);
