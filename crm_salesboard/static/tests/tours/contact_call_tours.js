import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const page = (name) => `.o_notebook .nav-link:contains(${name})`;
const contact = (name) => `.o_field_widget[name=contact_ids] .o_data_row:contains(${name})`;

registry.category("web_tour.tours").add("salesboard_contacts", {
    steps: () => [
        { trigger: page("Contacts"), run: "click" },
        { content: "an empty page says what belongs there", trigger: "p:contains(Who decides, buys)" },
        { trigger: ".o_crm_add_persons", run: "click" },
        {
            content: "only persons of the customer are offered",
            trigger: ".modal:not(:has(.o_data_row:contains(Somebody Elsewhere)))",
        },
        {
            trigger: ".modal .o_data_row:contains(Anna Tour) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains(Bert Tour) .o_list_record_selector input",
            run: "click",
        },
        { trigger: ".modal .o_select_button", run: "click" },
        { trigger: contact("Anna Tour") },
        { trigger: contact("Bert Tour") },
        { trigger: ".o_field_x2many_list_row_add a:contains(one-off)", run: "click" },
        {
            trigger: ".o_field_widget[name=contact_ids] .o_selected_row [name=name] input",
            run: "edit Carla Tuor",
        },
        {
            trigger: ".o_field_widget[name=contact_ids] .o_selected_row [name=phone] input",
            run: "edit 0612345678",
        },
        ...stepUtils.saveForm(),
        { content: "a number is a link to call it", trigger: `${contact("Carla")} a[href^='tel:']` },
        { content: "the tab counts them", trigger: `${page("Contacts")}:contains(3)` },
        { trigger: `${contact("Carla")} button[name=action_make_contact]`, run: "click" },
        {
            content: "who it may be is shown with the reason",
            trigger: ".modal .o_data_row:contains(Carla Tour):contains(similar name)",
        },
        { trigger: ".modal .o_data_row:contains(Carla Tour) button[name=action_link]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: contact("Carla Tour") },
        { trigger: `${contact("Carla Tour")}:not(:has(button[name=action_make_contact]))` },
    ],
});

registry.category("web_tour.tours").add("salesboard_calls", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(+31 6 87654321) .o_list_record_selector input",
            run: "click",
        },
        { trigger: "button[name=action_assign]", run: "click" },
        { trigger: ".modal [name=partner_id] input", run: "edit Tour Works" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Tour Works)", run: "click" },
        {
            content: "the only open project is proposed",
            trigger: ".modal [name=lead_id] input:value(Tour project)",
        },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_data_row:contains(Tour Works):contains(01:03)" },
        { trigger: ".o_data_row [name=number] a[href^='tel:']" },
        { trigger: ".o_data_row:contains(Tour Works) [name=lead_id]", run: "click" },
        { content: "the call opens", trigger: ".o_form_view [name=note]" },
        { trigger: ".o_form_view [name=note] textarea", run: "edit Wants to be called back" },
        ...stepUtils.saveForm(),
        { content: "a recording is a link", trigger: ".o_form_view [name=recording_url] a[href^=https]" },
    ],
});

registry.category("web_tour.tours").add("salesboard_call_by_hand", {
    steps: () => [
        { trigger: page("Calls"), run: "click" },
        { trigger: "p:contains(Phone calls about this project)" },
        { trigger: ".o_field_widget[name=call_ids] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".modal [name=duration_minutes] input", run: "edit 2:30" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        ...stepUtils.saveForm(),
        { trigger: ".o_field_widget[name=call_ids] .o_data_row:contains(02:30)" },
        { trigger: `${page("Calls")}:contains(1)` },
    ],
});
