from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_new_appointment(self):
        """Open Odoo's form for an appointment with the customer.

        :return: an action
        """
        self.ensure_one()
        context = {"default_res_model": self._name, "default_res_id": self.id}
        return self.env["calendar.event"]._get_new_appointment_action(self.env.user.partner_id | self, context)
