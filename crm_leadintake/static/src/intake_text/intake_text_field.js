import { Component } from "@odoo/owl";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A text of several lines to be copied, as it stands. */
export class IntakeTextField extends Component {
    static template = "crm_leadintake.IntakeTextField";
    static components = { CopyButton };
    static props = { ...standardFieldProps };

    get text() {
        return this.props.record.data[this.props.name] || "";
    }

    get copied() {
        return _t("Copied");
    }
}

registry.category("fields").add("intake_copied_text", {
    component: IntakeTextField,
    displayName: _t("Text to Copy"),
    supportedTypes: ["text"],
});
