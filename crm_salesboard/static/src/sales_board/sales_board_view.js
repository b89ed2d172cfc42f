import { useState } from "@odoo/owl";
import { crmKanbanView } from "@crm/views/crm_kanban/crm_kanban_view";
import { registry } from "@web/core/registry";
import { listView } from "@web/views/list/list_view";
import { CrmChoiceSearchPanel } from "../crm_choice/crm_choice_search_panel";
import { SalesBoardAnnouncer } from "./sales_board_announcer";
import { SalesBoardBar } from "./sales_board_bar";
import { SalesBoardModel } from "./sales_board_model";
import { SalesBoardRenderer } from "./sales_board_renderer";
import { SalesBoardSearchModel } from "./sales_board_search_model";

export class SalesBoardController extends crmKanbanView.Controller {
    static template = "crm_salesboard.SalesBoardView";
    static components = { ...crmKanbanView.Controller.components, SalesBoardAnnouncer, SalesBoardBar };

    setup() {
        super.setup();
        this.board = useState(this.model.board);
        this.model.boardPlace = this.props.state?.boardPlace; // see sales_board_focus.js
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
/** The same list where it must show what it was given, and no more: what the bar was set to before is left out. */
registry.category("views").add("salesboard_list_as_given", { ...listView, SearchPanel: CrmChoiceSearchPanel });
