import { formatCount } from "@crm_salesboard/sales_board/figures";
import { Component, useState, xml } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useBus } from "@web/core/utils/hooks";
import { columnOf } from "./ticket_board_moves";

/** Tells screen readers, in a region that nobody sees, what a look at the board would tell. */
export class TicketBoardAnnouncer extends Component {
    static template = xml`
        <div class="o_salesboard_announcer visually-hidden" role="status" aria-live="polite" aria-atomic="true"
            t-esc="state.message"/>`;
    static props = { model: Object };

    setup() {
        const { model } = this.props;
        this.state = useState({ message: "" });
        useBus(model.bus, "announce", ({ detail }) => this.say(detail));
        useBus(model.bus, "card-moved", ({ detail }) => this.say(describeMove(model, detail)));
        useBus(model.bus, "move-undone", ({ detail: { ticket, source } }) =>
            this.say(_t("Undone: %(ticket)s is back in %(source)s.", { ticket, source: source.displayName }))
        );
    }

    say(message) {
        // the same words twice in a row are two messages, and only what differs is read
        this.state.message = message === this.state.message ? `${message}\u00a0` : message;
    }
}

function describeMove(model, { resId, ticket, source, target }) {
    const moved = { ticket, source: source.displayName, target: target.displayName };
    const group = columnOf(model, resId);
    if (!group || group.isFolded) {
        return _t("Moved %(ticket)s from %(source)s to %(target)s.", moved);
    }
    const position = group.list.records.findIndex((record) => record.resId === resId) + 1;
    return _t("Moved %(ticket)s from %(source)s to %(target)s, %(position)s of %(count)s.", {
        ...moved,
        position: formatCount(position),
        count: formatCount(group.count),
    });
}
