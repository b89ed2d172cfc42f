import { SalesBoardColumns } from "@crm_salesboard/sales_board/sales_board_columns";
import { formatCount } from "@crm_salesboard/sales_board/figures";

/** On a phone: which columns there are, which one is seen, and a tap to go to another. */
export class TicketBoardColumns extends SalesBoardColumns {
    /** @override */
    count(group) {
        return formatCount(group.count);
    }
}
