import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { deserializeDate, serializeDate, toLocaleDateString, today } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { parseFloat, parseMonetary } from "@web/views/fields/parsers";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A value, date or weight that is edited where it stands on the card. */
export class SalesBoardEditField extends Component {
    static template = "crm_salesboard.SalesBoardEditField";
    static props = {
        ...standardFieldProps,
        currencyField: { type: String, optional: true },
    };

    setup() {
        this.notification = useService("notification");
        this.state = useState({ editing: false });
        this.input = useRef("input");
        useEffect(
            (input) => {
                input?.focus();
                input?.select(); // of a date nothing, where useAutofocus fails
            },
            () => [this.input.el]
        );
    }

    get type() {
        return this.props.record.fields[this.props.name].type;
    }

    get label() {
        return this.props.record.fields[this.props.name].string;
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get text() {
        const { record, currencyField } = this.props;
        if (this.type === "date") {
            return this.value ? toLocaleDateString(this.value) : _t("No date");
        }
        if (this.type === "monetary") {
            const currencyId = record.data[currencyField]?.id;
            return formatMonetary(this.value, { currencyId, trailingZeros: !Number.isInteger(this.value) });
        }
        return `${formatFloat(this.value, { digits: [16, 2], trailingZeros: false })} %`;
    }

    get inputValue() {
        if (this.type === "date") {
            return this.value ? serializeDate(this.value) : "";
        }
        return formatFloat(this.value, { digits: [16, 2], trailingZeros: false, thousandsSep: "" });
    }

    get isLate() {
        return this.type === "date" && this.value && this.value < today();
    }

    /** A weight that differs from what the scoring says was set by hand, and stays when the status changes. */
    get isByHand() {
        const { name, record } = this.props;
        return name === "probability" && record.data.is_automated_probability === false;
    }

    get buttonLabel() {
        const label = `${this.label}: ${this.text}`;
        return this.isByHand ? _t("%s, set by hand", label) : label;
    }

    edit() {
        this.state.editing = true;
    }

    onKeydown(ev) {
        ev.stopPropagation(); // arrows and Enter belong to the input, not to the card
        if (ev.key === "Enter") {
            this.save(ev.target);
        } else if (ev.key === "Escape") {
            this.stop();
        }
    }

    /** The input goes, and the focus it had goes to its card. */
    stop() {
        const { el } = this.input;
        this.state.editing = false;
        if (el === document.activeElement) {
            el.closest(".o_kanban_record")?.focus();
        }
    }

    parse(text) {
        if (this.type === "date") {
            return text ? deserializeDate(text) : false;
        }
        return this.type === "monetary" ? parseMonetary(text) : parseFloat(text.replace("%", ""));
    }

    async save(input) {
        if (!this.state.editing) {
            return;
        }
        let value;
        try {
            value = this.parse(input.value);
        } catch {
            this.refuse(input, _t("%s is not a number.", input.value));
            return;
        }
        if (this.props.name === "probability" && (value < 0 || value > 100)) {
            this.refuse(input, _t("A weight lies between 0 and 100 %."));
            return;
        }
        const isChanged = input.value !== this.inputValue;
        this.stop();
        if (isChanged) {
            await this.props.record.update({ [this.props.name]: value }, { save: true });
        }
    }

    refuse(input, message) {
        this.notification.add(message, { type: "danger" });
        input.select();
    }
}

registry.category("fields").add("salesboard_edit", {
    component: SalesBoardEditField,
    displayName: _t("Edited on the card"),
    supportedTypes: ["monetary", "float", "date"],
    extractProps: ({ options }, dynamicInfo) => ({
        currencyField: options.currency_field,
        readonly: dynamicInfo.readonly,
    }),
});
