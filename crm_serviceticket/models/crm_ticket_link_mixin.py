from odoo import api, fields, models
from odoo.fields import Domain

from .res_partner import GROUPS


class CrmTicketLinkMixin(models.AbstractModel):
    """The tickets about a document, and the one that it was prepared for.

    That one is told to nobody as such, nor set by hand: who may see the document may not see the ticket for that.
    """

    _name = "crm.ticket.link.mixin"
    _description = "Tickets"
    # The field of the ticket that leads to the document.
    _ticket_field = None

    ticket_id = fields.Many2one(
        "crm.ticket", copy=False, index="btree_not_null", ondelete="set null", groups=fields.NO_ACCESS
    )
    crm_ticket_count = fields.Integer("Tickets", compute="_compute_crm_ticket_count", groups=GROUPS, exportable=False)

    @api.model
    def default_get(self, fields):
        """Only a ticket says that something was prepared for it."""
        defaults = super().default_get(fields)
        defaults.pop("ticket_id", None)
        return defaults

    @api.depends("ticket_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_crm_ticket_count(self):
        counts = self.env["crm.ticket"]._count_by_document(self._ticket_field, self)
        for document in self:
            document.crm_ticket_count = counts.get(document._origin.id, 0)

    def action_open_crm_tickets(self):
        """Open the tickets about a document, and the one that it was prepared for.

        :return: an action
        """
        self.ensure_one()
        # sudo: by which ticket to search, which finds those alone that the user may see
        domain = Domain(self._ticket_field, "=", self.id) | Domain("id", "=", self.sudo().ticket_id.id)
        return self.env["crm.ticket"]._action_open_list(domain, **self._get_ticket_context())

    def _get_ticket_context(self):
        """What a new ticket about the document begins with."""
        return {"default_partner_id": self.partner_id.id, f"default_{self._ticket_field}": self.id}
