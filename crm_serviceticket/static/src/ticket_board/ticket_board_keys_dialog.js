import { SalesBoardKeysDialog } from "@crm_salesboard/sales_board/sales_board_keys_dialog";
import { _t } from "@web/core/l10n/translation";

/** What can be done on the ticket board without a mouse. */
export class TicketBoardKeysDialog extends SalesBoardKeysDialog {
    static template = "crm_serviceticket.TicketBoardKeysDialog";

    /** @override There is no value to edit on a card. */
    get keys() {
        const own = {
            Enter: _t("Open the ticket"),
            M: _t("Open the menu of the card: move it to any column, also to close or reopen it"),
        };
        return super.keys.filter(([key]) => key !== "E").map(([key, text]) => [key, own[key] || text]);
    }
}
