import { deserializeDate, deserializeDateTime, toLocaleDateString, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { formatCount, formatTotal } from "../sales_board/figures";

const DAY = 10; // as in 2030-01-31
const COLUMNS = [1, 2, 3];

/** The blocks by column, without columns that would be empty. */
export function inColumns(blocks, isSmall) {
    if (isSmall) {
        return [blocks];
    }
    return COLUMNS.map((column) => blocks.filter((block) => block.column === column)).filter((found) => found.length);
}

/** The names that a setting holds, each once. */
export function parseFolded(names) {
    return [...new Set(names.filter(Boolean))];
}

/** Fold a block, or unfold it; those that this user does not see at present stay as they are. */
export function toggleFolded(folded, name) {
    return folded.includes(name) ? folded.filter((other) => other !== name) : [...folded, name];
}

/** A day, or a point of time in the user's own zone, as servers write them. */
export function formatWhen(value) {
    if (!value) {
        return "";
    }
    return value.length === DAY
        ? toLocaleDateString(deserializeDate(value))
        : toLocaleDateTimeString(deserializeDateTime(value), { showSeconds: false });
}

/** A figure of a block as it is shown, short on a phone. */
export function formatFigure({ value, amount }, currencyId, isSmall) {
    return amount ? formatTotal(value, currencyId, isSmall) : formatCount(value);
}

/** The exact sum and, where it was converted, what it is made of. */
export function figureTitle({ value, amount, parts }, currencyId) {
    if (!amount) {
        return "";
    }
    const exact = formatCurrency(value, currencyId);
    const amounts = (parts || []).filter(([, part]) => part).map(([id, part]) => formatCurrency(part, Number(id)));
    return amounts.length
        ? _t("%(total)s, converted from %(amounts)s", { total: exact, amounts: amounts.join(" + ") })
        : exact;
}

/** What a click on a line opens. */
export function targetOf(line) {
    if (line.customer) {
        return {
            url: `/odoo/customer/${line.customer}`,
            action: { type: "ir.actions.client", tag: "crm_customer_page", params: { resId: line.customer } },
        };
    }
    const { model, id } = line.open || line;
    return {
        url: line.file ? `/web/content/${line.id}` : `/odoo/${model}/${id}`,
        action: { type: "ir.actions.act_window", res_model: model, res_id: id, views: [[false, "form"]] },
    };
}
