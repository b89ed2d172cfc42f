import { registry } from "@web/core/registry";

const control = (path) => `.o_crm_search_list_control[data-path='${path}']`;
const counts = (text) => ({ content: text, trigger: `.o_crm_search_list_count:text(${text})` });
const facet = (text) => ({ content: text, trigger: `.o_searchview_facet:contains(${text})` });
const choose = (path, label) => [
    { trigger: `${control(path)} .o_select_menu_input`, run: "click" },
    { content: `choose ${label}`, trigger: `.o_select_menu_item:contains(${label})`, run: "click" },
];
const SAVED = `Zebras in "Köln's"`;

registry.category("web_tour.tours").add("crm_salesboard_search_list", {
    steps: () => [
        { trigger: `${control("name")} input`, run: "edit Zebra" },
        counts("5 customers"),
        { content: "no right to export", trigger: ".o_crm_search_list:not(:has(.o_crm_search_list_export))" },
        { trigger: `${control("city")} .o_select_menu_input`, run: "click" },
        { content: "values in use, counted", trigger: ".o_select_menu_item:contains(Köln):contains(3)" },
        { trigger: ".o_select_menu_item:contains(Köln)", run: "click" },
        counts("3 customers"),
        facet("City: Köln"),
        facet("Name: Zebra"),
        { content: "Odoo's own filters go along", trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: ".o_filter_menu .o_menu_item:contains(Companies)", run: "click" },
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        facet("Companies"),

        { trigger: ".o_crm_search_list_actions .btn:contains(Save)", run: "click" },
        { trigger: ".o_crm_search_list_save input[type=text]", run: `edit ${SAVED}` },
        { trigger: ".o_crm_search_list_save .btn-primary", run: "click" },
        { content: "saved as a favorite", trigger: `.o_searchview_facet:has(.fa-star):contains(Zebras)` },
        counts("3 customers"),

        { trigger: ".o_crm_search_list_clear", run: "click" },
        { content: "the controls are empty", trigger: `${control("city")}:not(:has(.o_tag))` },
        { trigger: `body:not(:has(.o_searchview_facet))` },
    ],
});

registry.category("web_tour.tours").add("crm_salesboard_search_list_saved", {
    steps: () => [
        { trigger: ".o_crm_search_list_saved", run: "click" },
        { trigger: ".o_crm_search_list_favorites .dropdown-item:contains(Zebras)", run: "click" },
        counts("3 customers"),
        { content: "the controls are set again", trigger: `${control("city")} .o_tag:contains(Köln)` },
        { trigger: `${control("name")} input:value(Zebra)` },

        { content: "widening changes the search", trigger: `${control("city")} .o_tag .o_delete`, run: "click" },
        counts("4 customers"),
        facet("Name: Zebra"),
        { trigger: "body:not(:has(.o_searchview_facet .fa-star))" },
        {
            content: "the filter that was saved along stays",
            trigger: ".o_searchview_facet:has(.fa-filter):contains(Zebras)",
        },

        { content: "a count of customers, not of groups", trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: ".o_group_by_menu .o_menu_item:contains(Country)", run: "click" },
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: ".o_list_view .o_group_header" },
        counts("4 customers"),
        { trigger: ".o_searchview_facet:has(.oi-group) .o_facet_remove", run: "click" },
        { trigger: ".o_list_view:not(:has(.o_group_header)) .o_data_row" },

        { content: "only the selected", trigger: ".o_data_row:first .o_list_record_selector input", run: "click" },
        { trigger: ".o_crm_search_list_put", run: "click" },
        { trigger: ".modal .o_field_widget[name=partner_count]:text(1)" },
        { trigger: ".modal .modal-footer .btn-secondary", run: "click" },
        { trigger: ".o_data_row:first .o_list_record_selector input:checked", run: "click" },
        { trigger: "body:not(:has(.modal)):not(:has(.o_selection_box))" },

        { trigger: ".o_crm_search_list_put", run: "click" },
        { trigger: ".modal .o_field_widget[name=partner_count]:contains(4)" },
        { trigger: ".modal .o_field_widget[name=subject] input", run: "edit Autumn campaign" },
        { trigger: ".modal button[name=action_put]", run: "click" },
        { trigger: ".o_crm_board_put_count:text(4 of 4)" },
        { trigger: ".o_crm_board_put_made:contains(4 projects were put on the board)" },
        { trigger: ".modal .modal-footer .btn-primary:contains(Close)", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

registry.category("web_tour.tours").add("crm_salesboard_search_projects", {
    steps: () => [
        { trigger: `${control("name")} input`, run: "edit Zebra" },
        counts("2 projects"),
        { trigger: ".o_crm_search_list_export" },
        ...choose("board_column_id", "Prospect"),
        counts("1 project"),
        { trigger: `${control("board_column_id")} .o_tag .o_delete`, run: "click" },
        counts("2 projects"),
        { trigger: `${control("expected_revenue")} input[placeholder=From]`, run: "edit 1000 && press Tab" },
        counts("1 project"),
        { trigger: `${control("expected_revenue")} input[placeholder=To]`, run: "edit 10 && press Tab" },
        { content: "a range the wrong way round", trigger: `${control("expected_revenue")} [role=alert]` },
        { trigger: ".o_crm_search_list_clear", run: "click" },
        { trigger: `body:not(:has(.o_searchview_facet))` },
        { content: "the controls hold in the pivot too", trigger: `${control("name")} input`, run: "edit Zebra" },
        counts("2 projects"),
        { trigger: ".o_switch_view.o_kanban", run: "click" },
        { trigger: ".o_kanban_record:contains(Zebra) .o_avatar img" },
        { trigger: ".o_switch_view.o_pivot", run: "click" },
        { trigger: ".o_pivot_view" },
        facet("Subject: Zebra"),
        { trigger: ".o_switch_view.o_list", run: "click" },
        { trigger: `${control("name")} input:value(Zebra)` },
        counts("2 projects"),
    ],
});
