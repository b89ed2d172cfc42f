from odoo import models

ASSIGNED = "mail.message_user_assigned"


class CrmLead(models.Model):
    """Odoo's e-mail about an assignment, which the company and everybody for themselves can switch off."""

    _inherit = "crm.lead"

    def _message_auto_subscribe_notify(self, partner_ids, template):
        """Leave out who does not want it. They follow the lead or project all the same."""
        if template == ASSIGNED and not self.env.context.get("mail_auto_subscribe_no_notify"):
            self = self._filter_told_of_assignment()
            partner_ids = self._filter_wanting_assignments(partner_ids)
        if self and partner_ids:
            super()._message_auto_subscribe_notify(partner_ids, template)

    def _filter_told_of_assignment(self):
        """The leads whose company tells people of assignments."""
        # sudo: the company of a lead may be one that the user is not in at this moment
        return self.filtered(lambda lead: (lead.company_id.sudo() or lead.env.company).crm_assignment_email)

    def _filter_wanting_assignments(self, partner_ids):
        """Of people those who want to be told of assignments."""
        # sudo: what others prefer is nothing that a salesperson reads otherwise
        unwilling = (
            self.env["res.users"]
            .sudo()
            .search([("partner_id", "in", partner_ids), ("crm_assignment_email", "=", False)])
        )
        return [partner_id for partner_id in partner_ids if partner_id not in unwilling.partner_id.ids]
