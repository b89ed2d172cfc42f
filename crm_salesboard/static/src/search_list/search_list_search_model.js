import { Domain } from "@web/core/domain";
import { SearchModel } from "@web/search/search_model";
import { describeValue, getValueDomain, normalizeValue } from "./search_values";

/** Where a saved search keeps what the controls were set to. */
const SAVED = "search_list";

/**
 * The controls beside a search list drive ordinary search filters, one for each control that is set: they show in the
 * search bar, hold in the other views, are kept in the breadcrumbs, and are saved as Odoo's favourites.
 *
 * A favourite is one domain. Beside it is kept what its controls were set to, and the rest of the search; so choosing
 * the favourite sets the controls, and changing one of these changes the favourite's search instead of narrowing it.
 */
export class SearchListSearchModel extends SearchModel {
    async load(config) {
        const loading = this.orm.call("crm.search.field", "get_controls", [config.resModel]);
        await super.load(config);
        this.searchControls = await loading;
    }

    // What the panel shows

    /** @returns {{[path: string]: any}} what the controls are set to, see search_values.js */
    get searchListValues() {
        return Object.fromEntries(Object.entries(this._setControls()).map(([path, { value }]) => [path, value]));
    }

    /** The present search but for one control: what its values are taken from. */
    getDomainBeside(path) {
        const others = Object.entries(this._setControls()).filter(([other]) => other !== path);
        return Domain.and([this.globalDomain, this._restDomain(), ...others.map(([, { domain }]) => domain)]).toList(
            this.domainEvalContext
        );
    }

    get searchListFavorites() {
        return this.getSearchItems((item) => item.type === "favorite");
    }

    // What the panel does

    /**
     * @param {{path: string, label: string, type: string, mode: string}} control
     * @param {any} value see search_values.js; null to clear
     */
    setSearchListValue(control, value) {
        const asked = normalizeValue(control.mode, value);
        this._silently(() => {
            this._openFavorite();
            this._dropControls((path) => path === control.path);
            if (asked !== null) {
                this._addControl(control.path, {
                    value: asked,
                    domain: getValueDomain(control, asked),
                    description: describeValue(control, asked),
                });
            }
        });
        this._notify();
    }

    /** Empty the controls; a favourite that set them goes with all it searched for. */
    clearSearchList() {
        const favorite = this._savedFavorite();
        this.query = this.query.filter(({ searchItemId }) => searchItemId !== favorite?.id);
        this._dropControls(() => true);
        this._notify();
    }

    // Internals

    _silently(change) {
        const { blockNotification } = this;
        this.blockNotification = true;
        change();
        this.blockNotification = blockNotification;
    }

    /** What is set, of the filters and of the favourite in use: ``{path: {value, domain, description}}``. */
    _setControls() {
        const result = { ...this._savedSearch()?.controls };
        for (const { searchItemId } of this.query) {
            const item = this.searchItems[searchItemId];
            if (item.searchListPath) {
                const { searchListValue: value, domain, description } = item;
                result[item.searchListPath] = { value, domain, description };
            }
        }
        return result;
    }

    _addControl(path, { value, domain, description }) {
        this.createNewFilters([
            { description, domain, invisible: "True", searchListPath: path, searchListValue: value },
        ]);
    }

    _dropControls(predicate) {
        const dropped = Object.values(this.searchItems).filter(
            (item) => item.searchListPath && predicate(item.searchListPath)
        );
        const ids = dropped.map((item) => item.id);
        this.query = this.query.filter(({ searchItemId }) => !ids.includes(searchItemId));
        ids.forEach((id) => delete this.searchItems[id]);
    }

    /** The favourite in use that was saved from a search list. */
    _savedFavorite() {
        return this.query
            .map(({ searchItemId }) => this.searchItems[searchItemId])
            .find((item) => item.type === "favorite" && item.context?.[SAVED]);
    }

    _savedSearch() {
        const favorite = this._savedFavorite();
        return favorite && JSON.parse(favorite.context[SAVED]);
    }

    /** The domain of all that is searched for apart from the controls. */
    _restDomain() {
        const { query } = this;
        const favorite = this._savedFavorite();
        this.query = query.filter(
            ({ searchItemId }) => !this.searchItems[searchItemId].searchListPath && searchItemId !== favorite?.id
        );
        const rest = this._getDomain({ raw: true, withGlobal: false });
        this.query = query;
        return Domain.and([rest, this._savedSearch()?.rest || []]);
    }

    /** Replace the favourite in use by the filters and groups that it was made of. */
    _openFavorite() {
        const favorite = this._savedFavorite();
        if (!favorite) {
            return;
        }
        const { controls, rest } = this._savedSearch();
        this.query = this.query.filter(({ searchItemId }) => searchItemId !== favorite.id);
        if (rest !== "[]") {
            this.createNewFilters([{ description: favorite.description, domain: rest, invisible: "True" }]);
        }
        Object.entries(controls).forEach(([path, control]) => this._addControl(path, control));
        for (const groupBy of favorite.groupBys) {
            const [fieldName, interval] = groupBy.split(":");
            this.createNewGroupBy(fieldName, { interval, invisible: true });
        }
    }

    /** @override */
    _getIrFilterDescription(params) {
        const result = super._getIrFilterDescription(params);
        const saved = JSON.stringify({
            controls: this._setControls(),
            rest: this._restDomain().toString(),
        });
        for (const description of [result.preFavorite, result.irFilter]) {
            description.context = { ...description.context, [SAVED]: saved };
        }
        return result;
    }

    /** @override What the controls were set to is for the panel, not for the server. */
    _getContext() {
        const context = super._getContext();
        delete context[SAVED];
        return context;
    }

    /** @override The panel stands where Odoo's search panel does. */
    _getDisplay(display = {}) {
        return { ...super._getDisplay(display), searchPanel: display.searchPanel ?? true };
    }
}
