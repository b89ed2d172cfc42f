import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/** Records hanging on this one that are opened in the form of their own, as a page or, by an option, in a dialog. */
export class CrmOne2ManyField extends X2ManyField {
    static props = { ...X2ManyField.props, openTarget: { type: String, optional: true } };

    /** @override */
    async openRecord(record) {
        const { record: parent, openTarget } = this.props;
        if (record.isNew || !(await parent.save())) {
            return;
        }
        await this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: record.data.display_name,
                res_model: record.resModel,
                res_id: record.resId,
                views: [[false, "form"]],
                target: openTarget,
                context: this.props.context,
            },
            { onClose: () => parent.load() }
        );
    }
}

export const crmOne2ManyField = {
    ...x2ManyField,
    component: CrmOne2ManyField,
    displayName: _t("List that opens the form"),
    supportedTypes: ["one2many"],
    extractProps: (staticInfo, dynamicInfo) => ({
        ...x2ManyField.extractProps(staticInfo, dynamicInfo),
        openTarget: staticInfo.options.open_target || "current",
    }),
};

registry.category("fields").add("crm_one2many", crmOne2ManyField);
