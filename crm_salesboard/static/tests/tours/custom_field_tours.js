import { registry } from "@web/core/registry";
import { card } from "./sales_board_steps";

const tours = registry.category("web_tour.tours");

const openCustomFields = [
    { trigger: "button[data-menu-xmlid='crm.crm_menu_config']", run: "click" },
    { trigger: "[data-menu-xmlid='crm_salesboard.crm_custom_field_menu']", run: "click" },
    { trigger: ".o_breadcrumb:contains(Custom Fields)" },
];

function addChoice(name) {
    return [
        { trigger: ".o_field_widget[name=choice_ids] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".o_selected_row .o_field_widget[name=name] input", run: `edit ${name}` },
    ];
}

tours.add("crm_salesboard_custom_field", {
    steps: () => [
        ...openCustomFields,
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=name] input", run: "edit Segment" },
        { trigger: ".o_field_widget[name=ttype] input", run: "click" },
        { trigger: ".o_select_menu_item:text(Choice)", run: "click" },
        ...addChoice("Retail"),
        ...addChoice("Wholesale"),
        { trigger: ".o_form_button_save", run: "click" },
        { content: "the column is there", trigger: ".o_field_widget[name=field_name]:contains(x_segment)" },
        { trigger: "[data-menu-xmlid='crm_salesboard.crm_lead_menu_salesboard']", run: "click" },
        { content: "the page was not loaded anew", trigger: card("Segment deal"), run: "click" },
        { trigger: ".o_form_view label:contains(Segment)" },
        { trigger: ".o_field_widget[name=x_segment] input", run: "click" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Wholesale)", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
        { trigger: "[data-menu-xmlid='crm_salesboard.crm_lead_menu_salesboard']", run: "click" },
        {
            content: "the card shows the choice",
            trigger: `${card("Segment deal")} .o_salesboard_choices:contains(Wholesale)`,
        },
    ],
});

tours.add("crm_salesboard_custom_field_removal", {
    steps: () => [
        ...openCustomFields,
        { trigger: ".o_data_row:contains(Segment) .o_data_cell[name=display_name]", run: "click" },
        { trigger: "button[name=action_remove]", run: "click" },
        { trigger: ".modal [name=value_count]:contains(3)" },
        { trigger: ".modal button[name=action_archive]", run: "click" },
        { trigger: ".o_list_renderer:not(:contains(Segment))" },
    ],
});
