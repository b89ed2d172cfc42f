import { Component, onWillStart, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { badgeStyle } from "../crm_choice/contrast";
import { useDocumentsUploaded } from "../documents/document_upload";
import { inColumns, parseFolded, toggleFolded } from "./customer_blocks";
import { CustomerBlock } from "./customer_block";
import { CustomerHeader } from "./customer_header";

const ALERTS = { danger: "fa-ban", warning: "fa-exclamation-triangle", info: "fa-info-circle" };

/** The whole of a customer on one page: loaded by one request, in blocks that each user folds as she likes. */
export class CustomerPage extends Component {
    static template = "crm_salesboard.CustomerPage";
    static components = { CustomerBlock, CustomerHeader, Dropdown, DropdownItem, Layout };
    static props = { ...standardActionServiceProps };
    static path = "customer";
    static displayName = _t("Customer 360°");

    static extractProps(action) {
        return { resId: action.params?.resId || false };
    }

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useState(useService("ui"));
        this.state = useState({ page: null, folded: [] });
        this.display = { controlPanel: {} };
        this.badgeStyle = badgeStyle;
        useSetupAction({ rootRef: useRef("root") });
        useDocumentsUploaded(
            ({ model, id }) => model === "res.partner" && id === this.props.resId,
            () => this.load()
        );
        onWillStart(() => this.load(this.props.resId));
        onWillUpdateProps((next) => next.resId !== this.props.resId && this.load(next.resId));
    }

    async load(resId = this.props.resId) {
        if (!resId) {
            return;
        }
        const page = await this.orm.call("crm.customer.page", "get_page", [resId]);
        this.state.page = page;
        this.state.folded = parseFolded(page.folded);
        // Not the name alone: the form that one comes from has that.
        this.env.config.setDisplayName(`${page.customer.name} 360°`);
    }

    /** As many columns as there are blocks for; on a phone one, in the order of importance. */
    get columns() {
        return inColumns(this.state.page.blocks, this.ui.isSmall);
    }

    /** All that can be added with a form, of the blocks that the user sees. */
    get additions() {
        return this.state.page.blocks.map(({ add }) => add).filter((add) => add && add.action);
    }

    alertIcon(level) {
        return ALERTS[level] || ALERTS.info;
    }

    toggle(name) {
        this.state.folded = toggleFolded(this.state.folded, name);
        user.setUserSettings("customer_page_folded", this.state.folded.join(","));
    }

    /** Open what is a page of its own, or a dialog, after which the page is read anew. */
    open(action, ev) {
        const newWindow = Boolean(ev && (ev.ctrlKey || ev.metaKey));
        return this.action.doAction(action, { newWindow, onClose: () => this.load() });
    }

    openForm() {
        return this.open({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: this.state.page.customer.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("crm_customer_page", CustomerPage);
