import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { mockTimeZone } from "@odoo/hoot-mock";
import { makeMockEnv } from "@web/../tests/web_test_helpers";
import { describeValue, getValueDomain, normalizeValue, rangeError } from "@crm_salesboard/search_list/search_values";

describe.current.tags("headless");

// The words are the language's.
beforeEach(() => makeMockEnv());

const control = (mode, type, path = "city") => ({ mode, type, path, label: "Field" });

describe("what is set", () => {
    test("an empty control asks for nothing", () => {
        for (const value of [null, undefined, []]) {
            expect(normalizeValue("dropdown", value)).toBe(null);
        }
        for (const value of [null, undefined, "", "   "]) {
            expect(normalizeValue("text", value)).toBe(null);
        }
        for (const value of [null, {}, { from: "", to: "" }]) {
            expect(normalizeValue("range", value)).toBe(null);
        }
    });

    test("nought, no, and no value at all are something to ask for", () => {
        expect(normalizeValue("dropdown", [{ value: false, label: "Not set" }])).not.toBe(null);
        expect(normalizeValue("range", { from: 0, to: "" })).toEqual({ from: "0", to: "" });
    });

    test("a range has to be in order", () => {
        expect(rangeError("integer", { from: "9", to: "10" })).toBe("");
        expect(rangeError("integer", { from: "10", to: "9" })).not.toBe("");
        expect(rangeError("float", { from: "5", to: "" })).toBe("");
        expect(rangeError("date", { from: "2024-05-02", to: "2024-05-01" })).not.toBe("");
        expect(rangeError("date", { from: "2024-05-01", to: "2024-05-01" })).toBe("");
    });
});

describe("what is searched for", () => {
    const cases = [
        ["dropdown", "char", [{ value: 'O\'Neill "x"', label: "" }], `[("city", "in", ["O'Neill \\"x\\""])]`],
        ["dropdown", "many2one", [{ value: 3 }, { value: false }], `[("city", "in", [3, False])]`],
        ["dropdown", "boolean", [{ value: true }], `[("city", "in", [True])]`],
        ["text", "char", "100 %", `[("city", "ilike", "100 %")]`],
        ["range", "integer", { from: "0", to: "" }, `[("city", ">=", 0)]`],
        ["range", "float", { from: "", to: "1.5" }, `[("city", "<=", 1.5)]`],
        [
            "range",
            "date",
            { from: "2024-05-01", to: "2024-05-31" },
            `["&", ("city", ">=", "2024-05-01"), ("city", "<=", "2024-05-31")]`,
        ],
    ];
    for (const [mode, type, value, domain] of cases) {
        test(`${mode} of ${type} ${JSON.stringify(value)}`, () => {
            expect(getValueDomain(control(mode, type), value)).toBe(domain);
        });
    }

    test("a moment in time is searched by the days of the user", () => {
        mockTimeZone(+2);
        const value = { from: "2024-05-01", to: "2024-05-01" };
        expect(getValueDomain(control("range", "datetime"), value)).toBe(
            `["&", ("city", ">=", "2024-04-30 22:00:00"), ("city", "<=", "2024-05-01 21:59:59")]`
        );
    });
});

describe("what the search bar says", () => {
    const choices = ["A", "B", "C", "D", "E"].map((label) => ({ value: label, label }));

    test("the first choices, and how many more", () => {
        expect(describeValue(control("dropdown", "char"), choices.slice(0, 2))).toBe("Field: A, B");
        expect(describeValue(control("dropdown", "char"), choices)).toBe("Field: A, B, C and 2 more");
    });

    test("a text as it was typed", () => {
        expect(describeValue(control("text", "char"), "<b>")).toBe("Field: <b>");
    });

    test("both ends of a range, or one", () => {
        const numbers = control("range", "integer");
        expect(describeValue(numbers, { from: "1", to: "5" })).toBe("Field: 1 – 5");
        expect(describeValue(numbers, { from: "1", to: "" })).toBe("Field: ≥ 1");
        expect(describeValue(numbers, { from: "", to: "5" })).toBe("Field: ≤ 5");
        expect(describeValue(numbers, { from: "1234.5", to: "" })).toBe("Field: ≥ 1,234.5");
    });
});
