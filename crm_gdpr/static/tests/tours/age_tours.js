import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const row = (name) => `.o_data_row:contains(${name})`;

const openContacts = [
    { trigger: "[data-menu-xmlid='crm_gdpr.menu_contacts']", run: "click" },
    { content: "the oldest comes first", trigger: `${row("Tour Oldest")}:first-child:contains(30 years)` },
];

const choose = (text) => [
    { trigger: ".o_searchview_dropdown_toggler", run: "click" },
    { trigger: `.o_search_bar_menu .dropdown-item:contains(${text})`, run: "click" },
    { trigger: `.o_search_bar_menu .dropdown-item[aria-checked=true]:contains(${text})` },
    { trigger: ".o_searchview_dropdown_toggler", run: "click" },
    { trigger: `.o_facet_value:contains(${text})` },
];

const touch = (reason) => [
    { trigger: ".modal .o_field_widget[name=reason] input", run: `edit ${reason}` },
    { trigger: ".modal button[name=action_touch]", run: "click" },
    { trigger: "body:not(:has(.modal))" },
];

tours.add("crm_gdpr_age_touch", {
    steps: () => [
        ...openContacts,
        ...choose("Older than 5 Years"),
        { trigger: `body:not(:has(${row("Tour Young")}))` },
        { trigger: `${row("Tour Oldest")} .o_list_record_selector input`, run: "click" },
        { trigger: `${row("Tour Older")} .o_list_record_selector input`, run: "click" },
        { trigger: ".o_control_panel button[name=action_touch]", run: "click" },
        { trigger: ".modal .o_field_widget[name=partner_count]:contains(2)" },
        ...touch("Still customers"),
        { content: "who is touched is not old", trigger: `body:not(:has(${row("Tour Oldest")}))` },
        { trigger: ".o_gdpr_touched:contains(2 contacts touched) button:contains(Undo)", run: "click" },
        { content: "undone they are old again", trigger: row("Tour Oldest") },
        { trigger: row("Tour Older") },
    ],
});

tours.add("crm_gdpr_age_groups", {
    steps: () => [
        ...openContacts,
        ...choose("Cause"),
        { trigger: ".o_group_header:contains(Message)" },
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: ".o_group_by_menu .o_accordion_toggle:contains(Last Dealing)", run: "click" },
        { trigger: ".o_group_by_menu .o_accordion_values .dropdown-item:contains(Year)", run: "click" },
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: ".o_facet_value:contains(Last Dealing: Year)" },
        { trigger: ".o_switch_view.o_graph", run: "click" },
        { trigger: ".o_graph_renderer canvas" },
        { trigger: ".o_switch_view.o_pivot", run: "click" },
        { trigger: ".o_pivot th:contains(Message)" },
        { trigger: ".o_switch_view.o_list", run: "click" },
        { trigger: ".o_searchview_input", run: "edit Nobody is called so" },
        { trigger: ".o_searchview_input", run: "press Enter" },
        { trigger: ".o_facet_value:contains(Nobody is called so)" },
        { trigger: ".o_view_nocontent:contains(No contact is as old as that):contains(touch them)" },
    ],
});

tours.add("crm_gdpr_age_form", {
    steps: () => [
        ...openContacts,
        { trigger: `${row("Tour Oldest")} td[name=complete_name]`, run: "click" },
        { trigger: "button[name=action_view_touches]:contains(30 years):contains(Last Dealing)" },
        { trigger: ".o_cp_action_menus button:has(.fa-cog)", run: "click" },
        { trigger: ".o-dropdown--menu .dropdown-item:contains(Touch)", run: "click" },
        ...touch("Wants to hear from us"),
        { trigger: ".o_gdpr_touched:contains(Tour Oldest touched)" },
        { trigger: "button[name=action_view_touches]:contains(0 days)", run: "click" },
        { trigger: `${row("Wants to hear from us")} button[name=action_undo]`, run: "click" },
        { trigger: `${row("Wants to hear from us")}:not(:has(button[name=action_undo]))` },
        { trigger: ".breadcrumb-item:contains(Tour Oldest) a, .o_back_button", run: "click" },
        { trigger: "button[name=action_view_touches]:contains(30 years)" },
    ],
});

tours.add("crm_gdpr_age_phone", {
    steps: () => [
        { trigger: ".o_kanban_record:first:contains(Tour Oldest):contains(30 years):contains(No Dealing)" },
        {
            trigger: ".o_kanban_record:contains(Tour Oldest)",
            async run({ anchor }) {
                anchor.dispatchEvent(new Event("touchstart", { bubbles: true }));
                await new Promise((resolve) => setTimeout(resolve, 600)); // as long as a thumb that selects
                anchor.dispatchEvent(new Event("touchend", { bubbles: true }));
            },
        },
        { trigger: ".o_record_selected:contains(Tour Oldest)" },
        { trigger: ".o_cp_action_menus button:has(.fa-cog)", run: "click" },
        { trigger: ".dropdown-item button[name=action_touch]", run: "click" },
        ...touch("Still a customer"),
        { trigger: ".o_gdpr_touched:contains(Tour Oldest touched)" },
        {
            content: "nothing is wider than the phone",
            trigger: ".o_kanban_record:first:contains(Tour Older)",
            run() {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error(`the page is ${document.documentElement.scrollWidth} wide`);
                }
            },
        },
    ],
});
