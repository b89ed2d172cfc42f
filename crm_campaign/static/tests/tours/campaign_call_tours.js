import { registry } from "@web/core/registry";
import { isAccessible, isWithinThumbsReach } from "@crm_salesboard/../tests/tours/accessibility_steps";

const tours = registry.category("web_tour.tours");

const isCalling = (name) => ({ trigger: `.o_crm_calls_name:contains(${name})` });
const press = (key) => ({
    content: `press ${key} where the call has the focus`,
    trigger: ".o_crm_calls_name:focus",
    run: (helpers) => helpers.press(key),
});

tours.add("campaign_calls", {
    steps: () => [
        isCalling("Tour Call One"),
        { trigger: ".o_crm_calls_due:contains(3)" },
        { trigger: ".o_crm_calls_number[href='tel:+4915123000001']" },
        { trigger: ".o_crm_calls_say b:contains(free ticket)" },
        isAccessible(".o_crm_campaign_calls", "the list of calls"),
        { trigger: ".o_crm_calls_note", run: "edit Comes on Friday" },
        { trigger: ".o_crm_calls_result:contains(Interested)", run: "click" },
        // The next one, without being asked for; what was typed is not of that one.
        isCalling("Tour Call Two"),
        { trigger: ".o_crm_calls_note:value()" },
        { trigger: ".o_crm_calls_done:contains(1)" },
        { trigger: "[role=status]:contains(The next is Tour Call Two)" },
        press("4"),
        { trigger: ".o_crm_calls_again input:focus" },
        isAccessible(".o_crm_campaign_calls", "the question when to call again"),
        { trigger: ".o_crm_calls_again_then", run: "click" },
        isCalling("Tour Call Three"),
        { trigger: ".o_crm_calls_entry:contains(Tour Call Two):contains(Not reached)" },
        press("3"),
        isCalling("Tour Call Two"),
        { trigger: ".o_crm_calls_last:contains(Not reached)" },
        { trigger: ".o_crm_calls_result:contains(Wrong number)", run: "click" },
        { trigger: "h2:contains(No calls to make)" },
    ],
});

tours.add("campaign_calls_phone", {
    steps: () => [
        isCalling("Tour Call One"),
        isWithinThumbsReach(".o_crm_calls_call"),
        isAccessible(".o_crm_campaign_calls", "the list of calls on a phone"),
        { trigger: ".o_crm_calls_next", run: "click" },
        isCalling("Tour Call Two"),
        { trigger: ".o_crm_calls_previous", run: "click" },
        isCalling("Tour Call One"),
        { trigger: ".o_crm_calls_note", run: "edit Has a supplier" },
        { trigger: ".o_crm_calls_result:contains(Not interested)", run: "click" },
        isCalling("Tour Call Two"),
    ],
});
