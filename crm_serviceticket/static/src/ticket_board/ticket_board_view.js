import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { TicketBoardAnnouncer } from "./ticket_board_announcer";
import { TicketBoardModel } from "./ticket_board_model";
import { TicketBoardRenderer } from "./ticket_board_renderer";

export class TicketBoardController extends KanbanController {
    static template = "crm_serviceticket.TicketBoardView";
    static components = { ...KanbanController.components, TicketBoardAnnouncer };

    setup() {
        super.setup();
        this.model.boardPlace = this.props.state?.boardPlace; // see sales_board_focus.js of the Sales Board
    }

    /** @override */
    async deleteRecord(record) {
        await super.deleteRecord(record);
        await this.model.loadBoard();
    }
}

registry.category("views").add("ticket_board", {
    ...kanbanView,
    Controller: TicketBoardController,
    Model: TicketBoardModel,
    Renderer: TicketBoardRenderer,
});
