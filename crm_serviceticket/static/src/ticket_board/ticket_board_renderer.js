import { useLoadOnScroll } from "@crm_salesboard/sales_board/load_on_scroll";
import { useBoardFocus } from "@crm_salesboard/sales_board/sales_board_focus";
import { SalesBoardQuickCreate } from "@crm_salesboard/sales_board/sales_board_quick_create";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { TicketBoardCard } from "./ticket_board_card";
import { TicketBoardColumns } from "./ticket_board_columns";
import { TicketBoardHeader } from "./ticket_board_header";
import { useTicketKeyboard } from "./ticket_board_keyboard";
import { hasColumns } from "./ticket_board_moves";

// A screenful or two, once the first cards of a column have been scrolled through.
const NEXT_CARDS = 40;

export class TicketBoardRenderer extends KanbanRenderer {
    static template = "crm_serviceticket.TicketBoardRenderer";
    static components = {
        ...KanbanRenderer.components,
        KanbanHeader: TicketBoardHeader,
        KanbanRecord: TicketBoardCard,
        KanbanRecordQuickCreate: SalesBoardQuickCreate,
        SalesBoardColumns: TicketBoardColumns,
    };

    setup() {
        super.setup();
        const { model } = this.props.list;
        useLoadOnScroll(this.rootRef, (groupId) => {
            const group = this.props.list.groups?.find(({ id }) => id === groupId);
            return group && this.loadMore(group);
        });
        this.focus = useBoardFocus(model, this.rootRef);
        this.onKeydown = useTicketKeyboard(model, this.rootRef, this.focus);
    }

    get hasColumns() {
        return hasColumns(this.props.list.model);
    }

    /** @override */
    loadMore(group) {
        return group.list.loadNext(NEXT_CARDS);
    }

    /** @override An unfolded column keeps the focus that its button had. */
    async onGroupClick(group) {
        const unfolds = group.isFolded;
        await super.onGroupClick(...arguments);
        if (unfolds && !group.isFolded) {
            this.focus.toColumn(group);
        }
    }

    /** @override */
    async validateQuickCreate() {
        await super.validateQuickCreate(...arguments);
        await this.props.list.model.loadBoard();
    }
}
