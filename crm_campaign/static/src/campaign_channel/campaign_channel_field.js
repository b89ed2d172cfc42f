import { registry } from "@web/core/registry";
import { SelectionField, selectionField } from "@web/views/fields/selection/selection_field";

const ICONS = {
    mail: "fa-envelope-o",
    sms: "fa-mobile",
    letter: "fa-file-text-o",
    phone: "fa-phone",
    todo: "fa-check-square-o",
};

/** A channel of a campaign with its icon, to be told apart at a glance. */
export class CampaignChannelField extends SelectionField {
    static template = "crm_campaign.CampaignChannelField";

    get icon() {
        return ICONS[this.props.record.data[this.props.name]];
    }
}

registry.category("fields").add("crm_campaign_channel", { ...selectionField, component: CampaignChannelField });
