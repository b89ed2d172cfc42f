import { beforeEach, describe, expect, getFixture, test } from "@odoo/hoot";
import { makeMockEnv } from "@web/../tests/web_test_helpers";
import { describeMove, describeTotals, describeUndo } from "@crm_salesboard/sales_board/sales_board_announcer";
import { BoardFocus } from "@crm_salesboard/sales_board/sales_board_focus";
import { BoardKeyboard } from "@crm_salesboard/sales_board/sales_board_keyboard";
import { columnBeside, getMoves, moveCard } from "@crm_salesboard/sales_board/sales_board_moves";

describe.current.tags("headless");

// Words and numbers are in the language of the user.
beforeEach(() => makeMockEnv());

const INFO = {
    1: { kind: "order", name: "Order", process: "Standard" },
    2: { kind: "lost", name: "Lost", process: "Standard" },
    3: { kind: "status", name: "Prospect", process: "Standard" },
    4: { kind: "unprocessed", name: "Unprocessed", process: "Standard" },
    5: { kind: "status", name: "Offer", process: "Standard" },
    6: { kind: "status", name: "Enquiry", process: "Other" },
};

function makeGroup(value, ...resIds) {
    const records = resIds.map((resId) => ({ id: `record_${resId}`, resId, data: {} }));
    return { id: `group_${value}`, value, displayName: INFO[value].name, count: resIds.length, list: { records } };
}

/** A board with Prospect (two cards), Offer (one) and Order (none); Unprocessed and Lost are switched off. */
function makeModel() {
    const groups = [makeGroup(3, 11, 12), makeGroup(5, 13), makeGroup(1), makeGroup(6, 14)];
    const calls = [];
    return {
        calls,
        columnField: "board_column_id",
        root: {
            isGrouped: true,
            groups,
            groupByField: { name: "board_column_id" },
            moveRecord: async (...args) => calls.push(["moveRecord", ...args]),
        },
        board: { data: { info: INFO } },
        bus: { trigger: (name, detail) => calls.push([name, detail]) },
        columnInfo: (id) => INFO[id],
        columnFigures: (id) => ({ count: id === 5 ? 40 : 2, projected: 3000 }),
        moveToHiddenColumn: async (...args) => calls.push(["moveToHiddenColumn", ...args]),
        offerUndo: (record, source, target) => calls.push(["offerUndo", record.resId, source.value, target]),
    };
}

const recordOf = (model, resId) =>
    model.root.groups.flatMap(({ list }) => list.records).find((record) => record.resId === resId);

function makeFocus(model) {
    const root = document.createElement("div");
    root.innerHTML = model.root.groups
        .map(({ id, list }) => {
            const cards = list.records.map(
                (record) => `<article class="o_kanban_record" data-id="${record.id}" tabindex="0"></article>`
            );
            return `<div class="o_kanban_group" data-id="${id}" tabindex="-1">${cards.join("")}</div>`;
        })
        .join("");
    getFixture().replaceChildren(root);
    return new BoardFocus(model, { el: root });
}

const cardElement = (resId) => getFixture().querySelector(`[data-id=record_${resId}]`);

test("a card can go to the columns of its process: those of the board in their order, then those switched off", () => {
    const model = makeModel();
    const names = (resId) => getMoves(model, recordOf(model, resId)).map(({ name }) => name);
    expect(names(11)).toEqual(["Offer", "Order", "Unprocessed", "Lost"]);
    expect(names(13)).toEqual(["Prospect", "Order", "Unprocessed", "Lost"]);
    expect(names(14)).toEqual([]);
});

test("a board that is grouped by something else has no columns to go to", () => {
    const model = makeModel();
    model.root.groupByField.name = "user_id";
    expect(getMoves(model, recordOf(model, 11))).toEqual([]);
});

test("a card is moved as if it were dropped; to a column that is switched off too", async () => {
    const model = makeModel();
    await moveCard(model, recordOf(model, 11), 5);
    await moveCard(model, recordOf(model, 11), 2);
    expect(model.calls).toEqual([
        ["moveRecord", "record_11", "group_3", null, "group_5"],
        ["moveToHiddenColumn", 11, 3, 2],
        ["offerUndo", 11, 3, { value: 2, displayName: "Lost" }],
    ]);
});

test("beside the last column there is none, and that is told", () => {
    const model = makeModel();
    expect(columnBeside(model, recordOf(model, 11), 1).value).toBe(5);
    expect(columnBeside(model, recordOf(model, 11), -1)).toBe(undefined);
    const keyboard = new BoardKeyboard(model, { record: recordOf(model, 11) }, {});
    keyboard.moveBeside(-1);
    expect(String(model.calls[0][1])).toBe("This is the first column.");
});

test("a second move waits for nothing: it is not made while the first one is under way", async () => {
    const model = makeModel();
    const keyboard = new BoardKeyboard(model, { record: recordOf(model, 11), follow: () => {} }, {});
    await Promise.all([keyboard.moveBeside(1), keyboard.moveBeside(1)]);
    expect(model.calls.length).toBe(1);
});

test("the focus is found back on the same card, wherever it is", () => {
    const model = makeModel();
    const focus = makeFocus(model);
    focus.note(cardElement(12));
    expect(focus.record.resId).toBe(12);
    const [prospect, offer] = model.root.groups;
    offer.list.records.push(prospect.list.records.pop());
    makeFocus(model);
    focus.rootRef.el = getFixture().firstChild;
    focus.restore();
    expect(document.activeElement).toBe(cardElement(12));
});

test("where the card is gone the nearest one has the focus, or its empty column", () => {
    const model = makeModel();
    const focus = makeFocus(model);
    focus.note(cardElement(12));
    model.root.groups[0].list.records.pop();
    expect(focus.element).toBe(cardElement(11));
    model.root.groups[0].list.records.pop();
    expect(focus.element.dataset.id).toBe("group_3");
});

test("the focus is not taken from where somebody went", () => {
    const model = makeModel();
    const focus = makeFocus(model);
    focus.note(cardElement(12));
    focus.note(document.body);
    focus.restore();
    expect(document.activeElement).not.toBe(cardElement(12));
    expect(focus.record).toBe(undefined);
});

test("a screen reader is told from where to where, which place, and what is left", () => {
    const model = makeModel();
    const [source, target] = model.root.groups;
    const move = { resId: 13, project: "Konex", source, target };
    expect(describeMove(model, move)).toBe(
        "Moved Konex from Prospect to Offer, 1 of 40. Prospect now: 2, projected 3,000."
    );
    expect(describeUndo(model, move)).toBe("Undone: Konex is back in Prospect. Prospect now: 2, projected 3,000.");
    expect(describeMove(model, { ...move, resId: 99 })).toBe(
        "Moved Konex from Prospect to Offer. Prospect now: 2, projected 3,000."
    );
    const total = { count: 1200, projected: 5, weighted: 4, actual: 3 };
    expect(describeTotals({ total })).toBe("1,200 projects, projected 5, weighted 4, actual 3.");
});
