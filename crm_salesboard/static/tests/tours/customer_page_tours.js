import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const block = (name) => `.o_crm_customer_block[data-block=${name}]`;
const back = (name) => ({ trigger: `.o_breadcrumb a:contains(${name}), button.o_back_button`, run: "click" });
const card = ".o_kanban_record:contains(Alpha rollout)";
const onPage = (name) => ({ trigger: `.o_crm_customer_page h1:text(${name})` });

tours.add("crm_customer_page", {
    steps: () => [
        { trigger: "button[name=action_open_customer_page]", run: "click" },
        onPage("Tour Customer"),
        { trigger: `${block("open_projects")} .o_crm_block_count:text(2)` },
        { trigger: `${block("open_projects")} .o_crm_block_figures:contains(3,000)` },
        { trigger: `${block("open_projects")} li:first:contains(Alpha rollout) .badge:text(Prospect)` },
        { trigger: `${block("closed_projects")} .o_crm_block_figures:contains(800)` },
        { trigger: `${block("open_activities")} li:contains(Call Ann):contains(Alpha rollout)` },
        { trigger: `${block("done_activities")} li:contains(Ask for the plan)` },
        // a heading leads to all of it, and back
        { trigger: `${block("open_projects")} .o_crm_block_title`, run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Beta replacement)" },
        { trigger: "body:not(:has(.o_data_row:contains(Delta fleet)))" },
        back("360°"),
        // a line leads to the record, and the record to the page
        { trigger: `${block("open_projects")} li a:contains(Alpha rollout)`, run: "click" },
        { trigger: ".o_form_view .o_breadcrumb .active:contains(Alpha)" },
        { trigger: "button[name=action_open_customer_page]", run: "click" },
        onPage("Tour Customer"),
        // an empty block has what to begin with
        { trigger: `${block("notes")} .o_crm_block_empty:contains(No notes yet)` },
        { trigger: `${block("notes")} .o_crm_block_empty button:contains(Write a note)`, run: "click" },
        { trigger: ".modal .o_form_view [name=partner_id] input:value(Tour Customer)" },
        { trigger: ".modal .o_form_view [name=text] .odoo-editor-editable", run: "editor Wants it in May" },
        { trigger: ".modal button.o_form_button_save", run: "click" },
        { trigger: `${block("notes")} li:contains(Wants it in May)` },
        { trigger: `${block("notes")} .o_crm_block_count:text(1)` },
        // what is folded stays so
        { trigger: `${block("history")} .o_crm_block_fold[aria-expanded=true]`, run: "click" },
        { trigger: `${block("history")} .o_crm_block_fold[aria-expanded=false]` },
        // new, from anywhere on the page
        { trigger: ".o_crm_customer_new", run: "click" },
        { trigger: ".o-dropdown--menu .dropdown-item:contains(New quotation)", run: "click" },
        { trigger: ".o_form_view [name=partner_id] input:value(Tour Customer)" },
        { trigger: ".o_form_button_cancel", run: "click" },
        onPage("Tour Customer"),
    ],
});

tours.add("crm_customer_page_reloaded", {
    steps: () => [
        onPage("Tour Customer"),
        { trigger: ".o_breadcrumb .active:contains(Tour Customer)" },
        { trigger: `${block("history")} .o_crm_block_fold[aria-expanded=false]` },
        { trigger: `${block("contacts")} li a:contains(Ann)`, run: "click" },
        onPage("Ann"),
        { trigger: "body:not(:has(.o_crm_customer_block[data-block=contacts]))" },
        { trigger: ".o_crm_customer_company:text(Tour Customer)", run: "click" },
        onPage("Tour Customer"),
        { trigger: ".o_crm_customer_form", run: "click" },
        { trigger: ".o_form_view .o_breadcrumb .active:contains(/^Tour Customer$/)" },
    ],
});

tours.add("crm_customer_page_accountant", {
    steps: () => [
        onPage("Tour Customer"),
        { trigger: ".o_crm_customer_warning.alert-danger:contains(Blocked by accounting: Does not pay)" },
        { trigger: `${block("open_projects")} .o_crm_block_count:text(2)` },
        { trigger: `body:not(:has(${block("open_projects")} .o_crm_block_add))` },
        { trigger: `${block("invoices")}:contains(No invoices yet)` },
        { trigger: `${block("open_projects")} li a:contains(Alpha rollout)`, run: "click" },
        { trigger: ".o_form_view .o_breadcrumb .active:contains(Alpha)" },
    ],
});

tours.add("crm_customer_page_phone", {
    steps: () => [
        onPage("Tour Customer"),
        { trigger: `.o_crm_customer_column:only-child ${block("open_projects")}` },
        { trigger: `${block("open_projects")} li a:contains(Alpha rollout)`, run: "click" },
        { trigger: ".o_form_view .o_notebook_headers" },
    ],
});

tours.add("crm_customer_page_from_board", {
    steps: () => [
        { trigger: `${card} .o_dropdown_kanban button`, run: `hover && click ${card} .o_dropdown_kanban button` },
        { trigger: ".o-dropdown--menu .dropdown-item:contains(Customer 360°)", run: "click" },
        onPage("Tour Customer"),
        back("Sales Board"),
        { trigger: card },
    ],
});
