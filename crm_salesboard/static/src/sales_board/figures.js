import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";

/** A sum without cents; on a phone short (5.2M). */
export function formatAmount(value, isSmall) {
    return isSmall && Math.abs(value) >= 1e5
        ? formatFloat(value, { humanReadable: true, decimals: 0 })
        : formatInteger(Math.round(value));
}

/** The same with the sign of its currency. */
export function formatTotal(value, currencyId, isSmall) {
    return isSmall && Math.abs(value) >= 1e5
        ? formatCurrency(value, currencyId, { humanReadable: true })
        : formatCurrency(Math.round(value), currencyId, { digits: [69, 0], trailingZeros: false });
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
