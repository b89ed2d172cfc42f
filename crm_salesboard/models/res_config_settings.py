from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    """The switch for private customers, where administrators look for it."""

    _inherit = "res.config.settings"

    private_customers = fields.Boolean()
    unowned_customers = fields.Selection(
        [("everybody", "Everybody sees them"), ("managers", "Only those who see all")],
        "Customers and projects without an owner",
    )

    @api.model
    def get_values(self):
        switch = self.env["crm.private.customers"]
        return {
            **super().get_values(),
            "private_customers": switch._is_on(),
            "unowned_customers": switch._unowned_choice(),
        }

    def set_values(self):
        """Apply the settings.

        :return: what Odoo returns
        """
        res = super().set_values()
        self.env["crm.private.customers"]._switch(self.private_customers, self.unowned_customers or "everybody")
        return res
