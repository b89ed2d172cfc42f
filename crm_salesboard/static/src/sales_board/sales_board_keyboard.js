import { useCommand } from "@web/core/commands/command_hook";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { columnBeside, getMoves, hasColumns, moveCard } from "./sales_board_moves";
import { SalesBoardKeysDialog } from "./sales_board_keys_dialog";

const CARD = ".o_kanban_record";
const CONTROLS = "button, a[href], [role=button], [role=radio]";

/**
 * The keys of the board, beside those of Odoo's kanban (arrows, Enter, Space). Single letters act on the card that has
 * the focus and nowhere else (WCAG 2.1.4); nothing is bound to Alt, Odoo's own modifier, nor to Ctrl+Alt, the screen
 * readers'. The columns are a menu and not a mode in which the arrows carry the card: a menu is announced by every
 * screen reader as it is, and no column on the way asks for its reason.
 *
 * @param {BoardFocus} focus
 * @param {typeof BoardKeyboard} Keyboard of which board
 * @returns {(ev: KeyboardEvent) => void} for the element of the board, for the keys that the hotkeys of Odoo leave out
 */
export function useBoardKeyboard(model, rootRef, focus, Keyboard) {
    const dialog = useService("dialog");
    const keyboard = new Keyboard(model, focus, dialog);
    const onCard = {
        area: () => rootRef.el,
        isAvailable: (target) => keyboard.hasColumns && Boolean(target.closest(CARD)) && Boolean(focus.record),
    };
    useHotkey("control+shift+arrowleft", () => keyboard.moveBeside(-1), onCard);
    useHotkey("control+shift+arrowright", () => keyboard.moveBeside(1), onCard);
    useHotkey("m", ({ target }) => keyboard.openMenu(target.closest(CARD)), onCard);
    useHotkey("e", ({ target }) => keyboard.editValue(target.closest(CARD)), {
        ...onCard,
        isAvailable: (target) => Boolean(target.closest(CARD)?.querySelector(".o_salesboard_edit")),
    });
    useHotkey("control+z", () => keyboard.undo(), { isAvailable: () => Boolean(model.lastMove) });
    useBoardCommands(keyboard);
    return (ev) => keyboard.onKeydown(ev);
}

/** What the board can do from the command palette. */
function useBoardCommands(keyboard) {
    const { model, focus } = keyboard;
    const { moveTo, keys } = keyboard.labels;
    useCommand(moveTo, () => ({ placeholder: moveTo, providers: [{ provide: () => keyboard.moveCommands }] }), {
        category: "smart_action",
        isAvailable: () => keyboard.hasColumns && Boolean(focus.record),
    });
    useCommand(_t("Undo the last move"), () => keyboard.undo(), {
        category: "smart_action",
        isAvailable: () => Boolean(model.lastMove),
    });
    useCommand(keys, () => keyboard.showKeys(), { category: "smart_action" });
}

/** What the keys do. Another board extends it with its own moves and words. */
export class BoardKeyboard {
    static KeysDialog = SalesBoardKeysDialog;

    constructor(model, focus, dialog) {
        this.model = model;
        this.focus = focus;
        this.dialog = dialog;
        this.isMoving = false;
    }

    get labels() {
        return { moveTo: _t("Move the project to..."), keys: _t("Keys of the Sales Board") };
    }

    getMoves(record) {
        return getMoves(this.model, record);
    }

    moveCard(record, columnId) {
        return moveCard(this.model, record, columnId);
    }

    get hasColumns() {
        return hasColumns(this.model);
    }

    get moveCommands() {
        const { record } = this.focus;
        return this.getMoves(record).map(({ id, name }) => ({ name, action: () => this.move(record, id) }));
    }

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

    /** One move at a time: a card is not sent on while the server is asked about the move before. */
    async move(record, columnId) {
        if (this.isMoving) {
            return;
        }
        this.isMoving = true;
        this.focus.follow(record.resId);
        try {
            await this.moveCard(record, columnId);
        } finally {
            this.isMoving = false;
        }
    }

    undo() {
        const { resId, undo } = this.model.lastMove;
        this.focus.follow(resId);
        return undo();
    }

    openMenu(card) {
        card.querySelector(".o_dropdown_kanban button").click();
    }

    editValue(card) {
        card.querySelector(".o_salesboard_edit").click();
    }

    showKeys() {
        this.dialog.add(this.constructor.KeysDialog, {});
    }

    onKeydown(ev) {
        const control = ev.target.closest(CONTROLS);
        if (control && (ev.key === "Enter" || ev.key === " ")) {
            this.activate(control, ev);
        } else if (ev.key === "?" && !ev.target.matches("input, textarea, select, [contenteditable=true]")) {
            ev.preventDefault();
            this.showKeys();
        }
    }

    /** Enter and Space are hotkeys of Odoo's kanban for a card, which would take them from the buttons on it. */
    activate(control, ev) {
        ev.stopPropagation();
        if (ev.key === " " && control.tagName !== "BUTTON") {
            ev.preventDefault();
            control.click();
        }
    }
}
