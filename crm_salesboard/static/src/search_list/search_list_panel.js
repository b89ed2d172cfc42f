import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { SelectMenu } from "@web/core/select_menu/select_menu";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { formatInteger } from "@web/views/fields/formatters";
import { SearchListSave } from "./search_list_save";
import { rangeError } from "./search_values";

const TYPING_PAUSE = 400;
const controlProps = { control: Object, value: { optional: true }, onChange: Function };

/** A dropdown of the values in use, with how many records have each. */
class SearchListDropdown extends Component {
    static template = "crm_salesboard.SearchListDropdown";
    static components = { SelectMenu };
    static props = controlProps;

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ values: [], more: false });
    }

    /** What was chosen stays on offer, whatever else is searched for. */
    get choices() {
        const keys = new Set();
        const values = [...this.state.values, ...this.chosen].map((value) => ({
            ...value,
            label: value.label,
            value: JSON.stringify(value.value),
        }));
        return values.filter(({ value }) => !keys.has(value) && keys.add(value));
    }

    get chosen() {
        return this.props.value || [];
    }

    get chosenKeys() {
        return this.chosen.map(({ value }) => JSON.stringify(value));
    }

    get placeholder() {
        return this.chosen.length ? "" : _t("Any");
    }

    async loadValues(term) {
        const { context } = this.env.searchModel;
        const { id, path } = this.props.control;
        const domain = this.env.searchModel.getDomainBeside(path);
        const loading = this.orm.call("crm.search.field", "get_values", [[id], domain, term], { context });
        Object.assign(this.state, await this.keepLast.add(loading));
    }

    choose(keys) {
        const choices = Object.fromEntries(this.choices.map((choice) => [choice.value, choice]));
        this.props.onChange((keys || []).map((key) => ({ value: JSON.parse(key), label: choices[key].label })));
    }
}

/** A text that searches when the user pauses, or leaves it. */
class SearchListText extends Component {
    static template = "crm_salesboard.SearchListText";
    static props = controlProps;

    setup() {
        this.applied = this.props.value || "";
        this.state = useState({ text: this.applied });
        this.applySoon = useDebounced(() => this.apply(), TYPING_PAUSE);
        onWillUpdateProps(({ value }) => {
            if ((value || "") !== this.applied) {
                this.applied = this.state.text = value || "";
            }
        });
    }

    apply() {
        const text = this.state.text.trim();
        if (text !== this.applied) {
            this.applied = text;
            this.props.onChange(text);
        }
    }
}

/** From – to, of numbers or days. */
class SearchListRange extends Component {
    static template = "crm_salesboard.SearchListRange";
    static props = controlProps;

    setup() {
        this.state = useState({ from: "", to: "", ...this.props.value });
        onWillUpdateProps(({ value }) => {
            if (value !== this.props.value) {
                Object.assign(this.state, { from: "", to: "", ...value });
            }
        });
    }

    get inputType() {
        return ["date", "datetime"].includes(this.props.control.type) ? "date" : "number";
    }

    get error() {
        return rangeError(this.props.control.type, this.state);
    }

    apply() {
        if (!this.error) {
            this.props.onChange({ from: this.state.from, to: this.state.to });
        }
    }
}

/** The panel beside a search list: its controls, how many records match, and what can be done with them. */
export class SearchListPanel extends Component {
    static template = "crm_salesboard.SearchListPanel";
    static components = {
        Dropdown,
        DropdownItem,
        SearchListDropdown,
        SearchListRange,
        SearchListSave,
        SearchListText,
    };
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.search = this.env.searchModel;
        this.keepLast = new KeepLast();
        this.state = useState({ count: null, isOpen: !this.env.isSmall });
        this.counted = null;
        useBus(this.search, "update", () => this.render());
        useBus(this.env.model.bus, "update", () => this.updateCount());
        onWillStart(async () => {
            [this.mayExport, this.isSalesperson, this.isManager] = await Promise.all([
                user.hasGroup("base.group_allow_export"),
                user.hasGroup("sales_team.group_sale_salesman"),
                user.hasGroup("sales_team.group_sale_manager"),
            ]);
            if (this.env.model.isReady) {
                this.updateCount();
            }
        });
    }

    get isCustomers() {
        return this.search.resModel === "res.partner";
    }

    get values() {
        return this.search.searchListValues;
    }

    get countOfSet() {
        return Object.keys(this.values).length;
    }

    get favorites() {
        return this.search.searchListFavorites;
    }

    get savedLabel() {
        return this.favorites.find(({ isActive }) => isActive)?.description || _t("Saved searches");
    }

    get countLabel() {
        const { count } = this.state;
        if (count === null) {
            return "";
        }
        if (this.isCustomers) {
            return count === 1 ? _t("1 customer") : _t("%s customers", formatInteger(count));
        }
        return count === 1 ? _t("1 project") : _t("%s projects", formatInteger(count));
    }

    /** The list knows how many it shows; only of groups, and of more than it counts, the server is asked. */
    async updateCount() {
        const { root } = this.env.model;
        if (!root.isGrouped && !root.hasLimitedCount) {
            this.counted = null;
            this.state.count = root.count;
            return;
        }
        const domain = JSON.stringify(root.domain);
        if (domain !== this.counted) {
            this.counted = domain;
            const counting = this.orm.searchCount(root.resModel, root.domain, { context: root.context });
            this.state.count = await this.keepLast.add(counting);
        }
    }

    setValue(control, value) {
        this.search.setSearchListValue(control, value);
    }

    exportAll() {
        this.search.trigger("direct-export-data");
    }

    /** The selected customers or, without a selection, all of the list. */
    async putOnBoard() {
        const { isDomainSelected, selection } = this.env.model.root;
        const selected = selection.length && !isDomainSelected;
        const domain = selected ? [["id", "in", selection.map(({ resId }) => resId)]] : this.search.domain;
        this.action.doAction(await this.orm.call("res.partner", "action_put_on_salesboard", [domain]));
    }

    configure() {
        const filter = this.isCustomers ? "customers" : "projects";
        this.action.doAction("crm_salesboard.crm_search_field_action", {
            additionalContext: { [`search_default_${filter}`]: true, default_model: this.search.resModel },
        });
    }
}
