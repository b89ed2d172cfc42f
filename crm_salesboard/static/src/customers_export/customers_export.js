import { Component } from "@odoo/owl";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";
import { CustomersExportDialog } from "./customers_export_dialog";

const BOARD_VIEWS = ["salesboard_kanban", "salesboard_list", "salesboard_list_as_given"];

/** "Export customers" in the menu of the board, and of the list that a sum opens. */
export class CustomersExport extends Component {
    static template = "crm_salesboard.CustomersExport";
    static components = { DropdownItem };
    static props = {};

    setup() {
        this.dialog = useService("dialog");
    }

    onSelected() {
        this.dialog.add(CustomersExportDialog, { domain: this.env.searchModel.domain });
    }
}

registry.category("cogMenu").add(
    "salesboard-customers-export",
    {
        Component: CustomersExport,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: async (env) =>
            BOARD_VIEWS.includes(env.config.viewSubType) && (await user.hasGroup("base.group_allow_export")),
    },
    { sequence: 11 }
);
