import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatPercentage } from "@web/views/fields/formatters";
import { badgeStyle } from "@crm_salesboard/crm_choice/contrast";
import { formatCount, formatTotal } from "@crm_salesboard/sales_board/figures";

/** @returns {string} how many projects these are, in words */
export function countInWords(count) {
    return count === 1 ? _t("1 project") : _t("%s projects", formatCount(count));
}

/** @returns {string} the number of projects and their exact value */
export function inWords({ count, projected }, currencyId) {
    return _t("%(projects)s, %(value)s", {
        projects: countInWords(count),
        value: formatCurrency(projected, currencyId),
    });
}

function formatShare(share) {
    return typeof share === "number" ? formatPercentage(share, { digits: [false, 0] }) : "";
}

function formatDays(days) {
    return typeof days === "number" ? formatFloat(days, { digits: [false, 1], trailingZeros: false }) : "";
}

/**
 * The processes of a funnel as they are shown, for one figure.
 *
 * @param {{processes: Object[], currency_id: number}} funnel as ``crm.lead.get_funnel`` gives it
 * @param {Object|null} days the medians by column, null while they are on their way
 * @param {"count"|"projected"} figure
 * @param {boolean} isSmall on a phone amounts are short
 */
export function presentFunnel(funnel, days, figure, isSmall) {
    const present = new Presentation(funnel.currency_id, days, figure, isSmall);
    return funnel.processes.map((process) => present.process(process));
}

class Presentation {
    constructor(currencyId, days, figure, isSmall) {
        Object.assign(this, { currencyId, days, figure, isSmall });
    }

    process({ id, name, won, steps }) {
        const widest = Math.max(...steps.map(({ reached }) => reached[this.figure]), 0);
        return { id, name, won: this.won(won), steps: steps.map((step) => this.step(step, widest)) };
    }

    won({ count, projected, actual }) {
        return _t("Won: %(projects)s, projected %(projected)s, actual %(actual)s", {
            projects: countInWords(count),
            projected: this.format(projected, "projected"),
            actual: this.format(actual, "projected"),
        });
    }

    step(step, widest) {
        const { column_id: id, name, reached, next, open, dropped } = step;
        const part = (figures, kind) => this.part(figures, kind, name);
        return {
            id,
            name,
            badge: badgeStyle(step),
            width: widest > 0 ? Math.max((reached[this.figure] / widest) * 100, 0) : 0,
            reached: part(reached, _t("got as far as this")),
            next: formatShare(next[this.figure]),
            days: this.days && formatDays(this.days[id]),
            open: part(open, _t("still open")),
            dropped: part(dropped, _t("dropped out")),
            reasons: this.reasons(step.reasons),
        };
    }

    /** A number that opens what it counts: how it is written, and how it is told in full. */
    part(figures, kind, name) {
        return {
            count: figures.count,
            text: this.format(figures[this.figure]),
            label: _t("%(status)s, %(part)s: %(figure)s", {
                status: name,
                part: kind,
                figure: this.figure === "count" ? countInWords(figures.count) : this.format(figures.projected),
            }),
            title: inWords(figures, this.currencyId),
        };
    }

    reasons(reasons) {
        const outcomes = { lost: _t("Lost"), cancelled: _t("Cancelled") };
        const sorted = [...reasons].sort((one, other) => other[this.figure] - one[this.figure]);
        return sorted.map(({ id, kind, name, ...figures }) => ({
            key: `${kind}-${id}`,
            id,
            kind,
            name,
            text: this.format(figures[this.figure]),
            title: `${outcomes[kind]}: ${inWords(figures, this.currencyId)}`,
        }));
    }

    format(value, figure = this.figure) {
        return figure === "count" ? formatCount(value) : formatTotal(value, this.currencyId, this.isSmall);
    }
}
