import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { currencies } from "@web/core/currency";
import { makeMockEnv, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { currencyBreakdown, formatAmount, formatTotal } from "@crm_salesboard/sales_board/figures";

describe.current.tags("headless");

// Numbers are written as the language says.
beforeEach(() => makeMockEnv());

test("sums are written without cents, on a phone short", () => {
    expect(formatAmount(3086111.4, false)).toBe("3,086,111");
    expect(formatAmount(3086111.4, true)).toBe("3.1M");
    expect(formatAmount(327700, true)).toBe("328k");
    expect(formatAmount(5200, true)).toBe("5,200");
});

test("a total carries the sign of the company's currency", () => {
    patchWithCleanup(currencies, { 77: { symbol: "€", position: "before", digits: [69, 2] } });
    expect(formatTotal(3086111.4, 77, false)).toBe("€\u00a03,086,111");
    expect(formatTotal(3086111.4, 77, true)).toBe("€\u00a03.1M");
});

test("hovering a converted sum tells what it is made of", () => {
    patchWithCleanup(currencies, {
        77: { symbol: "€", position: "before", digits: [69, 2] },
        78: { symbol: "$", position: "before", digits: [69, 2] },
    });
    const figures = { projected: 150, currencies: { 77: { projected: 50 }, 78: { projected: 110 } } };
    expect(currencyBreakdown(figures, "projected", 77)).toBe(
        "€\u00a0150.00, converted from €\u00a050.00 + $\u00a0110.00"
    );
    expect(currencyBreakdown({ projected: 50, currencies: {} }, "projected", 77)).toBe("€\u00a050.00");
});
