import { formatCount } from "@crm_salesboard/sales_board/figures";
import { boardHeader } from "@crm_salesboard/sales_board/sales_board_header";
import { _t } from "@web/core/l10n/translation";
import { KanbanHeader } from "@web/views/kanban/kanban_header";

/** The head of a column: the status in its colours, how many tickets, and how many of them are overdue. */
export class TicketBoardHeader extends boardHeader(KanbanHeader) {
    static template = "crm_serviceticket.TicketBoardHeader";

    get overdue() {
        return this.board.data?.overdue[this.group.value] || 0;
    }

    /** The number as screen readers say it. */
    get countLabel() {
        return this.group.count === 1 ? _t("1 ticket") : _t("%s tickets", formatCount(this.group.count));
    }

    get addLabel() {
        return _t("Add a ticket to %s", this.group.displayName);
    }

    /** @override A ticket is not closed before it is there. */
    canQuickCreate() {
        return super.canQuickCreate() && !(this.isColumn && this.info.closes);
    }
}
