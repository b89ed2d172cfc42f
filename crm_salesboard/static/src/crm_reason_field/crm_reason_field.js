import { registry } from "@web/core/registry";
import { BadgeSelectionField, badgeSelectionField } from "@web/views/fields/badge_selection/badge_selection_field";

/** Odoo's badges of which one is picked, as radio buttons that a keyboard and a screen reader get to. */
export class CrmReasonField extends BadgeSelectionField {
    static template = "crm_salesboard.CrmReasonField";

    get label() {
        return this.props.record.fields[this.props.name].string;
    }

    onKeydown(ev, value) {
        if (ev.key === " " || ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            this.onChange(value);
        } else if (ev.key in STEPS) {
            ev.preventDefault();
            ev.stopPropagation();
            const badges = [...ev.target.parentElement.children];
            badges.at((badges.indexOf(ev.target) + STEPS[ev.key]) % badges.length).focus();
        }
    }
}

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

registry.category("fields").add("crm_reason", { ...badgeSelectionField, component: CrmReasonField });
