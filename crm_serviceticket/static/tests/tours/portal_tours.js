import { registry } from "@web/core/registry";

const CHATTER = "#chatterRoot:shadow";

// A customer finds the own ticket, reads it and answers.
registry.category("web_tour.tours").add("ticket_portal", {
    url: "/my",
    steps: () => [
        {
            content: "The portal leads to the tickets",
            trigger: 'a[href="/my/tickets"]:contains(Your Tickets)',
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The list has those of the company",
            trigger: "td:contains(Wheel broke off)",
        },
        {
            trigger: "td a:contains(Wheel broke off)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What was decided is there",
            trigger: "dd:contains(Exchange)",
        },
        {
            trigger: `${CHATTER} .o-mail-Composer-input`,
            run: "edit Here is what it looks like",
        },
        {
            trigger: `${CHATTER} .o-mail-Composer button:contains(Send):enabled`,
            run: "click",
        },
        {
            content: "The answer stands there",
            trigger: `${CHATTER} .o-mail-Message-body:contains(Here is what it looks like)`,
        },
        {
            content: "Notes among colleagues do not",
            trigger: `${CHATTER} .o-mail-Thread:not(:contains(Not worth a cent))`,
        },
    ],
});
