import { ActivityButton } from "@mail/core/web/activity_button";
import { KanbanActivity, kanbanActivity } from "@mail/views/web/fields/kanban_activity/kanban_activity";
import { registry } from "@web/core/registry";

/** Odoo's clock, reached with Tab; its icon is no second name. */
class SalesBoardActivityButton extends ActivityButton {
    static template = "crm_salesboard.ActivityButton";
}

export class SalesBoardActivityField extends KanbanActivity {
    static components = { ActivityButton: SalesBoardActivityButton };
}

registry.category("fields").add("salesboard_activity", { ...kanbanActivity, component: SalesBoardActivityField });
