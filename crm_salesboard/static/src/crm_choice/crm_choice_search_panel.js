import { browser } from "@web/core/browser/browser";
import { SearchPanel } from "@web/search/search_panel/search_panel";
import { badgeStyle } from "./contrast";

/** A search panel that shows choices as the same badges as everywhere. It is folded until somebody unfolds it. */
export class CrmChoiceSearchPanel extends SearchPanel {
    static subTemplates = {
        ...super.subTemplates,
        category: "crm_salesboard.SearchPanelCategory",
        filtersGroup: "crm_salesboard.SearchPanelFiltersGroup",
    };

    setup() {
        super.setup();
        this.badgeStyle = badgeStyle;
        // The list beside it has many columns.
        if (!this.hasImportedState && browser.localStorage.getItem(this.keyExpandSidebar) === null) {
            this.state.sidebarExpanded = false;
        }
    }

    /** Only of choices the server gives the colours. */
    isChoice(value) {
        return "background_color" in value;
    }
}
