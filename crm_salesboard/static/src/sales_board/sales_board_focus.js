import { onMounted, onPatched, useExternalListener } from "@odoo/owl";
import { useSetupAction } from "@web/search/action_hook";
import { useBus, useService } from "@web/core/utils/hooks";

const OVERLAYS = ".o-overlay-container, .o_notification_manager, .o_dialog";

/**
 * Where the focus is on the board, so that it is found back when cards are drawn anew: after a move, a reload, a
 * dialog, or a project that was opened. It is on the same card, wherever that is now, or on the one nearest to where it was.
 */
export class BoardFocus {
    constructor(model, rootRef) {
        this.model = model;
        this.rootRef = rootRef;
    }

    /** @returns {{resId: number|undefined, column: any, index: number}|undefined} */
    get place() {
        return this.model.boardPlace;
    }

    set place(place) {
        this.model.boardPlace = place;
    }

    get groups() {
        const { root } = this.model;
        return root.isGrouped ? root.groups : [{ list: root, value: false }];
    }

    /** The record of the card that has the focus, or had it before a menu or dialog opened. */
    get record() {
        return this.place && this.find(this.place.resId)?.record;
    }

    find(resId) {
        for (const group of this.groups) {
            const record = resId && group.list.records.find((one) => one.resId === resId);
            if (record) {
                return { group, record };
            }
        }
    }

    /** Note where the focus went; what opens above the board does not count. */
    note(target) {
        if (!(target instanceof Element) || target.closest(OVERLAYS)) {
            return;
        }
        this.place = this.rootRef.el?.contains(target) ? this.placeOf(target) : undefined;
    }

    placeOf(target) {
        const cardId = target.closest(".o_kanban_record")?.dataset.id;
        for (const { list, value } of cardId ? this.groups : []) {
            const index = list.records.findIndex((record) => record.id === cardId);
            if (index >= 0) {
                return { resId: list.records[index].resId, column: value, index };
            }
        }
        const columnId = target.closest(".o_kanban_group")?.dataset.id;
        const column = this.groups.find(({ id }) => id === columnId);
        const isBelow = target.closest(".o_kanban_load_more");
        return column && { column: column.value, index: isBelow ? column.list.records.length : 0 };
    }

    /** Put the focus back, if it went with what was drawn before. */
    restore() {
        if (this.place && (!document.activeElement || document.activeElement === document.body)) {
            this.element?.focus({ preventScroll: !this.follows });
            this.follows = false;
        }
    }

    /** The card of the noted place, or the nearest one. */
    get element() {
        const { resId, column, index } = this.place;
        const found = this.find(resId);
        if (found) {
            return this.elementOf(found.record);
        }
        const group = this.groups.find((one) => one.value === column) || this.groups[0];
        const { records } = group?.list || { records: [] };
        const nearest = records[Math.min(index, records.length - 1)];
        return nearest ? this.elementOf(nearest) : group && this.elementOf(group);
    }

    elementOf({ id }) {
        return this.rootRef.el?.querySelector(`[data-id="${id}"]`);
    }

    /** The focus goes along with a card that is about to move, and the board scrolls to where it is. */
    follow(resId) {
        this.follows = true;
        this.place = { ...this.place, resId };
    }

    toColumn(group) {
        this.place = { column: group.value, index: 0 };
        this.element?.focus();
    }
}

/** @returns {BoardFocus} */
export function useBoardFocus(model, rootRef) {
    const focus = new BoardFocus(model, rootRef);
    const ui = useService("ui");
    useExternalListener(document, "focusin", (ev) => focus.note(ev.target));
    useExternalListener(document, "pointerdown", (ev) => focus.note(ev.target), { capture: true });
    // a dialog that closes gives the focus back to a card that may be gone
    useBus(ui.bus, "active-element-changed", () => setTimeout(() => focus.restore()));
    useSetupAction({ getLocalState: () => ({ boardPlace: focus.place }) });
    onPatched(() => focus.restore());
    onMounted(() => {
        if (focus.place?.resId) {
            focus.element?.focus(); // back from the project that was opened
        }
    });
    return focus;
}
