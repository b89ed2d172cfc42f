import { dragenterFiles, dropFiles, inputFiles } from "@web/../tests/utils";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const page = (name) => `.o_notebook .nav-link:contains(${name})`;
// Not the rows that show the progress of an upload.
const row = (text) => `.o_crm_embedded_view .o_data_row:contains(${text})`;
const file = (name, text = name, type = "text/plain") => new File([text], name, { type });
const closed = { trigger: "body:not(:has(.modal)):not(:has(.o-FileViewer))" };

tours.add("salesboard_documents", {
    steps: () => [
        { trigger: page("Documents"), run: "click" },
        { content: "an empty page says what belongs there", trigger: ".o_crm_empty:contains(belong here)" },
        {
            content: "several files at once",
            trigger: ".o_crm_documents .o_crm_upload",
            run: () => inputFiles(".o_crm_document_upload .o_input_file", [file("offer.txt"), file("plan.txt")]),
        },
        { trigger: row("offer.txt") },
        { trigger: row("plan.txt") },
        { content: "the tab counts them", trigger: `${page("Documents")}:contains(2)` },
        {
            content: "and others are dropped in",
            trigger: ".o_crm_documents",
            run: async () => {
                await dragenterFiles(".o_crm_documents", [file("dropped.zip", "PK", "application/zip")]);
                await dropFiles(".o_crm_dropzone", [file("dropped.zip", "PK", "application/zip")]);
            },
        },
        { trigger: row("dropped.zip") },
        // rename and type where they stand
        { trigger: `${row("offer.txt")} td[name=name]`, run: "click" },
        { trigger: ".o_selected_row td[name=name] input", run: "edit Offer for Konex.txt" },
        { trigger: ".o_selected_row td[name=document_type_id] input", run: "click" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Proposal)", run: "click" },
        { trigger: ".o_crm_documents .o_crm_open_list", run: () => document.querySelector(".o_form_sheet").click() },
        { trigger: `${row("Offer for Konex.txt")}:not(.o_selected_row):contains(Proposal)` },
        // preview
        { trigger: `${row("Offer for Konex.txt")} td[name=mimetype]`, run: "click" },
        { trigger: ".o-FileViewer:contains(Offer for Konex.txt)" },
        { trigger: ".o-FileViewer [aria-label=Close]", run: "click" },
        closed,
        // replace
        {
            trigger: `${row("Offer for Konex.txt")} .o_crm_document_replace`,
            run: ({ anchor }) => {
                const input = anchor.closest(".o_data_row").querySelector(".o_crm_replace_input");
                const transfer = new DataTransfer();
                transfer.items.add(file("Offer 2.txt"));
                input.files = transfer.files;
                input.dispatchEvent(new Event("change"));
            },
        },
        { content: "it keeps the type", trigger: `${row("Offer 2.txt")}:contains(Proposal)` },
        { trigger: `.o_crm_documents:not(:has(.o_data_row:contains(Offer for Konex.txt)))` },
        { trigger: `${page("Documents")}:contains(3)` },
        { trigger: `${row("Offer 2.txt")} .o_crm_document_versions:contains(v2)`, run: "click" },
        { trigger: ".modal .o_data_row:contains(Offer for Konex.txt) td[name=mimetype]", run: "click" },
        { trigger: ".o-FileViewer:contains(Offer for Konex.txt)" },
        { trigger: ".o-FileViewer [aria-label=Close]", run: "click" },
        { trigger: ".modal .btn-close", run: "click" },
        closed,
        { content: "old versions on demand", trigger: ".o_crm_with_versions", run: "click" },
        { trigger: row("Offer for Konex.txt") },
        { trigger: ".o_crm_with_versions", run: "click" },
        { trigger: `.o_crm_documents:not(:has(.o_data_row:contains(Offer for Konex.txt))) .o_data_row` },
        { content: "grouped by type", trigger: ".o_crm_by_type", run: "click" },
        { trigger: ".o_crm_documents .o_group_header:contains(Proposal)" },
        { trigger: ".o_crm_by_type", run: "click" },
        // delete, after being asked
        { trigger: `${row("plan.txt")} .o_crm_document_delete`, run: "click" },
        { trigger: ".modal .modal-footer .btn-primary:contains(Delete)", run: "click" },
        closed,
        { trigger: `.o_crm_documents:not(:has(.o_data_row:contains(plan.txt))) .o_data_row` },
        { trigger: `${page("Documents")}:contains(2)` },
    ],
});

