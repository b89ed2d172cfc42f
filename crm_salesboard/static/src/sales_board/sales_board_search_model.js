import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { SearchModel } from "@web/search/search_model";
import { getPeriodDomain, getPeriodLabel, normalizePeriod } from "./periods";

/** The kinds of columns that a user switches on and off; the statuses are always there. */
export const SWITCHES = ["unprocessed", "order", "lost", "cancelled"];
const KINDS = ["status", ...SWITCHES];
const DEFAULT_KINDS = ["order", "lost"];
const FILTER_PREFIX = "salesboard_";

/**
 * The bar of the board drives ordinary search filters: whatever it is set to holds in the list, pivot and graph too,
 * goes into favourites and is kept in the breadcrumbs. Only their facets are left out where the bar shows the same.
 */
export class SalesBoardSearchModel extends SearchModel {
    async load(config) {
        await super.load(config);
        // A list opened from a sum shows what the sum counts, whatever the bar was set to before.
        const asGiven = config.state || this.globalContext.salesboard_as_given;
        if (asGiven || this.query.some(({ searchItemId }) => this._isFavorite(searchItemId))) {
            return;
        }
        this._silently(() => {
            this._setKinds(this._rememberedKinds());
            this._setPeriod(this._rememberedPeriod());
        });
        this._reset();
    }

    // What the bar shows

    /** @returns {string[]} the kinds of columns that are switched on */
    get boardKinds() {
        const active = this._activeItems().filter((item) => this._kindOf(item));
        return active.length ? active.map((item) => this._kindOf(item)) : KINDS;
    }

    /** @returns {Object|null} the period of the board, see periods.js */
    get boardPeriod() {
        return this._activeItems().find((item) => item.boardPeriod)?.boardPeriod || null;
    }

    /** @returns {number[]} ids of the owners whose projects are shown; none means everybody's */
    get boardOwners() {
        return this._activeItems()
            .filter((item) => item.boardOwner)
            .map((item) => item.boardOwner);
    }

    /** The present search but for the owners: what the owners to choose from are taken from. */
    get domainOfAllOwners() {
        const query = this.query;
        this.query = query.filter(({ searchItemId }) => !this.searchItems[searchItemId].boardOwner);
        const domain = this._getDomain();
        this.query = query;
        return domain;
    }

    get facets() {
        const facets = super.facets;
        if (this.env.config.viewType !== "kanban") {
            return facets;
        }
        const shownByBar = new Set(
            this._activeItems()
                .filter((item) => this._kindOf(item) || item.boardPeriod || item.boardOwner)
                .map((item) => item.groupId)
        );
        return facets.filter((facet) => !shownByBar.has(facet.groupId));
    }

    // What the bar does

    /** Show or hide a kind of columns, and remember it for this user. */
    toggleBoardKind(kind) {
        const kinds = new Set(this.boardKinds);
        kinds.has(kind) ? kinds.delete(kind) : kinds.add(kind);
        this._silently(() => this._setKinds([...kinds]));
        user.setUserSettings("salesboard_kinds", this.boardKinds.join(","));
        this._notify();
    }

    /** @param {Object|null} period see periods.js; remembered for this user */
    setBoardPeriod(period) {
        const normalized = normalizePeriod(period);
        this._silently(() => this._setPeriod(normalized));
        user.setUserSettings("salesboard_period", normalized ? JSON.stringify(normalized) : false);
        this._notify();
    }

    /** @param {{id: number, name: string}} owner */
    toggleBoardOwner(owner) {
        const owners = this._activeItems()
            .filter((item) => item.boardOwner)
            .map((item) => ({ id: item.boardOwner, name: item.description }));
        const others = owners.filter(({ id }) => id !== owner.id);
        this._silently(() => {
            this._dropItems((item) => item.boardOwner);
            this.createNewFilters(
                (others.length < owners.length ? others : [...owners, owner]).map(({ id, name }) => ({
                    description: name,
                    domain: `[("user_id", "=", ${id})]`,
                    boardOwner: id,
                    invisible: "True",
                }))
            );
        });
        this._notify();
    }

    // Internals

    _activeItems() {
        return this.query.map(({ searchItemId }) => this.searchItems[searchItemId]);
    }

    _isFavorite(searchItemId) {
        return this.searchItems[searchItemId].type === "favorite";
    }

    _kindOf(item) {
        const kind = item.name?.startsWith(FILTER_PREFIX) && item.name.slice(FILTER_PREFIX.length);
        return KINDS.includes(kind) && item.type === "filter" ? kind : null;
    }

    _silently(change) {
        const { blockNotification } = this;
        this.blockNotification = true;
        change();
        this.blockNotification = blockNotification;
    }

    _dropItems(predicate) {
        this.query = this.query.filter(({ searchItemId }) => !predicate(this.searchItems[searchItemId]));
    }

    _setKinds(kinds) {
        this._dropItems((item) => this._kindOf(item));
        if (KINDS.every((kind) => kinds.includes(kind))) {
            return; // no filter at all is all columns
        }
        for (const item of Object.values(this.searchItems)) {
            if (kinds.includes(this._kindOf(item))) {
                this.query.push({ searchItemId: item.id });
            }
        }
    }

    _setPeriod(period) {
        this._dropItems((item) => item.boardPeriod);
        if (period) {
            this.createNewFilters([
                {
                    description: _t("Period: %s", getPeriodLabel(period)),
                    domain: JSON.stringify(getPeriodDomain(period, "board_date")).replaceAll("false", "False"),
                    boardPeriod: period,
                    invisible: "True",
                },
            ]);
        }
    }

    _rememberedKinds() {
        const asked = Object.values(this.searchItems).filter(
            (item) => this._kindOf(item) && this.query.some(({ searchItemId }) => searchItemId === item.id)
        );
        if (asked.length) {
            return asked.map((item) => this._kindOf(item));
        }
        const remembered = user.settings?.salesboard_kinds;
        return remembered ? remembered.split(",") : ["status", ...DEFAULT_KINDS];
    }

    _rememberedPeriod() {
        try {
            return JSON.parse(user.settings?.salesboard_period || "null");
        } catch {
            return null;
        }
    }
}
