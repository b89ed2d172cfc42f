import { BoardKeyboard } from "@crm_salesboard/sales_board/sales_board_keyboard";
import { _t } from "@web/core/l10n/translation";
import { TicketBoardKeysDialog } from "./ticket_board_keys_dialog";
import { getMoves, moveCard } from "./ticket_board_moves";

/** The keys of the Sales Board, for tickets. */
export class TicketBoardKeyboard extends BoardKeyboard {
    static KeysDialog = TicketBoardKeysDialog;

    /** @override */
    get labels() {
        return { moveTo: _t("Move the ticket to..."), keys: _t("Keys of the ticket board") };
    }

    /** @override */
    getMoves(record) {
        return getMoves(this.model, record);
    }

    /** @override */
    moveCard(record, statusId) {
        return moveCard(this.model, record, statusId);
    }
}