tours.add("salesboard_customer_documents", {
    steps: () => [
        { trigger: page("Documents"), run: "click" },
        { content: "says whose it is", trigger: `${row("offer.txt")}:contains(Tour project)` },
        { trigger: ".o_crm_open_list", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(offer.txt)" },
        { trigger: ".o_searchview_facet:contains(Without old versions)" },
        {
            content: "files added here are the customer's",
            trigger: ".o_control_panel .o_crm_upload",
            run: () => inputFiles(".o_control_panel .o_input_file", [file("terms.txt")]),
        },
        { trigger: ".o_list_view .o_data_row:contains(terms.txt):contains(Tour Works)" },
        { trigger: ".o_data_row:contains(offer.txt) .o_crm_document_owner", run: "click" },
        { trigger: ".o_form_view .o_notebook .nav-link:contains(E-mails)" },
    ],
});

tours.add("salesboard_documents_phone", {
    steps: () => [
        { trigger: page("Documents"), run: "click" },
        {
            trigger: ".o_crm_documents .o_crm_upload",
            run: () => inputFiles(".o_crm_document_upload .o_input_file", [file("photo.txt")]),
        },
        { trigger: ".o_crm_documents .o_kanban_record:contains(photo.txt) .o_crm_document_edit", run: "click" },
        { trigger: ".modal .o_field_widget[name=name] input", run: "edit Cabinet.txt" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: ".o_crm_documents .o_kanban_record:contains(Cabinet.txt)", run: "click" },
        { trigger: ".o-FileViewer:contains(Cabinet.txt)" },
        { trigger: ".o-FileViewer [aria-label=Close]", run: "click" },
        closed,
    ],
});

tours.add("salesboard_emails", {
    steps: () => [
        { trigger: page("E-mails"), run: "click" },
        { trigger: `${row("Your offer")} td[name=subject]`, run: "click" },
        { content: "the e-mail in a dialog", trigger: ".modal .o_field_widget[name=body]:contains(Looks good)" },
        { trigger: ".modal button[name=action_reply_email]", run: "click" },
        { trigger: ".modal .o_mail_composer_form_view, .modal .o_mail_composer_form", run: () => {} },
        { trigger: ".modal:contains(Looks good)" },
        { trigger: ".modal .btn-close", run: "click" },
        closed,
        // link
        { trigger: ".o_crm_link_email", run: "click" },
        { content: "what stands here is not offered", trigger: ".modal:not(:has(.o_data_row:contains(Your offer)))" },
        { trigger: ".modal .o_data_row:contains(Holidays) .o_list_record_selector input", run: "click" },
        { trigger: ".modal .o_select_button", run: "click" },
        closed,
        { trigger: row("Holidays") },
        { trigger: `${page("E-mails")}:contains(2)` },
        // take the link off
        { trigger: `${row("Holidays")} button[name=action_take_off_project]`, run: "click" },
        { trigger: ".o_crm_emails:not(:has(.o_data_row:contains(Holidays))) .o_data_row" },
        { trigger: `${page("E-mails")}:contains(1)` },
        // take off what came in here, after being asked
        { trigger: `${row("Your offer")} button[name=action_take_off_project]`, run: "click" },
        { trigger: ".modal:contains(moves to the customer) .modal-footer .btn-primary", run: "click" },
        closed,
        { content: "the empty page says what belongs there", trigger: ".o_crm_emails .o_crm_empty" },
    ],
});
