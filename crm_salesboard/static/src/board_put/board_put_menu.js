import { Component } from "@odoo/owl";
import { Domain } from "@web/core/domain";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";

/**
 * Puts all customers of the present list on the board. The list is handed over as what it searches for, so any number
 * will do. Of selected customers the same stands in the menu of the selection.
 */
export class BoardPutMenu extends Component {
    static template = "crm_salesboard.BoardPutMenu";
    static components = { DropdownItem };
    static props = {};

    async putOnBoard() {
        // The menu is gone by the time the server answers: a service bound to this component would not come back.
        const { action, orm } = this.env.services;
        const { domain, context } = this.env.searchModel;
        const archivedToo = context.active_test === false ? [["active", "in", [true, false]]] : [];
        const asked = Domain.and([domain, archivedToo]).toList();
        await action.doAction(await orm.call("res.partner", "action_put_on_salesboard", [asked]));
    }
}

registry.category("cogMenu").add("crm-salesboard-put-menu", {
    Component: BoardPutMenu,
    groupNumber: ACTIONS_GROUP_NUMBER,
    isDisplayed: async ({ config, model, searchModel }) =>
        searchModel?.resModel === "res.partner" &&
        ["kanban", "list"].includes(config.viewType) &&
        // The panel of a search list has a button of its own.
        !config.viewSubType?.startsWith("search_list") &&
        !model.root.selection?.length &&
        (await user.hasGroup("sales_team.group_sale_salesman")),
});
