from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

HISTORY = "my_tickets_history"


class TicketPortal(CustomerPortal):
    """A company's tickets, for its people in the portal."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "ticket_count" in counters:
            tickets = request.env["crm.ticket"]
            is_theirs = self._get_tickets_domain()
            values["ticket_count"] = tickets.search_count(is_theirs) if tickets.has_access("read") else 0
        return values

    def _get_tickets_domain(self):
        """Of colleagues as well their own company's: what they work on is elsewhere."""
        return Domain("commercial_partner_id", "=", request.env.user.partner_id.commercial_partner_id.id)

    def _get_ticket_sortings(self):
        return {
            "date": {"label": request.env._("Newest"), "order": "create_date desc, id desc"},
            "status": {"label": request.env._("Status"), "order": "status_id, id desc"},
            "name": {"label": request.env._("Subject"), "order": "name, id desc"},
        }

    def _get_ticket_filters(self):
        return {
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
            "open": {"label": request.env._("Open"), "domain": Domain("is_closed", "=", False)},
            "closed": {"label": request.env._("Closed"), "domain": Domain("is_closed", "=", True)},
        }

    def _get_ticket_search_inputs(self):
        everywhere = ("number", "name", "description")
        return {
            "all": {"input": "all", "label": request.env._("Search in All"), "fields": everywhere},
            "number": {"input": "number", "label": request.env._("Search in Number"), "fields": ("number",)},
            "name": {"input": "name", "label": request.env._("Search in Subject"), "fields": ("name",)},
        }

    @http.route(["/my/tickets", "/my/tickets/page/<int:page>"], type="http", auth="user", website=True, readonly=True)
    def portal_my_tickets(self, page=1, sortby=None, filterby=None, search=None, search_in=None, **kw):
        """Show the list: sorted, filtered, searched and in pages."""
        tickets = request.env["crm.ticket"]
        if not tickets.has_access("read"):
            return request.redirect("/my")
        values = self._prepare_portal_layout_values()
        sortings, filters = self._get_ticket_sortings(), self._get_ticket_filters()
        inputs = self._get_ticket_search_inputs()
        sortby = sortby if sortby in sortings else "date"
        filterby = filterby if filterby in filters else "all"
        search_in = search_in if search_in in inputs else "all"
        domain = self._get_tickets_domain() & filters[filterby]["domain"]
        if search:
            domain &= Domain.OR(Domain(name, "ilike", search) for name in inputs[search_in]["fields"])
        pager = portal_pager(
            url="/my/tickets",
            url_args={"sortby": sortby, "filterby": filterby, "search_in": search_in, "search": search},
            total=tickets.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        order, offset = sortings[sortby]["order"], pager["offset"]
        found = tickets.search(domain, order=order, limit=self._items_per_page, offset=offset)
        request.session[HISTORY] = found.ids[:100]
        values.update(
            # sudo: of tickets that the user may see; the page shows nothing else of them than PORTAL_FIELDS
            tickets=found.sudo(),
            page_name="ticket",
            pager=pager,
            default_url="/my/tickets",
            searchbar_sortings=sortings,
            sortby=sortby,
            searchbar_filters=filters,
            filterby=filterby,
            searchbar_inputs=inputs,
            search_in=search_in,
            search=search,
        )
        return request.render("crm_serviceticket.portal_my_tickets", values)

    @http.route(["/my/tickets/<int:ticket_id>"], type="http", auth="public", website=True)
    def portal_my_ticket(self, ticket_id, access_token=None, **kw):
        """Show one ticket to who may see it, or has the link that was sent."""
        try:
            ticket = self._document_check_access("crm.ticket", ticket_id, access_token=access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        # in the language of who looks
        ticket = ticket.with_context(lang=request.env.lang)
        values = {"page_name": "ticket", "ticket": ticket, "attachments": ticket._get_portal_attachments()}
        values = self._get_page_view_values(ticket, access_token, values, HISTORY, False, **kw)
        return request.render("crm_serviceticket.portal_my_ticket", values)
