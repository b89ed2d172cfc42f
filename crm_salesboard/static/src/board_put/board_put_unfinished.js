import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Offers to take up the run that was broken off, without saving what the assistant asks for a new one. */
export class BoardPutUnfinished extends Component {
    static template = "crm_salesboard.BoardPutUnfinished";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get run() {
        return this.props.record.data[this.props.name];
    }

    async continue() {
        this.action.doAction(await this.orm.call("crm.board.put", "action_continue", [[this.run.id]]));
    }
}

registry.category("fields").add("crm_board_put_unfinished", {
    component: BoardPutUnfinished,
    supportedTypes: ["many2one"],
});
