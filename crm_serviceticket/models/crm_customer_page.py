from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_salesboard.models.crm_customer_page import LINES

TICKET_FIELDS = [
    "number",
    "name",
    "partner_id",
    "contact_id",
    "lead_id",
    "status_id",
    "is_closed",
    "user_id",
    "date_deadline",
]


class CrmCustomerPage(models.AbstractModel):
    """The tickets of the customer; that some are overdue is said before anything is offered."""

    _inherit = "crm.customer.page"

    @api.model
    def _get_blocks(self):
        blocks = super()._get_blocks()
        names = [name for name, _method in blocks]
        at = names.index("notes") + 1 if "notes" in names else len(blocks)
        return [*blocks[:at], ("tickets", "_block_tickets"), *blocks[at:]]

    @api.model
    def _get_counted(self, customer):
        counted, tickets = super()._get_counted(customer), self.env["crm.ticket"]
        if tickets.has_access("read"):
            domain = Domain("partner_id", "in", customer.ids) | Domain("contact_id", "in", customer.ids)
            is_open = Domain("is_closed", "=", False)
            counted["tickets"] = tickets, domain
            counted["open_tickets"] = tickets, domain & is_open
            counted["overdue_tickets"] = tickets, domain & is_open & Domain("date_deadline", "<", fields.Datetime.now())
        return counted

    @api.model
    def _get_warnings(self, customer):
        warnings = super()._get_warnings(customer)
        *_found, count = customer.counted.get("overdue_tickets", (0,))
        if count:
            text = self.env._("A ticket is overdue.") if count == 1 else self.env._("%s tickets are overdue.", count)
            warnings.append({"text": text, "level": "warning"})
        return warnings

    @api.model
    def _block_tickets(self, customer):
        if "tickets" not in customer.counted:
            return None
        _tickets, domain, count = customer.counted["tickets"]
        open_count, overdue = customer.counted["open_tickets"][-1], customer.counted["overdue_tickets"][-1]
        title = self.env._("Tickets")
        figures = [self._figure(self.env._("Open"), open_count)] if open_count else []
        if overdue:
            figures.append(self._figure(self.env._("Overdue"), overdue, alert=True))
        new, partner = self.env._("New Ticket"), customer.partner
        return self._block(
            title,
            "fa-life-ring",
            2,
            count,
            [self._ticket_line(customer, ticket) for ticket in self._first_tickets(customer)],
            self.env._("No tickets yet."),
            figures=figures,
            action=self._list_action(
                title, "crm.ticket", domain, ("list", "kanban", "form"), default_partner_id=partner.id
            ),
            add=self._add("crm.ticket", new, self._form_action(new, "crm.ticket", default_partner_id=partner.id)),
        )

    @api.model
    def _first_tickets(self, customer):
        """The first open tickets, due soonest first, and after them, while there is room, those that were closed last.

        :param customer: with "tickets" and "open_tickets" counted
        :return: ``crm.ticket``
        """
        first, _domain, open_count = self._first(customer, "open_tickets", TICKET_FIELDS, "date_deadline, id desc")
        tickets, domain, count = customer.counted["tickets"]
        room = LINES - len(first)
        if room and count > open_count:
            domain &= Domain("is_closed", "=", True)
            first += tickets.search_fetch(domain, TICKET_FIELDS, order="closed_on desc, id desc", limit=room)
        return first

    @api.model
    def _ticket_line(self, customer, ticket):
        is_late = not ticket.is_closed and ticket.date_deadline and ticket.date_deadline < fields.Datetime.now()
        return self._line(
            ticket,
            ticket.name,
            text=ticket.number,
            who=customer.name_of((ticket.contact_id or ticket.partner_id).id),
            badge=self._badge(ticket.status_id, "name"),
            date=not ticket.is_closed and ticket.date_deadline,
            late=is_late,
            user_id=ticket.user_id.id,
            lead_id=ticket.lead_id.id,
        )
