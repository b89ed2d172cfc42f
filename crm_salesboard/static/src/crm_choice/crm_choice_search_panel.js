import { SearchPanel } from "@web/search/search_panel/search_panel";
import { badgeStyle } from "./contrast";

/** A search panel that shows choices as the same badges as everywhere. */
export class CrmChoiceSearchPanel extends SearchPanel {
    static subTemplates = {
        ...super.subTemplates,
        category: "crm_salesboard.SearchPanelCategory",
        filtersGroup: "crm_salesboard.SearchPanelFiltersGroup",
    };

    setup() {
        super.setup();
        this.badgeStyle = badgeStyle;
    }

    /** Only of choices the server gives the colours. */
    isChoice(value) {
        return "background_color" in value;
    }
}
