import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { currencies } from "@web/core/currency";
import { makeMockEnv, patchWithCleanup } from "@web/../tests/web_test_helpers";
import {
    figureTitle,
    formatFigure,
    inColumns,
    parseFolded,
    targetOf,
    toggleFolded,
} from "@crm_salesboard/customer_page/customer_blocks";

describe.current.tags("headless");

// Numbers are written as the language says.
beforeEach(() => makeMockEnv());

const BLOCKS = [
    { name: "projects", column: 1 },
    { name: "history", column: 3 },
    { name: "documents", column: 1 },
];

test("blocks stand in columns, none of them empty, and below each other on a phone", () => {
    const names = (columns) => columns.map((column) => column.map(({ name }) => name));
    expect(names(inColumns(BLOCKS, false))).toEqual([["projects", "documents"], ["history"]]);
    expect(names(inColumns(BLOCKS, true))).toEqual([["projects", "history", "documents"]]);
});

test("folding keeps what was folded before, also of blocks that are not there", () => {
    expect(parseFolded(["calls", "", "calls"])).toEqual(["calls"]);
    expect(toggleFolded(["tickets"], "calls")).toEqual(["tickets", "calls"]);
    expect(toggleFolded(["tickets", "calls"], "calls")).toEqual(["tickets"]);
});

test("sums carry the company's currency and tell what they were converted from, numbers do not", () => {
    patchWithCleanup(currencies, {
        77: { symbol: "€", position: "before", digits: [69, 2] },
        78: { symbol: "$", position: "before", digits: [69, 2] },
    });
    const sum = {
        value: 150,
        amount: true,
        parts: [
            [77, 50],
            [78, 110],
        ],
    };
    expect(formatFigure(sum, 77, false)).toBe("€\u00a0150");
    expect(figureTitle(sum, 77)).toBe("€\u00a0150.00, converted from €\u00a050.00 + $\u00a0110.00");
    expect(figureTitle({ value: 150, amount: true, parts: [] }, 77)).toBe("€\u00a0150.00");
    expect(formatFigure({ value: 1500 }, 77, false)).toBe("1,500");
    expect(figureTitle({ value: 3 }, 77)).toBe("");
});

test("a line opens its record, what it hangs on, or the page of a contact person", () => {
    expect(targetOf({ id: 7, model: "crm.lead" }).url).toBe("/odoo/crm.lead/7");
    expect(targetOf({ id: 7, model: "mail.message", open: { model: "crm.lead", id: 3 } }).action.res_id).toBe(3);
    expect(targetOf({ id: 7, model: "res.partner", customer: 7 }).url).toBe("/odoo/customer/7");
    expect(targetOf({ id: 9, model: "ir.attachment", file: {} }).url).toBe("/web/content/9");
});
