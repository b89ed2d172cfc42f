import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const choose = (field, text) => [
    { trigger: `.o_field_widget[name=${field}] input`, run: `edit ${text}` },
    { trigger: `.o-autocomplete--dropdown-item:contains(${text})`, run: "click" },
];

const printIt = [
    { trigger: ".o_field_widget[name=address]:contains(Letter Road 7)" },
    ...choose("template_id", "Tour visit"),
    { trigger: ".o_field_widget[name=subject] input:value(Visit at Tour Letters)" },
    { trigger: ".o_field_widget[name=body]:contains(We were in Letterham)" },
    { trigger: ".o_field_widget[name=subject] input", run: "edit Our visit on Monday" },
];

tours.add("letter_from_customer", {
    steps: () => [
        { trigger: ".o_cp_action_menus button:has(.fa-cog)", run: "click" },
        { trigger: ".o-dropdown-item:contains(Write a letter)", run: "click" },
        ...printIt,
        { trigger: "button[name=action_print]:visible", run: "click" },
        { trigger: ".o_field_widget[name=reference]:contains(L0)" },
        { trigger: "button[name=action_open_pdf]:visible" },
        { trigger: ".nav-link:contains(As Printed)", run: "click" },
        { trigger: ".o_field_pdf_viewer iframe:not(:visible), .o_field_pdf_viewer iframe" },
    ],
});

tours.add("letter_phone", {
    steps: () => [
        { trigger: ".o_field_widget[name=address]:contains(Letter Road 7)" },
        { trigger: ".o_field_widget[name=body]:contains(We were in Letterham)" },
        { trigger: ".o_field_widget[name=subject] input", run: "edit Our visit on Monday" },
        { trigger: "button[name=action_print]", run: "click" },
        { trigger: ".o_field_widget[name=printed_on]" },
    ],
});

tours.add("letter_to_many", {
    steps: () => [
        { trigger: ".o_searchview_input", run: "edit Tour Letters" },
        { trigger: ".o_searchview_autocomplete .o-dropdown-item:first", run: "click" },
        { trigger: ".o_searchview_facet:contains(Tour Letters)" },
        { trigger: ".o_list_view:has(.o_data_row):not(:has(.o_data_row:not(:contains(Tour Letters))))" },
        { trigger: "thead .o_list_record_selector input", run: "click" },
        {
            trigger: ".o_cp_action_menus button:has(.fa-cog), .o_cp_action_menus .dropdown-toggle:contains(Actions)",
            run: "click",
        },
        { trigger: ".o-dropdown-item:contains(Write a letter)", run: "click" },
        { trigger: ".o_field_widget[name=recipient_count]:contains(2)" },
        { trigger: ".o_field_widget[name=left_out_count]:contains(1)" },
        { trigger: "button[name=action_open_letters]:contains(Why?)", run: "click" },
        { trigger: ".o_group_header:contains(No postal address)" },
        { trigger: ".o_breadcrumb a:contains(New letter to many)", run: "click" },
        ...choose("template_id", "Tour visit"),
        { trigger: ".o_field_widget[name=subject] input:value({{ object.name }})" },
        { trigger: "button[name=action_print]", run: "click" },
        { trigger: ".modal .btn-primary:contains(Print)", run: "click" },
        { trigger: "button[name=action_stop]" },
        { trigger: ".o_field_widget[name=progress]" },
    ],
});
