import { registry } from "@web/core/registry";
import { isAccessible, isWithinThumbsReach, press, says, tabTo } from "./accessibility_steps";
import { card, column, readColumn, readTotals } from "./sales_board_steps";

const tours = registry.category("web_tour.tours");

const focused = (subject, name) => `${column(name)} .o_kanban_record:focus:contains(${subject})`;
const isFocused = (subject, name) => ({
    content: `the focus is on ${subject} in ${name}`,
    trigger: focused(subject, name),
});
const menuItem = (name) => `.o_salesboard_move_menu .o-dropdown-item:contains(${name})`;

/** Move the card that has the focus with its menu. */
const moveTo = (name) => [press("m"), tabTo(menuItem(name), "ArrowDown"), press("Enter")];

const toFirstCard = [
    { trigger: ".o_searchview_input:focus" },
    ...readColumn("Prospect", 2),
    press("ArrowDown"),
    isFocused("Alpha rollout", "Prospect"),
];

tours.add("salesboard_keyboard_moves", {
    steps: () => [
        ...toFirstCard,
        press("ArrowDown"),
        isFocused("Beta replacement", "Prospect"),
        press("ArrowUp"),
        // to the column beside it, and back
        press("Control+Shift+ArrowRight", focused("Alpha rollout", "Prospect")),
        says("Moved Alpha rollout from Prospect to Offer, 1 of 2. Prospect now: 1, projected 2,000."),
        isFocused("Alpha rollout", "Offer"),
        ...readColumn("Offer", 2, { projected: "6,000" }),
        press("Control+z"),
        says("Undone: Alpha rollout is back in Prospect."),
        isFocused("Alpha rollout", "Prospect"),
        press("Control+Shift+ArrowLeft"),
        says("This is the first column."),
        // closed as an order
        ...moveTo("Order"),
        tabTo(".modal [name=actual_revenue] input"),
        { trigger: ".modal [name=actual_revenue] input:focus", run: "edit 950" },
        tabTo(".modal button:contains(Close as Order)"),
        press("Enter"),
        { trigger: "body:not(:has(.modal))" },
        ...readColumn("Order", 2, { actual: "1,750" }),
        isFocused("Alpha rollout", "Order"),
        says("Moved Alpha rollout from Prospect to Order"),
        press("Control+z"),
        says("Undone: Alpha rollout is back in Prospect."),
        isFocused("Alpha rollout", "Prospect"),
        // lost, and reopened
        ...moveTo("Lost"),
        tabTo(".modal .o_selection_badge:contains(Too slow)"),
        press("Space"),
        { trigger: ".modal .o_selection_badge[aria-checked=true]:contains(Too slow)" },
        tabTo(".modal button:contains(Mark as Lost)"),
        press("Enter"),
        { trigger: "body:not(:has(.modal))" },
        isFocused("Alpha rollout", "Lost"),
        ...moveTo("Prospect"),
        says("Moved Alpha rollout from Lost to Prospect"),
        isFocused("Alpha rollout", "Prospect"),
        // a dialog that is left moves nothing
        ...moveTo("Order"),
        press("Escape", ".modal [name=actual_revenue]"),
        { trigger: "body:not(:has(.modal))" },
        isFocused("Alpha rollout", "Prospect"),
        // to a column that is switched off: the nearest card has the focus
        ...moveTo("Cancelled"),
        tabTo(".modal .o_selection_badge:contains(No budget)"),
        press("Space"),
        tabTo(".modal button:contains(Mark as Cancelled)"),
        press("Enter"),
        { trigger: "body:not(:has(.modal))" },
        says("Moved Alpha rollout from Prospect to Cancelled. Prospect now: 1, projected 2,000."),
        isFocused("Beta replacement", "Prospect"),
        press("Control+z"),
        isFocused("Alpha rollout", "Prospect"),
    ],
});

