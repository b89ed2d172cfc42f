import { Component, markup, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { badgeStyle } from "@crm_salesboard/crm_choice/contrast";

const MODEL = "crm.campaign.dispatch";
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

/** The calls of campaigns that the user is to make, one after the other: what one says of a call opens the next. */
export class CampaignCalls extends Component {
    static template = "crm_campaign.CampaignCalls";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static path = "campaign-calls";
    static displayName = _t("My Campaign Calls");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useState(useService("ui"));
        this.state = useState({
            data: null,
            campaignId: 0,
            callId: false,
            note: "",
            again: false,
            againOn: "",
            said: "",
        });
        this.display = { controlPanel: {} };
        this.heading = useRef("heading");
        this.section = useRef("section");
        this.again = useRef("again");
        this.badgeStyle = badgeStyle;
        for (const key of KEYS) {
            // Where the call has the focus: a key alone is nothing to happen by accident elsewhere.
            useHotkey(key, () => this.pressKey(Number(key)), { area: () => this.section.el });
        }
        // Whoever works with the keyboard or listens is where the next call is told of.
        useEffect(
            () => this.state.said && this.heading.el?.focus(),
            () => [this.state.callId, this.state.said]
        );
        useEffect(
            (again) => again && this.again.el?.focus(),
            () => [this.state.again]
        );
        onWillStart(() => this.load());
    }

    get calls() {
        return this.state.data.calls;
    }

    get call() {
        return this.calls.find(({ id }) => id === this.state.callId);
    }

    get position() {
        return this.calls.indexOf(this.call);
    }

    /** HTML of Odoo's own field, which the server has cleaned. */
    get toSay() {
        return markup(this.call.say);
    }

    /** Whoever answers, in a line. */
    get who() {
        const { function: task, company, place } = this.call;
        return [task, company, place].filter(Boolean).join(", ");
    }

    /** What the computer or phone dials. */
    dial(number) {
        return `tel:${number.replace(/\s+/g, "")}`;
    }

    date(text) {
        return formatDate(deserializeDate(text));
    }

    async load(next = this.state.callId) {
        const data = await this.orm.call(MODEL, "get_calls", [this.state.campaignId || false]);
        this.state.data = data;
        this.choose(data.calls.some(({ id }) => id === next) ? next : data.calls[0]?.id || false);
    }

    choose(callId) {
        Object.assign(this.state, { callId, note: "", again: false, againOn: this.state.data.again_on });
    }

    async chooseCampaign(ev) {
        this.state.campaignId = Number(ev.target.value);
        await this.load(false);
    }

    /** The call before or after this one, without saying anything of it. */
    step(by) {
        const call = this.calls[this.position + by];
        if (call) {
            this.choose(call.id);
            this.state.said = _t("%(name)s, call %(position)s", { name: call.name, position: this.position + 1 });
        }
    }

    pressKey(number) {
        const result = this.state.data.results[number - 1];
        if (this.call && result && !this.state.again) {
            return this.press(result);
        }
    }

    /** Say what the call came to; or ask first for the day on which to call again. */
    async press(result) {
        if (result.is_again) {
            this.state.again = result;
            return;
        }
        await this.save(result, false);
    }

    async save(result, againOn) {
        if (this.isSaving) {
            return;
        }
        this.isSaving = true;
        try {
            const { name } = this.call;
            const following = this.calls[this.position + 1] || this.calls[this.position - 1];
            await this.orm.call(MODEL, "action_set_result", [[this.call.id], result.id, this.state.note, againOn]);
            await this.load(following?.id);
            this.state.said = this.call
                ? _t("%(name)s: %(result)s. The next is %(next)s.", { name, result: result.name, next: this.call.name })
                : _t("%(name)s: %(result)s. That was the last call.", { name, result: result.name });
        } finally {
            this.isSaving = false;
        }
    }

    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openList() {
        return this.action.doAction("crm_campaign.crm_campaign_call_action_all", {
            additionalContext: { search_default_mine: 1 },
        });
    }
}

registry.category("actions").add("crm_campaign_calls", CampaignCalls);
