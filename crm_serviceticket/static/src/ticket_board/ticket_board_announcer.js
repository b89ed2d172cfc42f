import { formatCount } from "@crm_salesboard/sales_board/figures";
import { BoardAnnouncer } from "@crm_salesboard/sales_board/sales_board_announcer";
import { columnOf } from "@crm_salesboard/sales_board/sales_board_moves";
import { _t } from "@web/core/l10n/translation";

/** What the ticket board tells screen readers. */
export class TicketBoardAnnouncer extends BoardAnnouncer {
    /** @override */
    describeMove({ resId, ticket, source, target }) {
        const moved = { ticket, source: source.displayName, target: target.displayName };
        const group = columnOf(this.props.model, resId);
        if (!group || group.isFolded) {
            return _t("Moved %(ticket)s from %(source)s to %(target)s.", moved);
        }
        const position = group.list.records.findIndex((record) => record.resId === resId) + 1;
        return _t("Moved %(ticket)s from %(source)s to %(target)s, %(position)s of %(count)s.", {
            ...moved,
            position: formatCount(position),
            count: formatCount(group.count),
        });
    }

    /** @override */
    describeUndo({ ticket, source }) {
        return _t("Undone: %(ticket)s is back in %(source)s.", { ticket, source: source.displayName });
    }
}
