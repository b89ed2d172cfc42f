import { Component, onWillUnmount } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const REFRESH_SECONDS = 3;
const BADGES = {
    sent: "text-bg-success",
    delivered: "text-bg-success",
    failed: "text-bg-danger",
    uncertain: "text-bg-warning",
    left_out: "text-bg-secondary",
};

/** How many get the message and how many do not and why; each opens the list of these customers. */
export class CrmSmsFigures extends Component {
    static template = "crm_salesboard.CrmSmsFigures";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const timer = setInterval(() => this.refresh(), REFRESH_SECONDS * 1000);
        onWillUnmount(() => clearInterval(timer));
    }

    /** Who gets the message first, then those left out in all and by reason. */
    get lines() {
        const figures = this.props.record.data[this.props.name] || [];
        const left = figures.filter((line) => line.state === "left_out");
        const lines = figures.filter((line) => line.state !== "left_out");
        const count = left.reduce((sum, line) => sum + line.count, 0);
        if (count) {
            lines.push({ state: "left_out", reason: false, label: _t("Left Out"), count }, ...left);
        }
        return lines.map((line) => this.prepareLine(line));
    }

    prepareLine(line) {
        const isDraft = this.props.record.data.state === "draft";
        return {
            ...line,
            key: `${line.state} ${line.reason}`,
            label: isDraft && line.state === "waiting" ? _t("Get the message") : line.label,
            number: formatInteger(line.count),
            badge: line.reason ? "text-bg-light" : BADGES[line.state] || "text-bg-primary",
            className: line.reason ? "ps-5" : "fw-bold",
        };
    }

    async open({ state, reason }) {
        const { record } = this.props;
        if (await record.save()) {
            const args = [[record.resId], state, reason];
            await this.action.doAction(await this.orm.call(record.resModel, "action_open_recipients", args));
        }
    }

    async refresh() {
        const { record } = this.props;
        if (record.data.state === "running" && !document.hidden) {
            await record.load();
        }
    }
}

registry.category("fields").add("crm_sms_figures", {
    component: CrmSmsFigures,
    supportedTypes: ["json"],
});
