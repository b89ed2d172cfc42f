import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { uniqueId } from "@web/core/utils/functions";
import { useService } from "@web/core/utils/hooks";
import { presentFunnel } from "./crm_funnel_figures";
import { COUNT, VALUE } from "./crm_funnel_model";

const REASONS_SHOWN = 3;

/**
 * The funnel as a table: per process a row for each status in board order. Every bar and number opens the projects
 * that it counts. Where the table is narrow, on a phone or in a column of a dashboard, each row is a card.
 */
export class CrmFunnelRenderer extends Component {
    static template = "crm_dashboard.CrmFunnelRenderer";
    static props = ["class?", "model", "buttonTemplate"];

    setup() {
        this.action = useService("action");
        this.id = uniqueId("o_crm_funnel_");
        this.measures = { COUNT, VALUE };
        this.state = useState({ unfolded: {} }); // whose reasons are all shown
    }

    get model() {
        return this.props.model;
    }

    get processes() {
        const { funnel, days, figure } = this.model;
        return presentFunnel(funnel, days, figure, this.env.isSmall);
    }

    isUnfolded(step) {
        return Boolean(this.state.unfolded[step.id]);
    }

    shownReasons(step) {
        return this.isUnfolded(step) ? step.reasons : step.reasons.slice(0, REASONS_SHOWN);
    }

    hiddenReasons(step) {
        return step.reasons.length - this.shownReasons(step).length;
    }

    moreLabel(step) {
        const hidden = this.hiddenReasons(step);
        return hidden === 1 ? _t("1 more reason") : _t("%s more reasons", hidden);
    }

    unfold(step) {
        this.state.unfolded[step.id] = true;
    }

    onMeasureSelected(measure) {
        return this.model.updateMetaData({ measure });
    }

    async open(step, part, newWindow, reason = {}) {
        if (!this.model.useSampleModel) {
            const action = await this.model.openAction(step.id, part, reason.kind, reason.id);
            await this.action.doAction(action, { newWindow });
        }
    }
}
