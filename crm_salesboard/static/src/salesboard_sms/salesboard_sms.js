import { Component, onWillStart } from "@odoo/owl";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";

/** An SMS to all customers of the board's present view, where a process of it allows that. */
export class SalesBoardSms extends Component {
    static template = "crm_salesboard.SalesBoardSms";
    static components = { DropdownItem };
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        // Asked when the menu is opened, and not whenever the board is.
        onWillStart(async () => {
            this.isAllowed = await this.call("has_salesboard_sms");
        });
    }

    call(method) {
        const { domain, context } = this.env.searchModel;
        return this.orm.call("crm.lead", method, [domain], { context });
    }

    async send() {
        await this.action.doAction(await this.call("action_salesboard_sms"));
    }
}

registry.category("cogMenu").add(
    "salesboard-sms",
    {
        Component: SalesBoardSms,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: ({ config }) =>
            ["salesboard_kanban", "salesboard_list"].includes(config.viewSubType) &&
            user.hasGroup("sales_team.group_sale_salesman"),
    },
    { sequence: 20 }
);
