from odoo import models


class CrmLead(models.Model):
    """The way from a project to the page of its customer."""

    _inherit = "crm.lead"

    def action_open_customer_page(self):
        """Open the customer of the project on one page, see ``crm.customer.page``.

        :return: the action, False without a customer
        """
        self.ensure_one()
        return bool(self.partner_id) and self.partner_id.action_open_customer_page()
