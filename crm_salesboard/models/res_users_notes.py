from odoo import models


class ResUsers(models.Model):
    """Who leaves lets go of what notes say they had to do: it waits for somebody to take it over."""

    _inherit = "res.users"

    def action_archive(self):
        # Before Odoo, which deletes all their activities.
        self.check_access("write")
        self._let_go_of_notes()
        return super().action_archive()

    def write(self, vals):
        if "active" in vals and not vals["active"]:
            self.check_access("write")
            self._let_go_of_notes()
        return super().write(vals)

    def _let_go_of_notes(self):
        # sudo: whoever may archive a user need not see their customers
        self.env["crm.note"].sudo().search([("user_id", "in", self.ids), ("is_closed", "=", False)])._let_go()
