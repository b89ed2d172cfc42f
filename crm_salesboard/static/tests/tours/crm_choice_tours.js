import { registry } from "@web/core/registry";
import { card, column, readColumn } from "./sales_board_steps";

const tours = registry.category("web_tour.tours");

/** Pick a choice in a field of the form, from the coloured list that it offers. */
function pick(field, choice) {
    return [
        { trigger: `.o_form_view [name=${field}] input`, run: "click" },
        { trigger: `.o-autocomplete--dropdown-item .o_crm_choice_badge[style]:text(${choice})`, run: "click" },
        { trigger: `.o_form_view [name=${field}]:has(input:value(${choice})) > div > .o_crm_choice_badge[style]` },
    ];
}

const SAVE = [
    { trigger: ".o_form_button_save:enabled", run: "click" },
    { trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:enabled))" },
];

tours.add("crm_choice_on_project", {
    steps: () => [
        { trigger: card("Gamma data room"), run: "click" },
        { trigger: ".o_form_view .nav-link[name=internal_notes].active" },
        ...pick("kind_id", "Renewal"),
        ...pick("chance_id", "75 %"),
        { content: "the weight follows", trigger: "[name=probability] input:value(75.00)" },
        { trigger: "[name=probability] input", run: "edit 33 && press Tab" },
        { content: "no chance stands for 33 %", trigger: "[name=chance_id]:not(:has(.o_crm_choice_badge))" },
        { trigger: "[name=probability] input", run: "edit 25 && press Tab" },
        { content: "one for 25 %", trigger: "[name=chance_id] .o_crm_choice_badge:text(25 %)" },
        ...SAVE,
        { trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        ...readColumn("Offer", 1, { projected: "5,000", weighted: "1,250" }),
        { trigger: `${card("Gamma data room")} .o_crm_choice_badge[style][title=Renewal]:text(Renew)` },
        { trigger: `${card("Alpha rollout")}:not(:has(.o_crm_choice_badge))` },
    ],
});

tours.add("crm_choice_panel", {
    steps: () => [
        { trigger: ".o_salesboard_totals [data-measure=projected] .o_salesboard_sum", run: "click" },
        { trigger: ".o_list_view .o_search_panel_sidebar button", run: "click" },
        { trigger: ".o_search_panel .o_crm_choice_badge[style]:text(Renewal)", run: "click" },
        { trigger: ".o_data_row:only:contains(Gamma data room)" },
    ],
});

tours.add("crm_choice_fixed", {
    steps: () => [
        { trigger: `${column("Prospect")} .o_kanban_quick_add`, run: "click" },
        { trigger: ".o_kanban_quick_create:not(:has([name=name] input))" },
        { trigger: ".o_kanban_quick_create [name=subject_id] input", run: "click" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Printers)", run: "click" },
        { trigger: ".o_kanban_quick_create .o_kanban_edit", run: "click" },
        { content: "the form opens under its subject", trigger: "h1 [name=subject_id] input:value(Printers)" },
        { content: "its name is not typed", trigger: ".o_form_view:not(:has(h1 [name=name] textarea))" },
        { content: "its weight neither", trigger: ".o_form_view:not(:has([name=probability] input))" },
        { trigger: "h1 [name=subject_id] input", run: "click" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Fleet)", run: "click" },
        ...pick("chance_id", "90 %"),
        { trigger: "[name=probability]:contains(90)" },
        ...SAVE,
        { trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        { content: "what came before says so", trigger: card("Gamma data room"), run: "click" },
        { trigger: "h1 small:contains(Came as):contains(Gamma data room)" },
    ],
});

tours.add("crm_choice_settings", {
    steps: () => [
        { trigger: "#salesboard_choice_lists button", run: "click" },
        { trigger: ".o_list_view .o_data_cell:contains(Kinds)", run: "click" },
        { trigger: ".o_form_view .o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".o_selected_row [name=name] input", run: "edit Tender" },
        ...SAVE,
        { trigger: ".o_data_row:contains(Tender)" },
    ],
});
