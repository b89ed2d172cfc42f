import { EmbeddedRecords, embeddedController } from "@crm_salesboard/embedded_records/embedded_records";
import { registry } from "@web/core/registry";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

/** The first members of a campaign, on its form; the list of all of them is a click away. */
export class CampaignMembers extends EmbeddedRecords {
    static template = "crm_campaign.CampaignMembers";

    get leftOut() {
        return this.props.record.data.left_out_count;
    }

    /** @override */
    makeViewProps({ id }) {
        return {
            resModel: "crm.campaign.member",
            domain: [
                ["campaign_id", "=", id],
                ["state", "=", "in"],
            ],
            context: {
                create: false,
                list_view_ref: "crm_campaign.crm_campaign_member_view_list_embedded",
                kanban_view_ref: "crm_campaign.crm_campaign_member_view_kanban_embedded",
            },
            noContentHelp: false,
        };
    }

    openMembers(state) {
        return this.action.doActionButton({
            type: "object",
            name: "action_open_members",
            resModel: this.owner.model,
            resId: this.owner.id,
            resIds: [this.owner.id],
            context: { members_state: state },
        });
    }
}

registry.category("view_widgets").add("crm_campaign_members", {
    component: CampaignMembers,
    fieldDependencies: [
        { name: "member_count", type: "integer" },
        { name: "left_out_count", type: "integer" },
    ],
});
registry.category("views").add("crm_campaign_members_list", {
    ...listView,
    Controller: embeddedController(listView.Controller),
});
registry.category("views").add("crm_campaign_members_kanban", {
    ...kanbanView,
    Controller: embeddedController(kanbanView.Controller),
});
