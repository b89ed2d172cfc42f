import { SalesBoardCard } from "@crm_salesboard/sales_board/sales_board_card";
import { _t } from "@web/core/l10n/translation";
import { getMoves, moveCard } from "./ticket_board_moves";

/** A card: named by number, customer and subject, with the columns it can go to in its menu. */
export class TicketBoardCard extends SalesBoardCard {
    /** @override */
    get customer() {
        const { partner_id: partner, email_from: email } = this.props.record.data;
        return partner?.display_name || email || "";
    }

    /** @override */
    get cardLabel() {
        const { number, name, is_overdue: isOverdue } = this.props.record.data;
        return [number, this.customer, name, isOverdue && _t("overdue")].filter(Boolean).join(", ");
    }

    /** @override */
    get menuLabel() {
        return _t("Actions for %s", this.props.record.data.number);
    }

    /** @override */
    get moves() {
        return getMoves(this.props.record.model, this.props.record);
    }

    /** @override */
    moveTo({ id }) {
        return moveCard(this.props.record.model, this.props.record, id);
    }
}