tours.add("salesboard_keyboard_all_else", {
    steps: () => [
        ...toFirstCard,
        // value, weight and date where they stand
        press("e"),
        { trigger: `${card("Alpha rollout")} [name=expected_revenue] input:focus`, run: "edit 1,500" },
        press("Enter"),
        isFocused("Alpha rollout", "Prospect"),
        ...readColumn("Prospect", 2, { projected: "3,500" }),
        press("e"),
        { trigger: `${card("Alpha rollout")} [name=expected_revenue] input:focus`, run: "edit 9" },
        press("Escape"),
        isFocused("Alpha rollout", "Prospect"),
        ...readColumn("Prospect", 2, { projected: "3,500" }),
        tabTo(`${card("Alpha rollout")} [name=date_deadline] button`),
        press("Enter"),
        press("Escape", `${card("Alpha rollout")} [name=date_deadline] input:focus`),
        isFocused("Alpha rollout", "Prospect"),
        // the bar
        tabTo(".o_salesboard_switches [data-kind=lost]", "Shift+Tab"),
        press("Enter"),
        says("4 projects, projected"),
        { trigger: `body:not(:has(${column("Lost")}))` },
        tabTo(".o_salesboard_owner[title='Sanne de Board']", "Shift+Tab"),
        press("Enter"),
        says("2 projects, projected"),
        press("Enter", ".o_salesboard_owner.active:focus"),
        says("4 projects, projected"),
        tabTo(".o_salesboard_period_label", "Shift+Tab"),
        press("Enter"),
        tabTo(".o_salesboard_period_menu .o-dropdown-item:contains(Without a date)", "ArrowDown"),
        press("Enter"),
        ...readTotals({ count: 1 }),
        { trigger: ".o_salesboard_period_label:focus:contains(Without a date)" },
        press("Enter"),
        press("Enter", ".o_salesboard_period_menu .o-dropdown-item:contains(All dates):focus"),
        ...readTotals({ count: 4 }),
        // open a project and come back to its card
        tabTo(`${card("Beta replacement")}`),
        press("Enter"),
        press("Alt+b", ".o_form_view .o_last_breadcrumb_item:contains(Beta replacement)"),
        isFocused("Beta replacement", "Prospect"),
        // the command palette
        press("Control+k"),
        { trigger: ".o_command_palette input:focus", run: "edit Move the project" },
        press("Enter", ".o_command.focused:contains(Move the project to)"),
        press("Enter", ".o_command.focused:contains(Offer)"),
        isFocused("Beta replacement", "Offer"),
        press("Control+k"),
        { trigger: ".o_command_palette input:focus", run: "edit Undo the last" },
        press("Enter", ".o_command.focused:contains(Undo the last move)"),
        isFocused("Beta replacement", "Prospect"),
        // the keys
        press("?"),
        press("Escape", ".modal .o_salesboard_keys:contains(Undo the last move)"),
        { trigger: "body:not(:has(.modal))" },
        isFocused("Beta replacement", "Prospect"),
        // a column is folded and unfolded
        tabTo(`${column("Prospect")} .o_group_config button`, "Shift+Tab"),
        press("Enter"),
        press("Enter", ".o-dropdown--menu .o_kanban_toggle_fold:focus"),
        tabTo(".o_column_folded .o_column_unfold", "Shift+Tab"),
        press("Enter"),
        isFocused("Alpha rollout", "Prospect"),
        // a new card, and none after all
        tabTo(`${column("Prospect")} .o_kanban_quick_add`, "Shift+Tab"),
        press("Enter"),
        press("Escape", ".o_kanban_quick_create:has(input:focus)"),
        isFocused("Alpha rollout", "Prospect"),
    ],
});

