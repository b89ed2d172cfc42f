import { Component } from "@odoo/owl";
import { formatTotal } from "@crm_salesboard/sales_board/figures";
import { badgeStyle } from "@crm_salesboard/crm_choice/contrast";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const LEADS = ["leads", "projects", "won"];
const COLUMNS = ["addressed", "delivered", "opened", "reacted", ...LEADS];

/** What came of a campaign: how many came how far, on which channel, and what it brought. Each number opens its records. */
export class CampaignSuccessField extends Component {
    static template = "crm_campaign.CampaignSuccessField";
    static props = standardFieldProps;

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.badgeStyle = badgeStyle;
        this.columns = COLUMNS;
        this.leadKeys = LEADS;
    }

    get success() {
        return this.props.record.data[this.props.name];
    }

    get rows() {
        return this.success.funnel;
    }

    /** Whether leads came from others than members, which gets a column of its own. */
    get hasOthers() {
        return this.rows.some((row) => row.others);
    }

    /** The channels under the names of the funnel. */
    get columnLabels() {
        return Object.fromEntries(this.rows.map((row) => [row.key, row.label]));
    }

    get valueCards() {
        const { values } = this.success;
        return [
            {
                key: "projected",
                label: _t("Still expected"),
                text: this.amount(values.projected),
                title: _t("Of projects that are open"),
            },
            { key: "won", label: _t("Won"), text: this.amount(values.won), title: _t("Of projects that were won") },
            {
                key: false,
                label: values.is_cost_planned ? _t("Cost (planned)") : _t("Cost"),
                text: this.amount(values.cost),
                title: values.is_cost_planned ? _t("The actual cost was not entered yet") : "",
            },
            {
                key: false,
                label: _t("Return on cost"),
                text: values.return === null ? "–" : this.percent(values.return),
                title: _t("What was won, less the cost, in per cent of the cost"),
                className: values.return < 0 ? "text-danger" : "",
            },
        ];
    }

    amount(value) {
        return formatTotal(value, this.success.currency_id, this.ui.isSmall);
    }

    count(number) {
        return formatInteger(number);
    }

    percent(number) {
        return number === null ? "" : _t("%s %", formatFloat(number, { digits: [16, 1], trailingZeros: false }));
    }

    /** How long the bar of a row is; those of leads may be more than members. */
    width(row) {
        return `width: ${Math.min(row.of_group ?? (row.count ? 100 : 0), 100)}%`;
    }

    mayOpen(key) {
        return this.success.may_open[[...LEADS, "projected"].includes(key) ? "leads" : "members"];
    }

    /** Which records: a number of the funnel or of a channel, of members or of others. */
    async open(key, { channel = false, who = false, value = false } = {}) {
        const action = await this.orm.call("utm.campaign", "action_open_success", [this.props.record.resId], {
            key,
            channel: channel || null,
            who: who || null,
            value: value || null,
        });
        return this.action.doAction(action);
    }
}

registry.category("fields").add("crm_campaign_success", {
    component: CampaignSuccessField,
    supportedTypes: ["json"],
});
