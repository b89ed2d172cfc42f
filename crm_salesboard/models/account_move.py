from odoo import api, fields, models
from odoo.fields import Domain


class AccountMove(models.Model):
    """Whose invoices are whose, and which projects an invoice comes from.

    With private customers a salesperson sees the customers of the own invoices.
    """

    _inherit = "account.move"

    crm_project_count = fields.Integer("Projects", compute="_compute_crm_project_count", exportable=False)

    _salesboard_salesperson_index = models.Index(
        "(invoice_user_id, partner_id) INCLUDE (partner_shipping_id) WHERE invoice_user_id IS NOT NULL"
    )

    @api.depends("line_ids.sale_line_ids", "invoice_origin", "commercial_partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_crm_project_count(self):
        leads = self.env["crm.lead"].with_context(active_test=False)
        if not leads.has_access("read"):
            self.crm_project_count = 0
            return
        own = {move: move._ordered_project_ids() for move in self if move.is_sale_document(include_receipts=True)}
        seen = set(leads._search([("id", "in", [lead_id for ids in own.values() for lead_id in ids])]))
        customers = self.env["res.partner"].union(*(move.commercial_partner_id for move in own if not own[move]))
        counts = leads._count_by_customer(customers)
        for move in self:
            ids = own.get(move, ())
            customer = move in own and not ids and move.commercial_partner_id
            move.crm_project_count = len(seen.intersection(ids)) if not customer else counts.get(customer.id, 0)

    def _ordered_project_ids(self):
        """The projects of the orders that an invoice is of, by its lines or by the numbers that it names as its origin.

        :return: a set of ids
        """
        # sudo: which orders an invoice is of; the projects are read with the rights of the user
        move = self.sudo()
        orders = move.line_ids.sale_line_ids.order_id
        names = [name.strip() for name in (move.invoice_origin or "").split(",") if name.strip()]
        if names and not orders:
            orders = orders.search([("name", "in", names), ("company_id", "=", move.company_id.id)])
        return set(orders.opportunity_id.ids)

    def action_view_crm_projects(self):
        """Open the projects of an invoice's orders; of an invoice without those, the projects of its customer.

        :return: an action
        """
        self.ensure_one()
        if ids := self._ordered_project_ids():
            return self.env["crm.lead"]._action_of_accounting(Domain("id", "in", list(ids)))
        return self.commercial_partner_id.action_view_crm_projects()
