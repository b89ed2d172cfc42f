from odoo import models


class ResPartner(models.Model):
    """The way to the page that shows the whole of a customer."""

    _inherit = "res.partner"

    def action_open_customer_page(self):
        """Open the customer on one page, see ``crm.customer.page``.

        :return: the action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "crm_customer_page",
            "name": f"{self.name} 360°",
            "params": {"resId": self.id},
        }
