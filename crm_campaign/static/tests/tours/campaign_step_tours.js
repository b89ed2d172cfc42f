import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const sendFromOdoosScreen = (button) => [
    { trigger: `button[name=${button}]:not([disabled])`, run: "click" },
    { trigger: ".modal-footer .btn-primary", run: "click" },
    { trigger: ".o_statusbar_status .o_arrow_button_current:contains(In Queue)" },
];

tours.add("campaign_step_mail", {
    steps: () => [
        { trigger: "button[name=action_edit_mailing]:visible", run: "click" },
        { trigger: ".o_field_widget[name=campaign_step_id]:contains(Tour of Steps)" },
        {
            trigger: ".o_field_widget[name=subject] textarea, .o_field_widget[name=subject] input",
            run: "edit Come, {{ object.name }}",
        },
        ...sendFromOdoosScreen("action_launch"),
    ],
});

tours.add("campaign_step_sms", {
    steps: () => [
        { trigger: "button[name=action_edit_mailing]:visible", run: "click" },
        { trigger: ".o_field_widget[name=body_plaintext] textarea", run: "edit Come, {{ object.nmae }}" },
        { trigger: "button[name=action_put_in_queue]:not([disabled])", run: "click" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: ".modal-body:contains(object.nmae)" },
        { trigger: ".modal-footer .btn", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_field_widget[name=body_plaintext] textarea", run: "edit Come, {{ object.name }}" },
        ...sendFromOdoosScreen("action_put_in_queue"),
    ],
});
