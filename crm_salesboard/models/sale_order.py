from odoo import api, models


class SaleOrder(models.Model):
    """An order proposes what becomes of its project; closing and reopening stay decisions of people."""

    _inherit = "sale.order"

    @api.depends_context("lang")
    @api.depends("state")
    def _compute_partner_credit_warning(self):
        """Say before Odoo's own warning of the credit limit what accounting says of the customer."""
        super()._compute_partner_credit_warning()
        offers = self.filtered(lambda order: order.partner_id and order.state in ("draft", "sent"))
        customers = [(order.partner_id, order.company_id) for order in offers]
        warnings = self.env["res.partner"]._warnings_of_customers(customers)
        for order, (_kind, text) in zip(offers, warnings, strict=True):
            order.partner_credit_warning = "\n".join(filter(None, (text, order.partner_credit_warning)))

    def action_confirm(self):
        """Confirm, and from the form of the order propose to close its project as Order.

        :return: as natively; called with ``crm_propose_order`` in the context by the buttons of the form, the dialog
            for closing the project where that is open and the user may close it. Programs, the portal and batches
            get what they always got.
        """
        res = super().action_confirm()
        if res is True and self.env.context.get("crm_propose_order") and len(self) == 1:
            return self._crm_proposal() or res
        return res

    def _crm_proposal(self):
        """The dialog that closes the project of this order, nothing where there is none to close."""
        lead = self.opportunity_id
        # sudo: only whether there is something to propose; the dialog itself has the rights of the user
        if not lead.sudo().is_order_proposed or not lead.has_access("write"):
            return None
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.crm_lead_order_action")
        return {**action, "context": {"dialog_size": "medium", "default_lead_id": lead.id}}

    def _action_cancel(self):
        """Cancel, and ask the owners of projects that stand as won without an order now."""
        # sudo: what hangs on the order follows it, also where the project belongs to a colleague
        leads = self.filtered(lambda order: order.state == "sale").opportunity_id.sudo()
        won = leads.filtered(lambda lead: lead.process_id and lead.won_status == "won")
        res = super()._action_cancel()
        won.filtered(lambda lead: not lead.sale_order_count)._propose_reopening()
        return res
