import { Component, useEffect, useState, xml } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useBus } from "@web/core/utils/hooks";
import { formatAmount, formatCount, formatTotal } from "./figures";
import { columnOf } from "./sales_board_moves";

/** Tells screen readers, in a region that nobody sees, what a look at a board would tell. */
export class BoardAnnouncer extends Component {
    static template = xml`
        <div class="o_salesboard_announcer visually-hidden" role="status" aria-live="polite" aria-atomic="true"
            t-esc="state.message"/>`;
    static props = { model: Object };

    setup() {
        const { model } = this.props;
        this.state = useState({ message: "" });
        useBus(model.bus, "announce", ({ detail }) => this.say(detail));
        useBus(model.bus, "card-moved", ({ detail }) => this.say(this.describeMove(detail)));
        useBus(model.bus, "move-undone", ({ detail }) => this.say(this.describeUndo(detail)));
    }

    say(message) {
        // the same words twice in a row are two messages, and only what differs is read
        this.state.message = message === this.state.message ? `${message}\u00a0` : message;
    }
}

/** What the Sales Board tells, with its sums. */
export class SalesBoardAnnouncer extends BoardAnnouncer {
    setup() {
        super.setup();
        this.board = useState(this.props.model.board);
        useBus(this.env.searchModel, "update", () => (this.isFiltering = true));
        useEffect(
            (data) => this.onFigures(data),
            () => [this.board.data]
        );
    }

    /** The figures come with every change; they are read out after a search, and after a move that of its columns. */
    onFigures(data) {
        if (data && this.isFiltering) {
            this.isFiltering = false;
            this.say(describeTotals(data));
        }
    }

    /** @override */
    describeMove(move) {
        return describeMove(this.props.model, move);
    }

    /** @override */
    describeUndo(move) {
        return describeUndo(this.props.model, move);
    }
}

export function describeMove(model, { resId, project, source, target }) {
    const moved = { project, source: source.displayName, target: target.displayName };
    const group = columnOf(model, resId);
    if (!group || group.isFolded) {
        return [_t("Moved %(project)s from %(source)s to %(target)s.", moved), describeColumn(model, source)].join(" ");
    }
    const position = formatCount(group.list.records.findIndex((record) => record.resId === resId) + 1);
    const count = formatCount(model.columnFigures(target.value)?.count || group.count);
    return [
        _t("Moved %(project)s from %(source)s to %(target)s, %(position)s of %(count)s.", {
            ...moved,
            position,
            count,
        }),
        describeColumn(model, source),
    ].join(" ");
}

export function describeUndo(model, { project, source }) {
    return [
        _t("Undone: %(project)s is back in %(source)s.", { project, source: source.displayName }),
        describeColumn(model, source),
    ].join(" ");
}

function describeColumn(model, { value, displayName }) {
    const { count, projected } = model.columnFigures(value) || { count: 0, projected: 0 };
    return _t("%(column)s now: %(count)s, projected %(projected)s.", {
        column: displayName,
        count: formatCount(count),
        projected: formatAmount(projected),
    });
}

export function describeTotals({ total, currency_id: currency }) {
    return _t("%(count)s projects, projected %(projected)s, weighted %(weighted)s, actual %(actual)s.", {
        count: formatCount(total.count),
        projected: formatTotal(total.projected, currency),
        weighted: formatTotal(total.weighted, currency),
        actual: formatTotal(total.actual, currency),
    });
}
