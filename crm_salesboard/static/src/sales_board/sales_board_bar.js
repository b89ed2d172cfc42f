import { Component, useState } from "@odoo/owl";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { useBus } from "@web/core/utils/hooks";
import { BoardDropdown } from "./sales_board_dropdown";
import { currencyBreakdown, formatCount, formatTotal } from "./figures";
import { getPeriodBounds, getPeriodLabel, getPeriodOptions, shiftPeriod } from "./periods";
import { SWITCHES } from "./sales_board_search_model";

const OWNERS_SHOWN = 3;

/** The bar under the control panel: period and owners, the totals of the present view, the column switches. */
export class SalesBoardBar extends Component {
    static template = "crm_salesboard.SalesBoardBar";
    static components = { BoardDropdown, DropdownItem };
    static props = { model: Object };

    setup() {
        this.search = this.env.searchModel;
        this.board = useState(this.props.model.board);
        this.periodOptions = getPeriodOptions();
        this.periodMenu = useDropdownState();
        this.range = useState({ from: "", to: "" });
        this.formatCount = formatCount;
        useBus(this.search, "update", () => this.render());
    }

    // Period

    get periodLabel() {
        return getPeriodLabel(this.search.boardPeriod);
    }

    isPeriod(option) {
        const period = this.search.boardPeriod;
        return period?.unit === option.unit && period?.offset === option.offset;
    }

    /** One of several, of which one is chosen, or a box to tick, as screen readers are to say it. */
    itemAttributes(role, isOn) {
        return { role, "aria-checked": isOn ? "true" : "false" };
    }

    setPeriod({ unit, offset }) {
        this.search.setBoardPeriod(offset === undefined ? { unit } : { unit, offset });
    }

    shift(step) {
        this.search.setBoardPeriod(shiftPeriod(this.search.boardPeriod, step));
    }

    onPeriodMenu() {
        const bounds = getPeriodBounds(this.search.boardPeriod);
        this.range.from = bounds ? bounds[0].toISODate() : "";
        this.range.to = bounds ? bounds[1].toISODate() : "";
    }

    get rangeError() {
        const { from, to } = this.range;
        return from && to && from > to ? _t("The first day must not be after the last one.") : "";
    }

    applyRange() {
        const { from, to } = this.range;
        this.search.setBoardPeriod({ unit: "range", from, to });
        this.periodMenu.close();
    }

    // Owners

    get owners() {
        return this.board.data?.owners || [];
    }

    /** The busiest owners, and whoever was chosen besides. */
    get shownOwners() {
        return this.owners.filter((owner, at) => at < OWNERS_SHOWN || this.isChosen(owner));
    }

    get otherOwners() {
        return this.owners.filter((owner, at) => at >= OWNERS_SHOWN && !this.isChosen(owner));
    }

    isChosen(owner) {
        return this.search.boardOwners.includes(owner.id);
    }

    // Totals

    get totals() {
        const { total, currency_id: currency } = this.board.data || {};
        if (!total) {
            return [];
        }
        const labels = { projected: _t("Projected"), weighted: _t("Weighted"), actual: _t("Actual") };
        return Object.entries(labels).map(([measure, label]) => ({
            measure,
            label,
            value: formatTotal(total[measure], currency, this.env.isSmall),
            title: currencyBreakdown(total, measure, currency),
        }));
    }

    // Switches

    get switches() {
        const info = Object.values(this.board.data?.info || {});
        const labels = {
            unprocessed: _t("Unprocessed"),
            order: _t("Order"),
            lost: _t("Lost"),
            cancelled: _t("Cancelled"),
        };
        const on = this.search.boardKinds;
        return SWITCHES.map((kind) => {
            const names = new Set(info.filter((column) => column.kind === kind).map(({ name }) => name));
            return { kind, label: names.size === 1 ? [...names][0] : labels[kind], on: on.includes(kind) };
        });
    }
}
