import { boardRenderer } from "@crm_salesboard/sales_board/sales_board_renderer";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { TicketBoardCard } from "./ticket_board_card";
import { TicketBoardColumns } from "./ticket_board_columns";
import { TicketBoardHeader } from "./ticket_board_header";
import { TicketBoardKeyboard } from "./ticket_board_keyboard";

const BoardRenderer = boardRenderer(KanbanRenderer);

export class TicketBoardRenderer extends BoardRenderer {
    static template = "crm_serviceticket.TicketBoardRenderer";
    static components = {
        ...BoardRenderer.components,
        KanbanHeader: TicketBoardHeader,
        KanbanRecord: TicketBoardCard,
        SalesBoardColumns: TicketBoardColumns,
    };
    static Keyboard = TicketBoardKeyboard;
}
