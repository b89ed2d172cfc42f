import { browser } from "@web/core/browser/browser";
import { router } from "@web/core/browser/router";
import { session } from "@web/session";

// How the mail add-in's links to a ticket begin, once the router has read them: it knows tickets of Helpdesk only.
const HELPDESK_TICKET =
    /\/(?:action-helpdesk_mail_plugin\.helpdesk_ticket_action_form_edit|helpdesk\.ticket)(?=\/\d+$)/;

/**
 * @param {string} pathname of an address that the mail add-in opened
 * @returns {string} the same, leading to our ticket
 */
export function crmTicketPath(pathname) {
    return pathname.replace(HELPDESK_TICKET, "/crm.ticket");
}

if (session.add_in_opens_crm_tickets) {
    const url = new URL(browser.location);
    const pathname = crmTicketPath(url.pathname);
    if (pathname !== url.pathname) {
        url.pathname = pathname;
        // An address of the old kind says it there once more.
        ["action", "model", "resId"].forEach((key) => url.searchParams.delete(key));
        // The router has read the address before this file is run: it has to be told.
        router.replaceState(router.urlToState(url), { replace: true, sync: true });
    }
}
