import { useEffect } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { _t } from "@web/core/l10n/translation";

/**
 * A dropdown whose menu assistive technology can follow: it has a name, its first item has the focus, and its items do
 * not say "not selected", which is no state of a menu item (WAI-ARIA) and set by the web client's navigation.
 */
export class BoardDropdown extends Dropdown {
    static props = {
        ...Dropdown.props,
        label: { type: String, optional: true },
        role: { type: String, optional: true },
    };
    static defaultProps = {
        ...Dropdown.defaultProps,
        navigationOptions: { shouldFocusFirstItem: true },
    };

    setup() {
        super.setup();
        useEffect(
            (target) => target.setAttribute("aria-haspopup", this.props.role === "dialog" ? "dialog" : "menu"),
            () => [this.target]
        );
    }

    onOpened() {
        super.onOpened();
        const menu = this.menuRef.el;
        this.describe(menu);
        this.dropSelectedStates(menu);
        this.statesObserver = new MutationObserver(() => this.dropSelectedStates(menu));
        this.statesObserver.observe(menu, { subtree: true, attributeFilter: ["aria-selected"] });
    }

    onClosed() {
        this.statesObserver?.disconnect();
        super.onClosed();
    }

    describe(menu) {
        if (this.props.role) {
            menu.setAttribute("role", this.props.role);
        }
        if (this.props.label) {
            menu.setAttribute("aria-label", this.props.label);
        }
        const sheet = menu.closest(".o_bottom_sheet_sheet"); // what it is on a phone
        sheet?.setAttribute("aria-label", this.props.label || _t("Menu"));
        sheet?.querySelector(".o_bottom_sheet_handle")?.setAttribute("aria-label", _t("Close"));
    }

    dropSelectedStates(menu) {
        for (const item of menu.querySelectorAll("[role^=menuitem][aria-selected]")) {
            item.removeAttribute("aria-selected");
        }
    }
}
