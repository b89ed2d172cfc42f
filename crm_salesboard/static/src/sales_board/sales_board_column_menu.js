import { GroupConfigMenu } from "@web/views/view_components/group_config_menu";
import { _t } from "@web/core/l10n/translation";
import { BoardDropdown } from "./sales_board_dropdown";

/** The menu of a column: in tab order, with a name, and not there where it holds nothing, as on a phone. */
export class SalesBoardColumnMenu extends GroupConfigMenu {
    static template = "crm_salesboard.SalesBoardColumnMenu";
    static components = { ...GroupConfigMenu.components, Dropdown: BoardDropdown };

    get label() {
        return _t("Settings of the column %s", this.group.displayName);
    }

    get hasItems() {
        return this.configItems.some((item) => item.isVisible);
    }
}
