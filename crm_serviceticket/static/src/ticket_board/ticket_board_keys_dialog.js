import { Component } from "@odoo/owl";
import { isMacOS } from "@web/core/browser/feature_detection";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";

/** What can be done on the ticket board without a mouse. */
export class TicketBoardKeysDialog extends Component {
    static template = "crm_serviceticket.TicketBoardKeysDialog";
    static components = { Dialog };
    static props = { close: Function };

    get keys() {
        const control = isMacOS() ? "⌘" : "Ctrl";
        return [
            ["↑ ↓ ← →", _t("Go from card to card; ↑ on the first one goes to the search")],
            ["Enter", _t("Open the ticket")],
            [`${control} + Shift + ← →`, _t("Move the card to the column before or after")],
            ["M", _t("Open the menu of the card: move it to any column, also to close or reopen it")],
            [`${control} + Z`, _t("Undo the last move")],
            [`${control} + K`, _t("Search all commands, those of the board too")],
            ["Space", _t("Select the card")],
            ["?", _t("Show these keys")],
        ];
    }
}
