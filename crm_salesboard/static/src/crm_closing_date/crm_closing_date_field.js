import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatDate } from "@web/views/fields/formatters";
import { RemainingDaysField, remainingDaysField } from "@web/views/fields/remaining_days/remaining_days_field";

/** When an open project is expected to close, in days from now, or when a closed one was. */
export class CrmClosingDateField extends RemainingDaysField {
    get isClosed() {
        return this.props.record.data.won_status !== "pending";
    }

    get closedOn() {
        return formatDate(this.props.record.data.date_closed);
    }

    /** @override */
    get diffDays() {
        return this.isClosed ? null : super.diffDays;
    }

    /** @override */
    get diffString() {
        return this.isClosed ? this.closedOn : super.diffString;
    }

    /** @override */
    get numericValue() {
        return this.isClosed ? this.closedOn : super.numericValue;
    }
}

registry.category("fields").add("crm_closing_date", {
    ...remainingDaysField,
    component: CrmClosingDateField,
    displayName: _t("Expected or actual closing"),
    supportedTypes: ["date"],
    fieldDependencies: [
        { name: "won_status", type: "selection" },
        { name: "date_closed", type: "datetime" },
    ],
});
