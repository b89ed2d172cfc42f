import { registry } from "@web/core/registry";

const search = (text) => [
    { trigger: ".o_searchview_input", run: `edit ${text}` },
    { trigger: ".o_searchview_input", run: "press Enter" },
    { trigger: `.o_searchview_facet:contains(${text})` },
];
const fillIn = (subject) => [
    { trigger: ".modal .o_field_widget[name=subject] input", run: `edit ${subject}` },
    { trigger: ".modal button[name=action_put]", run: "click" },
];
const count = (number) => ({ trigger: `.modal .o_field_widget[name=partner_count]:text(${number})` });
const button = (label) => `.o_crm_board_put .modal-footer .btn:contains(${label})`;

registry.category("web_tour.tours").add("crm_salesboard_put_list", {
    steps: () => [
        ...search("Zebra"),
        { trigger: ".o_pager_limit:text(5)" },
        { content: "all of the list", trigger: ".o_cp_action_menus .fa-cog", run: "click" },
        { trigger: ".o_crm_board_put_menu", run: "click" },
        count(5),
        {
            trigger: ".modal .o_field_widget[name=owner_rule] .o_radio_item:contains(members) input",
            run: "click",
        },
        ...fillIn("Autumn campaign"),
        { trigger: ".o_crm_board_put_count:text(5 of 5)" },
        { trigger: ".o_crm_board_put_made:contains(4 projects were put on the board)" },
        { trigger: ".o_crm_board_put_left_out:contains(1: Same company as another)" },
        { trigger: ".o_crm_board_put_open_left_out", run: "click" },
        { trigger: ".o_list_view .o_group_header:contains(Same company)", run: "click" },
        { trigger: ".o_data_row:contains(Zoe)" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

registry.category("web_tour.tours").add("crm_salesboard_put_selected", {
    steps: () => [
        ...search("Zebra"),
        { trigger: ".o_pager_limit:text(5)" },
        { trigger: ".o_data_row:contains(Zebra 0) .o_list_record_selector input", run: "click" },
        { trigger: ".o_data_row:contains(Zebra 1) .o_list_record_selector input", run: "click" },
        { trigger: ".o_cp_action_menus button:contains(Actions)", run: "click" },
        { trigger: ".o-dropdown--menu .o_menu_item:contains(Put on the board)", run: "click" },
        count(2),
        ...fillIn("Winter campaign"),
        { trigger: ".o_crm_board_put_made:contains(2 projects were put on the board)" },
        { content: "taken off again", trigger: ".o_crm_board_put_undo", run: "click" },
        { trigger: ".o_crm_board_put_made:contains(2 projects were removed again)" },
        { trigger: button("Close"), run: "click" },
        { trigger: "body:not(:has(.modal))" },

        { content: "one customer, from its form", trigger: ".o_data_row td:contains(Zebra 2)", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=name] input:value(Zebra 2)" },
        { trigger: ".o_cp_action_menus .fa-cog", run: "click" },
        { trigger: ".o-dropdown--menu .o_menu_item:contains(Put on the board)", run: "click" },
        count(1),
        ...fillIn("Spring campaign"),
        { trigger: ".o_crm_board_put_made:contains(1 project was put on the board)" },
        { trigger: ".o_crm_board_put_open_made", run: "click" },
        { trigger: ".o_data_row:contains(Spring campaign)" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

registry.category("web_tour.tours").add("crm_salesboard_put_phone", {
    steps: () => [
        { trigger: ".o_kanban_view .o_kanban_record" },
        { trigger: ".o_control_panel .fa-cog", run: "click" },
        { trigger: ".o_crm_board_put_menu", run: "click" },
        { content: "what was broken off", trigger: ".modal .o_crm_board_put_continue", run: "click" },
        { trigger: ".o_crm_board_put_count:text(4 of 4)" },
        { trigger: button("Close"), run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

registry.category("web_tour.tours").add("crm_salesboard_put_outsider", {
    steps: () => [
        { trigger: ".o_data_row:first .o_list_record_selector input", run: "click" },
        { trigger: ".o_cp_action_menus button:contains(Actions)", run: "click" },
        { trigger: ".o-dropdown--menu:not(:contains(Put on the board))" },
        { trigger: ".o_cp_action_menus button:contains(Actions)", run: "click" },
        { trigger: ".o_data_row:first .o_list_record_selector input", run: "click" },
        { trigger: ".o_cp_action_menus .fa-cog", run: "click" },
        { trigger: ".o-dropdown--menu:not(:has(.o_crm_board_put_menu))" },
    ],
});
