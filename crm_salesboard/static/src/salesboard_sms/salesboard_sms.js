import { Component } from "@odoo/owl";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";

const BOARD_VIEWS = ["salesboard_kanban", "salesboard_list", "salesboard_list_as_given"];
/** What the server said of the present search of a list, by search model. */
const answers = new WeakMap();

function call({ searchModel, services }, method) {
    const { domain, context } = searchModel;
    return services.orm.call("crm.lead", method, [domain], { context });
}

/** An SMS to all customers of the board's present view. */
export class SalesBoardSms extends Component {
    static template = "crm_salesboard.SalesBoardSms";
    static components = { DropdownItem };
    static props = {};

    // Not through useService: the menu is closed, and this component gone, before the server answers.
    async send() {
        await this.env.services.action.doAction(await call(this.env, "action_salesboard_sms"));
    }
}

/**
 * Whether a process of the present view allows SMS. The board knows it once it has its figures, and this is asked again
 * then; of a list the server is asked.
 */
export function allowsSms(env) {
    if (env.model?.board) {
        const { columns = {}, info } = env.model.board.data || {};
        return Object.keys(columns).some((column) => info[column]?.allow_sms);
    }
    const search = JSON.stringify(env.searchModel.domain);
    if (answers.get(env.searchModel)?.search !== search) {
        answers.set(env.searchModel, { search, answer: call(env, "has_salesboard_sms") });
    }
    return answers.get(env.searchModel).answer;
}

registry.category("cogMenu").add(
    "salesboard-sms",
    {
        Component: SalesBoardSms,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: async (env) =>
            BOARD_VIEWS.includes(env.config.viewSubType) &&
            (await user.hasGroup("sales_team.group_sale_salesman")) &&
            allowsSms(env),
    },
    { sequence: 20 }
);