tours.add("salesboard_accessible", {
    steps: () => [
        ...toFirstCard,
        isAccessible(".o_action_manager .o_content", "the board"),
        press("m"),
        isAccessible(".o-dropdown--kanban-record-menu", "the menu of a card"),
        press("Escape"),
        press("m", focused("Alpha rollout", "Prospect")),
        { trigger: menuItem("Order"), run: "click" },
        isAccessible(".modal", "the question of an order"),
        { trigger: ".modal .btn-close", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        press("m", focused("Alpha rollout", "Prospect")),
        { trigger: menuItem("Lost"), run: "click" },
        isAccessible(".modal", "the question of a loss"),
        { trigger: ".modal .btn-close", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_salesboard_period_label", run: "click" },
        isAccessible(".o_salesboard_period_menu", "the periods"),
        press("Escape"),
        { trigger: `${column("Prospect")} .o_kanban_quick_add`, run: "click" },
        { trigger: ".o_kanban_quick_create input" },
        isAccessible(".o_kanban_quick_create", "a new card"),
        press("Escape"),
        press("Control+Shift+ArrowRight", focused("Alpha rollout", "Prospect")),
        isAccessible(".o_salesboard_moved", "the offer to undo"),
        press("?"),
        isAccessible(".modal", "the keys"),
        press("Escape"),
        { trigger: "body:not(:has(.modal))" },
        tabTo(`${column("Offer")} .o_group_config button`, "Shift+Tab"),
        press("Enter"),
        isAccessible(".o-dropdown--group-config-menu", "the menu of a column"),
        press("Enter", ".o-dropdown--menu .o_kanban_toggle_fold:focus"),
        { trigger: ".o_column_folded" },
        isAccessible(".o_action_manager .o_content", "the board with a folded column"),
    ],
});

const inSight = (name) => ({
    content: `${name} is in sight, all of it`,
    trigger: `.o_salesboard_columns .active:contains(${name})`,
    async run() {
        const groups = [...document.querySelectorAll(".o_kanban_group")];
        const group = groups.find((one) => one.querySelector(".o_salesboard_tag").textContent === name);
        const isInSight = () => {
            const { left, right } = group.getBoundingClientRect();
            return left >= -1 && right <= window.innerWidth + 1;
        };
        for (let turn = 0; turn < 30 && !isInSight(); turn++) {
            await new Promise((resolve) => setTimeout(resolve, 100)); // it glides there
        }
        if (!isInSight()) {
            throw new Error(`${name} is out of sight`);
        }
    },
});
const openMenuOf = (subject) => ({ trigger: `${card(subject)} .o_dropdown_kanban button`, run: "click" });

tours.add("salesboard_phone_thumb", {
    steps: () => [
        ...readTotals({ count: 5 }),
        isAccessible(".o_action_manager .o_content", "the board on a phone"),
        isWithinThumbsReach(".o_salesboard_bar"),
        isWithinThumbsReach(".o_salesboard_columns"),
        isWithinThumbsReach(`${column("Prospect")}`),
        // which columns there are, and to another one
        inSight("Prospect"),
        { trigger: ".o_salesboard_columns button:contains(Lost)", run: "click" },
        inSight("Lost"),
        { trigger: ".o_salesboard_columns button:contains(Prospect)", run: "click" },
        inSight("Prospect"),
        // a swipe goes on by one column
        {
            content: "swipe",
            trigger: ".o_kanban_renderer",
            run({ anchor }) {
                anchor.scrollBy({ left: anchor.clientWidth * 0.7 });
            },
        },
        inSight("Offer"),
        { trigger: ".o_salesboard_columns button:contains(Prospect)", run: "click" },
        inSight("Prospect"),
        // a card is moved without dragging it
        openMenuOf("Alpha rollout"),
        isAccessible(".o_bottom_sheet_sheet", "the menu of a card on a phone"),
        isWithinThumbsReach(".o_bottom_sheet_sheet .o_salesboard_move_menu"),
        { trigger: menuItem("Offer"), run: "click" },
        ...readColumn("Offer", 2, { projected: "6,000" }),
        { trigger: ".o_salesboard_moved button:contains(Undo)", run: "click" },
        ...readColumn("Offer", 1),
        // and closed
        openMenuOf("Alpha rollout"),
        { trigger: menuItem("Lost"), run: "click" },
        { trigger: ".modal .o_selection_badge:contains(Too slow)", run: "click" },
        isAccessible(".modal", "the question of a loss on a phone"),
        { trigger: ".modal button:contains(Mark as Lost)", run: "click" },
        ...readColumn("Lost", 2),
        { trigger: ".o_salesboard_period_label", run: "click" },
        isAccessible(".o_bottom_sheet_sheet", "the periods on a phone"),
        isWithinThumbsReach(".o_salesboard_period_menu"),
    ],
});
