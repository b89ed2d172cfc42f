import { useState } from "@odoo/owl";
import { badgeStyle } from "@crm_salesboard/crm_choice/contrast";
import { formatCount } from "@crm_salesboard/sales_board/figures";
import { SalesBoardColumnMenu } from "@crm_salesboard/sales_board/sales_board_column_menu";
import { _t } from "@web/core/l10n/translation";
import { KanbanHeader } from "@web/views/kanban/kanban_header";
import { STATUS_FIELD } from "./ticket_board_model";

/** The head of a column: the status in its colours, how many tickets, and how many of them are overdue. */
export class TicketBoardHeader extends KanbanHeader {
    static template = "crm_serviceticket.TicketBoardHeader";
    static components = { ...KanbanHeader.components, GroupConfigMenu: SalesBoardColumnMenu };

    setup() {
        super.setup();
        this.model = this.props.list.model;
        this.board = useState(this.model.board);
        this.formatCount = formatCount;
    }

    get isColumn() {
        return this.group.groupByField.name === STATUS_FIELD && Boolean(this.info);
    }

    get info() {
        return this.board.data?.info[this.group.value];
    }

    get overdue() {
        return this.board.data?.overdue[this.group.value] || 0;
    }

    get colors() {
        return badgeStyle(this.info);
    }

    /** The number as screen readers say it. */
    get countLabel() {
        return this.group.count === 1 ? _t("1 ticket") : _t("%s tickets", formatCount(this.group.count));
    }

    get addLabel() {
        return _t("Add a ticket to %s", this.group.displayName);
    }

    get unfoldLabel() {
        return _t("Unfold %s", this.group.displayName);
    }

    /** @override A ticket is not closed before it is there. */
    canQuickCreate() {
        return super.canQuickCreate() && !(this.isColumn && this.info.closes);
    }
}
