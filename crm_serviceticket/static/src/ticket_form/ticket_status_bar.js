import { crmStatusField } from "@crm_salesboard/crm_status/crm_status_field";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { StatusBarField, statusBarField } from "@web/views/fields/statusbar/statusbar_field";
import { CLOSE_ACTION } from "../ticket_board/ticket_board_model";

/** Odoo's status bar; a status that closes, which is folded away behind the others, asks for the result first. */
export class TicketStatusBar extends StatusBarField {
    setup() {
        super.setup();
        this.action = useService("action");
    }

    /** @override */
    async selectItem(item) {
        const { record } = this.props;
        if (!item.isFolded || record.data.is_closed) {
            return super.selectItem(item);
        }
        if (await record.save()) {
            const { resId, resModel } = record;
            return this.action.doAction(CLOSE_ACTION, {
                additionalContext: {
                    active_model: resModel,
                    active_id: resId,
                    active_ids: [resId],
                    default_status_id: item.value,
                },
                onClose: (infos) => infos?.moved && record.load(),
            });
        }
    }
}

registry.category("fields").add("ticket_status_bar", {
    ...statusBarField,
    component: TicketStatusBar,
    supportedTypes: ["many2one"],
    // as for the badge: a form that shows a field twice reads the same of it for both
    relatedFields: crmStatusField.relatedFields,
    extractProps: (...args) => ({ ...statusBarField.extractProps(...args), foldField: "closes" }),
});
