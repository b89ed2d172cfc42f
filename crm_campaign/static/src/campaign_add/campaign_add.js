import { Component } from "@odoo/owl";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";

const MODELS = ["res.partner", "crm.lead"];
const VIEWS = ["list", "kanban"];
const BOARD_VIEWS = ["salesboard_kanban", "salesboard_list", "salesboard_list_as_given"];

/**
 * Adds all customers or leads of the present list, or of the present view of the Sales Board, to a campaign. The list is
 * handed over as what it searches for, so any number will do. Of selected ones the same stands in the menu of the
 * selection.
 */
export class CampaignAddMenu extends Component {
    static template = "crm_campaign.CampaignAddMenu";
    static components = { DropdownItem };
    static props = {};

    async add() {
        // The menu is gone by the time the server answers: a service bound to this component would not come back.
        const { action, orm } = this.env.services;
        const { context, domain, resModel } = this.env.searchModel;
        const isBoard = BOARD_VIEWS.includes(this.env.config.viewSubType);
        const args = [resModel, domain, isBoard];
        await action.doAction(await orm.call("crm.campaign.add", "action_open_for_search", args, { context }));
    }
}

registry.category("cogMenu").add("crm-campaign-add", {
    Component: CampaignAddMenu,
    groupNumber: ACTIONS_GROUP_NUMBER,
    isDisplayed: async ({ config, model, searchModel }) =>
        MODELS.includes(searchModel?.resModel) &&
        VIEWS.includes(config.viewType) &&
        !model?.root?.selection?.length &&
        ((await user.hasGroup("mass_mailing.group_mass_mailing_user")) ||
            (await user.hasGroup("sales_team.group_sale_manager"))),
});
