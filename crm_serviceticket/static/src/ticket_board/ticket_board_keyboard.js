import { BoardKeyboard } from "@crm_salesboard/sales_board/sales_board_keyboard";
import { useCommand } from "@web/core/commands/command_hook";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { TicketBoardKeysDialog } from "./ticket_board_keys_dialog";
import { columnBeside, getMoves, hasColumns, moveCard } from "./ticket_board_moves";

const CARD = ".o_kanban_record";

/** The keys of the Sales Board, for tickets. */
class TicketKeyboard extends BoardKeyboard {
    /** @override */
    get hasColumns() {
        return hasColumns(this.model);
    }

    /** @override */
    get moveCommands() {
        const { record } = this.focus;
        return getMoves(this.model, record).map(({ id, name }) => ({ name, action: () => this.move(record, id) }));
    }

    /** @override */
    moveBeside(step) {
        const { record } = this.focus;
        const target = columnBeside(this.model, record, step);
        if (!target) {
            const message = step > 0 ? _t("This is the last column.") : _t("This is the first column.");
            this.model.bus.trigger("announce", message);
            return;
        }
        return this.move(record, target.value);
    }

    /** @override */
    async move(record, statusId) {
        if (this.isMoving) {
            return;
        }
        this.isMoving = true;
        this.focus.follow(record.resId);
        try {
            await moveCard(this.model, record, statusId);
        } finally {
            this.isMoving = false;
        }
    }

    /** @override */
    showKeys() {
        this.dialog.add(TicketBoardKeysDialog, {});
    }
}

/**
 * @param {import("@crm_salesboard/sales_board/sales_board_focus").BoardFocus} focus
 * @returns {(ev: KeyboardEvent) => void} for the element of the board, for the keys that the hotkeys of Odoo leave out
 */
export function useTicketKeyboard(model, rootRef, focus) {
    const keyboard = new TicketKeyboard(model, focus, useService("dialog"));
    const onCard = {
        area: () => rootRef.el,
        isAvailable: (target) => keyboard.hasColumns && Boolean(target.closest(CARD)) && Boolean(focus.record),
    };
    useHotkey("control+shift+arrowleft", () => keyboard.moveBeside(-1), onCard);
    useHotkey("control+shift+arrowright", () => keyboard.moveBeside(1), onCard);
    useHotkey("m", ({ target }) => keyboard.openMenu(target.closest(CARD)), onCard);
    useHotkey("control+z", () => keyboard.undo(), { isAvailable: () => Boolean(model.lastMove) });
    const moveTo = _t("Move the ticket to...");
    useCommand(moveTo, () => ({ placeholder: moveTo, providers: [{ provide: () => keyboard.moveCommands }] }), {
        category: "smart_action",
        isAvailable: () => keyboard.hasColumns && Boolean(focus.record),
    });
    useCommand(_t("Undo the last move"), () => keyboard.undo(), {
        category: "smart_action",
        isAvailable: () => Boolean(model.lastMove),
    });
    useCommand(_t("Keys of the ticket board"), () => keyboard.showKeys(), { category: "smart_action" });
    return (ev) => keyboard.onKeydown(ev);
}
