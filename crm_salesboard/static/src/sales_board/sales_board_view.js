import { onWillStart, useState } from "@odoo/owl";
import { CrmKanbanRenderer } from "@crm/views/crm_kanban/crm_kanban_renderer";
import { crmKanbanView } from "@crm/views/crm_kanban/crm_kanban_view";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { listView } from "@web/views/list/list_view";
import { CrmChoiceSearchPanel } from "../crm_choice/crm_choice_search_panel";
import { SalesBoardBar } from "./sales_board_bar";
import { SalesBoardHeader } from "./sales_board_header";
import { SalesBoardModel } from "./sales_board_model";
import { SalesBoardSearchModel } from "./sales_board_search_model";

export class SalesBoardRenderer extends CrmKanbanRenderer {
    static components = { ...CrmKanbanRenderer.components, KanbanHeader: SalesBoardHeader };

    /** @override */
    async validateQuickCreate() {
        await super.validateQuickCreate(...arguments);
        await this.props.list.model.loadBoard();
    }

    /** @override An empty column says enough; the sums tell that there is nothing. */
    get showNoContentHelper() {
        return super.showNoContentHelper && !this.props.list.groups?.length;
    }
}

export class SalesBoardController extends crmKanbanView.Controller {
    static template = "crm_salesboard.SalesBoardView";
    static components = { ...crmKanbanView.Controller.components, SalesBoardBar };

    setup() {
        super.setup();
        this.board = useState(this.model.board);
        onWillStart(async () => {
            this.isManager = await user.hasGroup("sales_team.group_sale_manager");
        });
    }

    /** @override The sums follow every change made on a card. */
    onRecordSaved(record) {
        super.onRecordSaved(record);
        if (!record.expectedColumn) {
            this.model.loadBoard();
        }
    }

    /** @override */
    async deleteRecord(record) {
        await super.deleteRecord(record);
        await this.model.loadBoard();
    }

    switchTeamsOn() {
        return this.actionService.doAction("crm_salesboard.crm_team_process_switch_action");
    }
}

export const salesBoardView = {
    ...crmKanbanView,
    Controller: SalesBoardController,
    Model: SalesBoardModel,
    Renderer: SalesBoardRenderer,
    SearchModel: SalesBoardSearchModel,
};
registry.category("views").add("salesboard_kanban", salesBoardView);
registry.category("views").add("salesboard_list", {
    ...listView,
    SearchModel: SalesBoardSearchModel,
    SearchPanel: CrmChoiceSearchPanel,
});
