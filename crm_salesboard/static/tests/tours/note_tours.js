import { press } from "@odoo/hoot-dom";
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const page = (name) => `.o_notebook .nav-link:contains(${name})`;
const line = (name) => `.o_selected_row [name=${name}] input`;
const keys = (...pressed) => ({ trigger: "body", run: () => press(pressed) });
const saveDialog = [{ trigger: ".modal .o_form_button_save", run: "click" }, { trigger: "body:not(:has(.modal))" }];

registry.category("web_tour.tours").add("salesboard_notes_quick", {
    steps: () => [
        { trigger: ".o_list_view .o_list_button_add" },
        { content: "Alt+C begins the first line", ...keys("alt", "c") },
        { content: "which waits for the text", trigger: `${line("summary")}:focus`, run: "edit Note 1" },
        keys("Tab"),
        { trigger: `${line("partner_id")}:focus`, run: "edit Tour Works" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Tour Works)" },
        keys("Enter"),
        { trigger: `${line("partner_id")}:value(Tour Works)` },
        keys("Enter"),
        { trigger: ".o_data_row:not(.o_selected_row):contains(Note 1)" },
        ...Array.from({ length: 9 }, (_, i) => i + 2).flatMap((number) => [
            { content: "the customer is the same", trigger: `${line("partner_id")}:value(Tour Works)` },
            {
                trigger: `.o_selected_row:not(:has([name=summary] input:value(Note))) [name=summary] input`,
                run: `edit Note ${number}`,
            },
            { trigger: line("summary"), run: "press Enter" },
            { trigger: `.o_data_row:not(.o_selected_row):contains(Note ${number})` },
        ]),
        { trigger: `${line("partner_id")}:value(Tour Works)` },
        keys("Escape"),
        { trigger: ".o_list_view:not(:has(.o_selected_row))" },
    ],
});

registry.category("web_tour.tours").add("salesboard_notes_todo", {
    steps: () => [
        { content: "grouped by action, and open", trigger: ".o_group_header:contains(Call)" },
        { content: "what is overdue first", trigger: ".o_data_row:contains(Due later)" },
        {
            trigger: ".o_data_row:contains(Overdue one)",
            run({ anchor }) {
                if (anchor.nextElementSibling.textContent.indexOf("Due later") < 0) {
                    throw new Error("What is overdue does not come first");
                }
            },
        },
        { trigger: ".o_data_row:contains(Overdue one) [name=state]:contains(Overdue)" },
        { trigger: ".o_data_row:contains(Overdue one) button[name=action_done]", run: "click" },
        { trigger: ".o_list_view:not(:has(.o_data_row:contains(Overdue one)))" },
        { trigger: ".o_data_row:contains(Due later) .o_data_cell[name=partner_id]", run: "click" },
        { trigger: ".o_form_view [name=status_id] input", run: "edit Customer" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Customer)", run: "click" },
        ...stepUtils.saveForm(),
        {
            content: "nothing is left to be marked as done",
            trigger: ".o_form_view:not(:has(button[name=action_done]))",
        },
    ],
});

registry.category("web_tour.tours").add("salesboard_notes_customer", {
    steps: () => [
        { trigger: page("CRM Notes"), run: "click" },
        { content: "an empty page says what belongs there", trigger: ".o_crm_notes p:contains(belongs here)" },
        { trigger: ".o_crm_add_note", run: "click" },
        { trigger: ".modal [name=partner_id] input:value(Tour Works)" },
        { trigger: ".modal [name=activity_type_id] input", run: "edit Send sample" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Send sample)", run: "click" },
        { trigger: ".modal [name=user_id] input", run: "edit Sanne" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Sanne de Board)", run: "click" },
        { trigger: ".modal [name=text] .odoo-editor-editable", run: "editor Wants two samples" },
        ...saveDialog,
        { trigger: ".o_crm_notes .o_data_row:contains(Wants two samples):contains(Sample)" },
        { content: "it is in Odoo's own list", trigger: ".o-mail-Activity:contains(Wants two samples)" },
        { trigger: ".o_crm_notes .o_data_row:contains(Wants two samples) .o_data_cell[name=summary]", run: "click" },
        { trigger: ".modal [name=status_id] input", run: "edit Customer" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Customer)", run: "click" },
        ...saveDialog,
        {
            content: "the status stands beside the name, in its colours",
            trigger: "[name=commercial_note_status_id] .o_crm_choice_badge[style*=background]:contains(Customer)",
        },
        { content: "and the activity is done", trigger: "body:not(:has(.o-mail-Activity))" },
    ],
});

registry.category("web_tour.tours").add("salesboard_notes_project", {
    steps: () => [
        { trigger: page("CRM Notes"), run: "click" },
        { trigger: ".o_crm_add_note", run: "click" },
        { trigger: ".modal [name=lead_id] input:value(Tour project)" },
        { trigger: ".modal [name=text] .odoo-editor-editable", run: "editor Site visited" },
        ...saveDialog,
        { trigger: ".o_crm_notes .o_data_row:contains(Site visited)" },
        { content: "the tab counts it", trigger: `${page("CRM Notes")}:contains(1)` },
        { trigger: "button[name=action_view_notes]", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Site visited)" },
    ],
});

registry.category("web_tour.tours").add("salesboard_notes_past", {
    steps: () => [
        { trigger: ".o_form_view [name=partner_id] input", run: "edit Tour Works" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Tour Works)", run: "click" },
        { trigger: ".o_form_view [name=date_deadline] :is(button, input)", run: "click" },
        { trigger: ".o_form_view [name=date_deadline] input", run: "edit 01/01/2020" },
        { trigger: ".o_form_button_save:enabled", run: "click" },
        {
            content: "the refusal says what to do",
            trigger: ".modal:contains(has passed):contains(today or a later day)",
        },
        { trigger: ".modal .btn-primary", run: "click" },
        { trigger: ".o_form_button_cancel", run: "click" },
        { trigger: "body:not(:has(.o_form_button_save:visible))" },
    ],
});

registry.category("web_tour.tours").add("salesboard_notes_phone", {
    steps: () => [
        { content: "cards", trigger: ".o_kanban_record:contains(Overdue one):contains(Phone)" },
        { trigger: ".o_kanban_record:contains(Overdue one) a[name=action_done]", run: "click" },
        { trigger: ".o_kanban_view:not(:has(.o_kanban_record:contains(Overdue one)))" },
        { trigger: ".o-kanban-button-new", run: "click" },
        { trigger: ".o_form_view [name=partner_id] input" },
    ],
});
