import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const figure = (state, count, reason = "") =>
    `.o_crm_sms_figures [data-state=${state}]${reason ? `[data-reason=${reason}]` : ":not([data-reason])"}` +
    `:has(.badge:text(${count}))`;
const TEXT = "Open day on Friday";

const openSending = [
    { trigger: ".o_salesboard_totals [data-measure=count]:contains(4)" },
    { trigger: ".o_cp_action_menus button:has(.fa-cog)", run: "click" },
    { trigger: ".o_salesboard_sms", run: "click" },
    { content: "who gets it is said before anything is sent", trigger: figure("waiting", 2) },
    { trigger: figure("left_out", 2) },
    { trigger: figure("left_out", 1, "not_mobile") },
    { trigger: figure("left_out", 1, "number_missing") },
];

const writeAndSend = [
    { trigger: "[name=body] textarea", run: `edit ${TEXT}` },
    { trigger: ".o_form_view button[name=action_send]", run: "click" },
    { trigger: ".modal .btn-primary:contains(Send)", run: "click" },
    { trigger: ".o_form_view [name=started_on]" },
    { trigger: figure("waiting", 2) },
];

tours.add("salesboard_sms", {
    steps: () => [
        ...openSending,
        { trigger: figure("left_out", 1, "not_mobile"), run: "click" },
        { content: "a list of them", trigger: ".o_data_row:contains(Landline):contains(Not a mobile number)" },
        { trigger: ".o_breadcrumb a:contains(SMS)", run: "click" },
        { trigger: figure("waiting", 2), run: "click" },
        { trigger: ".o_data_row:contains(+31612340001)" },
        { trigger: ".o_breadcrumb a:contains(SMS)", run: "click" },
        ...writeAndSend,
    ],
});

tours.add("salesboard_sms_sent", {
    steps: () => [
        { trigger: `.o_data_row td:contains(${TEXT})`, run: "click" },
        { trigger: figure("sent", 1) },
        { trigger: figure("uncertain", 1), run: "click" },
        { trigger: ".o_data_row:contains(Uncertain)" },
        { trigger: `.o_breadcrumb a:contains(${TEXT})`, run: "click" },
        // a second message is for the user to decide
        { trigger: "button[name=action_repeat_uncertain]", run: "click" },
        { trigger: ".modal:contains(twice) .btn-close", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: figure("uncertain", 1) },
    ],
});

tours.add("salesboard_sms_phone", {
    steps: () => [...openSending, ...writeAndSend],
});

tours.add("salesboard_sms_not_allowed", {
    steps: () => [
        { trigger: ".o_salesboard_totals [data-measure=count]:contains(4)" },
        { trigger: ".o_cp_action_menus button:has(.fa-cog)", run: "click" },
        { trigger: ".o-dropdown--menu .dropdown-item:contains(Export)" },
        { trigger: ".o-dropdown--menu:not(:has(.o_salesboard_sms))" },
    ],
});
