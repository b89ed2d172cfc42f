import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { mockDate } from "@odoo/hoot-mock";
import { makeMockEnv } from "@web/../tests/web_test_helpers";
import {
    getPeriodBounds,
    getPeriodDomain,
    getPeriodLabel,
    normalizePeriod,
    shiftPeriod,
} from "@crm_salesboard/sales_board/periods";

describe.current.tags("headless");

// The first day of the week is the language's.
beforeEach(() => makeMockEnv());

const days = (period) => getPeriodBounds(period).map((day) => day.toISODate());

test("a period has its first and its last day, at the end of the year and in a leap year too", () => {
    mockDate("2024-02-10 12:00:00");
    expect(days({ unit: "month", offset: 0 })).toEqual(["2024-02-01", "2024-02-29"]);
    expect(days({ unit: "month", offset: 1 })).toEqual(["2024-03-01", "2024-03-31"]);
    expect(days({ unit: "quarter", offset: 0 })).toEqual(["2024-01-01", "2024-03-31"]);
    expect(days({ unit: "quarter", start: "2017-04-01" })).toEqual(["2017-04-01", "2017-06-30"]);
    expect(days({ unit: "year", offset: 1 })).toEqual(["2025-01-01", "2025-12-31"]);
    expect(days({ unit: "range", from: "2024-01-15", to: "2024-02-03" })).toEqual(["2024-01-15", "2024-02-03"]);
});

test("next month on the 31st is the month that comes next", () => {
    mockDate("2024-01-31 12:30:00");
    expect(days({ unit: "month", offset: 1 })).toEqual(["2024-02-01", "2024-02-29"]);
});

test("a range that is exactly one quarter, month or year is that quarter, month or year", () => {
    mockDate("2026-11-23 12:00:00");
    expect(normalizePeriod({ unit: "range", from: "2017-04-01", to: "2017-06-30" })).toEqual({
        unit: "quarter",
        start: "2017-04-01",
    });
    expect(normalizePeriod({ unit: "range", from: "2026-11-01", to: "2026-11-30" })).toEqual({
        unit: "month",
        offset: 0,
    });
    expect(normalizePeriod({ unit: "range", from: "2026-01-01", to: "2026-12-31" })).toEqual({
        unit: "year",
        offset: 0,
    });
    expect(normalizePeriod({ unit: "range", from: "2017-04-02", to: "2017-06-30" }).unit).toBe("range");
    expect(normalizePeriod(null)).toBe(null);
});

test("the arrows go to the period before and after, of the same length", () => {
    mockDate("2026-11-23 12:00:00");
    expect(shiftPeriod({ unit: "month", offset: 0 }, 1)).toEqual({ unit: "month", offset: 1 });
    expect(shiftPeriod({ unit: "month", offset: 1 }, 1)).toEqual({ unit: "month", start: "2027-01-01" });
    expect(shiftPeriod({ unit: "month", start: "2027-01-01" }, -1)).toEqual({ unit: "month", offset: 1 });
    expect(shiftPeriod({ unit: "quarter", start: "2017-04-01" }, 1)).toEqual({ unit: "quarter", start: "2017-07-01" });
    expect(shiftPeriod({ unit: "range", from: "2017-04-02", to: "2017-04-11" }, 1)).toEqual({
        unit: "range",
        from: "2017-04-12",
        to: "2017-04-21",
    });
    expect(shiftPeriod(null, -1)).toEqual({ unit: "month", offset: -1 });
});

test("a period filters both days included, and a project without a date is found by its lack of one", () => {
    expect(getPeriodDomain({ unit: "quarter", start: "2017-04-01" }, "board_date")).toEqual([
        "&",
        ["board_date", ">=", "2017-04-01"],
        ["board_date", "<=", "2017-06-30"],
    ]);
    expect(getPeriodDomain({ unit: "undated" }, "board_date")).toEqual([["board_date", "=", false]]);
    expect(getPeriodDomain(null, "board_date")).toEqual([]);
});

test("a period has the name that people use for it", () => {
    mockDate("2026-11-23 12:00:00");
    expect(getPeriodLabel(null)).toBe("All dates");
    expect(getPeriodLabel({ unit: "month", offset: 0 })).toBe("This month");
    expect(getPeriodLabel({ unit: "week", offset: -1 })).toBe("Last week");
    expect(getPeriodLabel({ unit: "quarter", start: "2017-04-01" })).toBe("Q2 2017");
    expect(getPeriodLabel({ unit: "year", start: "2017-01-01" })).toBe("2017");
});
