import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { humanNumber } from "@web/core/utils/numbers";
import { formatInteger } from "@web/views/fields/formatters";

const SHORT_FROM = 1e5; // on a phone: 328k, 5.2M

function decimalsOfShort(value) {
    return Math.abs(value) >= 1e6 ? 1 : 0;
}

/** A sum without cents; on a phone short. */
export function formatAmount(value, isSmall) {
    return isSmall && Math.abs(value) >= SHORT_FROM
        ? humanNumber(value, { decimals: decimalsOfShort(value) })
        : formatInteger(Math.round(value));
}

/** The same with the sign of its currency. */
export function formatTotal(value, currencyId, isSmall) {
    const humanReadable = isSmall && Math.abs(value) >= SHORT_FROM;
    const digits = [16, humanReadable ? decimalsOfShort(value) : 0];
    return formatCurrency(value, currencyId, { humanReadable, digits });
}

export function formatCount(count) {
    return formatInteger(count);
}

/** The exact sum and, where it was converted, what it is made of. */
export function currencyBreakdown(figures, measure, currencyId) {
    const exact = formatCurrency(figures[measure], currencyId);
    const parts = Object.entries(figures.currencies).filter(([, amounts]) => amounts[measure]);
    if (!parts.length) {
        return exact;
    }
    const amounts = parts.map(([id, part]) => formatCurrency(part[measure], Number(id)));
    return _t("%(total)s, converted from %(amounts)s", { total: exact, amounts: amounts.join(" + ") });
}
