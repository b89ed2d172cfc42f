import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** What a browser does with the address that it is sent to: it saves a file, which this looks into. */
async function saves(url) {
    const answer = await fetch(url);
    const start = new Uint8Array(await answer.arrayBuffer()).slice(0, 2);
    const name = answer.headers.get("Content-Disposition");
    document.body.dataset.saved = `${answer.status} ${String.fromCharCode(...start)} ${name}`;
}

const openActions = {
    trigger: ".o_form_view .o_cp_action_menus .dropdown-toggle, .o_form_view .o_cp_action_menus button",
    run: "click",
};

const openDialogue = [
    openActions,
    { trigger: ".o-dropdown-item:contains(/^Export Personal Data$/)", run: "click" },
    { trigger: ".modal .o_field_widget[name=partner_id]:contains(Jane Quillfeather)" },
    { trigger: ".modal .o_gdpr_access_counts tr:contains(Lead):contains(1)" },
    { trigger: ".modal .alert:contains(Files are given as they are)" },
];

const download = [
    {
        trigger: ".modal button[name=action_download]:contains(Download Archive)",
        async run({ click }) {
            browser.open = (url) => {
                saves(url);
                return window;
            };
            await click();
        },
    },
    { trigger: "body[data-saved^='200 PK attachment']:not([data-saved*=Quillfeather])" },
    { trigger: ".modal button:contains(Close)", run: "click" },
    { trigger: "body:not(:has(.modal))" },
];

tours.add("crm_gdpr_access", { steps: () => [...openDialogue, ...download] });

tours.add("crm_gdpr_access_not_offered", {
    steps: () => [openActions, { trigger: ".o-dropdown--menu:not(:contains(Export Personal Data))" }],
});
