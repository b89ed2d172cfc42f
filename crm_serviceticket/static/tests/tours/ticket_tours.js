import { isAccessible, press, says, tabTo } from "@crm_salesboard/../tests/tours/accessibility_steps";
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

const column = (name) => `.o_kanban_group:has(.o_salesboard_tag:text(${name}))`;
const closedColumn = ".o_kanban_group:contains(Closed)";
const card = (subject) => `.o_kanban_record:contains(${subject})`;
const isIn = (subject, name) => ({ trigger: `${column(name)} ${card(subject)}` });
const drag = (subject, target) => ({
    content: `drag ${subject} to ${target}`,
    trigger: card(subject),
    run: (helpers) => helpers.drag_and_drop(target, { position: "center" }),
});
const dialogGone = { trigger: "body:not(:has(.modal))" };
const closeFor = (result) => [
    { trigger: ".modal [name=result] textarea", run: `edit ${result}` },
    { trigger: ".modal button:contains(Close)[name=action_close_tickets]", run: "click" },
    dialogGone,
];
const allTickets = [{ trigger: ".o_facet_remove", run: "click" }];
const filter = (name) => [
    { trigger: ".o_searchview_dropdown_toggler", run: "click" },
    { trigger: `.o_filter_menu .o-dropdown-item:text(${name})`, run: "click" },
    { trigger: ".o_searchview_dropdown_toggler", run: "click" },
];

tours.add("ticket_create", {
    steps: () => [
        { trigger: `${column("New")} .o_kanban_quick_add`, run: "click" },
        { trigger: ".o_kanban_quick_create [name=name] input", run: "edit Rattles on the way" },
        { trigger: ".o_kanban_quick_create [name=partner_id] input", run: "edit Tour Works" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Tour Works)", run: "click" },
        { trigger: ".o_kanban_quick_create .o_kanban_add", run: "click" },
        isIn("Rattles on the way", "New"),
        { trigger: ".o_kanban_quick_create .o_kanban_cancel", run: "click" },
        { trigger: ".o_switch_view.o_list", run: "click" },
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_form_view [name=name] textarea", run: "edit Handle came off" },
        { trigger: ".o_form_view .o_priority_star:nth-child(2)", run: "click" },
        { trigger: ".o_form_view [name=partner_id] input", run: "edit Tour Works" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Tour Works)", run: "click" },
        { trigger: ".o_form_view [name=user_id] input", run: "edit Sofie" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Sofie Tour)", run: "click" },
        { trigger: ".o_form_view [name=description] .odoo-editor-editable", run: "editor It lay in the box" },
        ...stepUtils.saveForm(),
        { content: "it has a number", trigger: ".o_form_view [name=number]:contains(T)" },
    ],
});

tours.add("ticket_board", {
    steps: () => [
        { trigger: `${column("New")} .o_ticket_count:contains(2)` },
        {
            content: "what is overdue is red, and counted",
            trigger: `${column("New")} .o_ticket_overdue:contains(1 overdue)`,
        },
        { trigger: `${card("Beta leaks")} .o_ticket_is_overdue.text-danger` },
        // moved, and taken back
        drag("Alpha breaks", `${column("In Progress")} .o_kanban_header`),
        isIn("Alpha breaks", "In Progress"),
        { trigger: `${column("In Progress")} .o_ticket_count:contains(2)` },
        { trigger: ".o_salesboard_moved button:contains(Undo)", run: "click" },
        isIn("Alpha breaks", "New"),
        { trigger: "body:not(:has(.o_salesboard_moved))" },
        // a dialogue that is left moves nothing
        drag("Gamma squeaks", closedColumn),
        { trigger: ".modal button:contains(Discard)", run: "click" },
        dialogGone,
        isIn("Gamma squeaks", "In Progress"),
        // closed, and taken back
        drag("Gamma squeaks", closedColumn),
        ...closeFor("Replaced it"),
        { trigger: `body:not(:has(${card("Gamma squeaks")}))` },
        { trigger: `.o_column_folded:contains(Closed):contains(1)` },
        { trigger: ".o_salesboard_moved button:contains(Undo)", run: "click" },
        isIn("Gamma squeaks", "In Progress"),
        { trigger: "body:not(:has(.o_salesboard_moved))" },
        // closed for good: it had no result before
        drag("Gamma squeaks", closedColumn),
        { trigger: ".modal [name=result] textarea:value()" },
        ...closeFor("Oiled it"),
        { trigger: ".o_column_folded:contains(Closed)", run: "click" },
        isIn("Gamma squeaks", "Closed"),
        drag("Alpha breaks", `${column("In Progress")} .o_kanban_header`),
        isIn("Alpha breaks", "In Progress"),
        { trigger: `${column("In Progress")} .o_ticket_count:contains(1)` },
    ],
});

