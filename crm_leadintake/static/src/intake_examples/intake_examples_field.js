import { Component, useState } from "@odoo/owl";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** An example request for each door, one at a time, to be copied. */
export class IntakeExamplesField extends Component {
    static template = "crm_leadintake.IntakeExamplesField";
    static components = { CopyButton };
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ shown: 0 });
    }

    get examples() {
        return this.props.record.data[this.props.name] || [];
    }

    get shown() {
        return this.examples[this.state.shown];
    }

    get copied() {
        return _t("Copied");
    }
}

registry.category("fields").add("intake_examples", {
    component: IntakeExamplesField,
    displayName: _t("Example Requests"),
    supportedTypes: ["json"],
});
