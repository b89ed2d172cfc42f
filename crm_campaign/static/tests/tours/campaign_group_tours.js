import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const newCampaign = [
    { trigger: ".modal .o_field_widget[name=target] label:contains(A new one)", run: "click" },
    { trigger: ".modal .o_field_widget[name=new_name] input", run: "edit Tour Fair" },
];

tours.add("campaign_add_selected", {
    steps: () => [
        { trigger: ".o_searchview_input", run: "edit Tour Guest" },
        { trigger: ".o_searchview_autocomplete .o-dropdown-item:first", run: "click" },
        { trigger: ".o_searchview_facet:contains(Tour Guest)" },
        { trigger: ".o_list_view:has(.o_data_row):not(:has(.o_data_row:not(:contains(Tour Guest))))" },
        { trigger: "thead .o_list_record_selector input", run: "click" },
        { trigger: ".o_cp_action_menus .dropdown-toggle:contains(Actions)", run: "click" },
        { trigger: ".o-dropdown-item:contains(Add to Campaign)", run: "click" },
        ...newCampaign,
        { trigger: ".modal .o_crm_campaign_add_summary tr:contains(Come into the group):contains(2)" },
        { trigger: ".modal .o_crm_campaign_add_summary tr:contains(Wants no advertising):contains(1)" },
        { trigger: ".modal button[name=action_add]", run: "click" },
        { trigger: ".o_breadcrumb:contains(Tour Fair)" },
        { trigger: ".o_group_header:contains(In the Group)", run: "click" },
        { trigger: ".o_data_row:contains(Tour Guest 1) .o_list_record_selector input", run: "click" },
        { trigger: "button[name=action_remove]", run: "click" },
        { trigger: ".o_group_header:contains(Left Out):contains(2)", run: "click" },
        { trigger: ".o_data_row:contains(Tour Guest 1):contains(Taken out by hand)" },
    ],
});

tours.add("campaign_add_board", {
    steps: () => [
        { trigger: ".o_salesboard_kanban, .o_kanban_view" },
        { trigger: ".o_cp_action_menus button:has(.fa-cog)", run: "click" },
        { trigger: ".o_crm_campaign_add_menu", run: "click" },
        ...newCampaign,
        { trigger: ".modal .o_crm_campaign_add_summary tr:contains(Come into the group)" },
        { trigger: ".modal button[name=action_add]", run: "click" },
        { trigger: ".o_breadcrumb:contains(Tour Fair)" },
    ],
});

tours.add("campaign_add_phone", {
    steps: () => [
        { trigger: ".o_cp_action_menus button:has(.fa-cog), .o_cp_action_menus .dropdown-toggle", run: "click" },
        { trigger: ".o-dropdown-item:contains(Add to Campaign)", run: "click" },
        ...newCampaign,
        { trigger: ".modal .o_crm_campaign_add_summary tr:contains(Come into the group):contains(1)" },
        { trigger: ".modal button[name=action_add]", run: "click" },
        { trigger: ".o_kanban_record:contains(Tour Guest 0), .o_group_header, .o_kanban_group" },
    ],
});