tours.add("ticket_form", {
    steps: () => [
        { trigger: card("Alpha breaks"), run: "click" },
        { trigger: ".o_form_view [name=number]:contains(T)" },
        {
            content: "a status that closes asks for the result",
            trigger: ".o_statusbar_status .o_arrow_button.dropdown-toggle:contains(...)",
            run: "click",
        },
        { trigger: ".o-dropdown-item:contains(Closed)", run: "click" },
        { trigger: ".modal [name=result] textarea" },
        { trigger: ".modal button:contains(Discard)", run: "click" },
        dialogGone,
        { trigger: ".o_form_view .o_arrow_button_current:contains(New)" },
        { trigger: ".o_form_statusbar button:text(Close)", run: "click" },
        ...closeFor("New part sent"),
        { trigger: ".o_form_view .o_arrow_button_current:contains(Closed)" },
        { trigger: ".o_form_view [name=result] textarea:value(New part sent)" },
        { trigger: ".o_form_view:not(:has(.o_form_statusbar button:text(Close)))" },
        { trigger: ".o_arrow_button:contains(In Progress)", run: "click" },
        { trigger: ".o_form_view .o_arrow_button_current:contains(In Progress)" },
        { trigger: ".o_form_view:contains(Reopened)" },
        // documents
        { trigger: ".o_notebook .nav-link:contains(Documents)", run: "click" },
        { trigger: ".o_crm_documents .o_crm_empty:contains(complaint belong here)" },
    ],
});

tours.add("ticket_filters", {
    steps: () => [
        {
            content: "mine and nobody's",
            trigger: `.o_kanban_view:has(${card("Alpha breaks")}):has(${card("Beta leaks")})`,
        },
        { trigger: `.o_kanban_view:not(:has(${card("Delta smells")}))` },
        ...allTickets,
        { trigger: card("Delta smells") },
        ...filter("Overdue"),
        {
            trigger: `.o_kanban_view:has(${card("Delta smells")}):has(${card("Beta leaks")}):not(:has(${card("Alpha breaks")}))`,
        },
        { trigger: ".o_switch_view.o_list", run: "click" },
        { trigger: ".o_data_row.text-danger:contains(Delta smells)" },
        ...filter("Unassigned"),
        { trigger: ".o_list_view:has(.o_data_row:contains(Beta leaks)):not(:has(.o_data_row:contains(Delta smells)))" },
    ],
});

const isFocused = (subject, name) => ({ trigger: `${column(name)} .o_kanban_record:focus:contains(${subject})` });
const menuItem = (name) => `.o_salesboard_move_menu .o-dropdown-item:contains(${name})`;

tours.add("ticket_keyboard", {
    steps: () => [
        { trigger: `.o_searchview_input:focus` },
        { trigger: card("Alpha breaks") },
        press("ArrowDown"),
        tabTo(card("Alpha breaks")),
        press("Control+Shift+ArrowRight", `${column("New")} .o_kanban_record:focus:contains(Alpha breaks)`),
        isFocused("Alpha breaks", "In Progress"),
        says("from New to In Progress"),
        press("Control+z"),
        says("is back in New"),
        isFocused("Alpha breaks", "New"),
        press("Control+Shift+ArrowLeft"),
        says("This is the first column."),
        press("?"),
        { trigger: ".modal:contains(Keys of the ticket board)" },
        press("Escape"),
        dialogGone,
        isFocused("Alpha breaks", "New"),
        press("m"),
        tabTo(menuItem("Closed"), "ArrowDown"),
        press("Enter"),
        { trigger: ".modal [name=result] textarea", run: "edit Told them how" },
        tabTo(".modal button[name=action_close_tickets]"),
        press("Enter"),
        dialogGone,
        says("from New to Closed"),
    ],
});

tours.add("ticket_empty", {
    steps: () => [
        { trigger: ".o_view_nocontent:contains(A complaint becomes a ticket)" },
        { trigger: ".o_switch_view.o_list", run: "click" },
        { trigger: ".o_view_nocontent:contains(A complaint becomes a ticket)" },
    ],
});

tours.add("ticket_accessible", {
    steps: () => [
        ...allTickets,
        { trigger: card("Delta smells") },
        isAccessible(".o_content", "the board"),
        { trigger: `${card("Alpha breaks")} .o_dropdown_kanban button`, run: "click" },
        { trigger: menuItem("Closed") },
        isAccessible(".o-dropdown--kanban-record-menu", "the menu of a card"),
        { trigger: menuItem("Closed"), run: "click" },
        { trigger: ".modal [name=result] textarea" },
        isAccessible(".modal-content", "the dialogue of a closing"),
        { trigger: ".modal button:contains(Discard)", run: "click" },
        dialogGone,
        { trigger: card("Delta smells"), run: "click" },
        { trigger: ".o_form_view .o_ticket_is_overdue" },
        // its notebook and the pictures of users are Odoo's own
        isAccessible(".o_form_statusbar", "the statuses"),
        isAccessible(".o_form_sheet .oe_title", "the head of the form"),
        isAccessible(".o_inner_group:has([name=partner_id])", "what the complaint is about"),
    ],
});

tours.add("ticket_phone", {
    steps: () => [
        { trigger: ".o_salesboard_columns [data-column='In Progress']:contains(1)" },
        { trigger: card("Alpha breaks") },
        isAccessible(".o_content", "the board on a phone"),
        { trigger: `${card("Alpha breaks")} .o_dropdown_kanban button`, run: "click" },
        { trigger: menuItem("In Progress"), run: "click" },
        isIn("Alpha breaks", "In Progress"),
        { trigger: ".o_salesboard_columns [data-column='In Progress']", run: "click" },
        { trigger: `${card("Alpha breaks")} .o_dropdown_kanban button`, run: "click" },
        { trigger: menuItem("Closed"), run: "click" },
        ...closeFor("Swapped on site"),
        { trigger: `${column("New")} ${card("Beta leaks")}`, run: "click" },
        { trigger: ".o_form_view [name=number]:contains(T)" },
        { trigger: ".o_form_statusbar" },
    ],
});
