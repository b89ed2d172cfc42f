from odoo import api, models


class MailComposeMessage(models.TransientModel):
    """Odoo's own composer, for the members that a step has claimed."""

    _inherit = "mail.compose.message"

    @api.depends("mass_mailing_id")
    def _compute_force_send(self):
        """Not before it is committed that they were made: a server that dies would send them again."""
        super()._compute_force_send()
        self.sudo().filtered("mass_mailing_id.campaign_step_id").force_send = False

    def _prepare_mail_values(self, res_ids):
        """A batch of a step's mailing: whoever is addressed at this moment by somebody else is left to them."""
        # sudo: whether it is one, which the sender need not be allowed to see
        step = self.sudo().mass_mailing_id.campaign_step_id
        if not step or self.composition_mode != "mass_mail":
            return super()._prepare_mail_values(res_ids)
        claimed = step._claim(list(res_ids))
        # Odoo asks for the language of one customer at a time: here they are read together.
        self.env[self.model].browse(claimed).partner_id.mapped("lang")
        return super()._prepare_mail_values(claimed) if claimed else {}
