from odoo import api, models
from odoo.exceptions import ValidationError


class CalendarEvent(models.Model):
    """An appointment is hidden with its project, from invited colleagues too; customers are invited as ever."""

    _inherit = "calendar.event"

    @api.depends("opportunity_id.is_hidden")
    @api.depends_context("uid")
    def _compute_display_name(self):
        # sudo: asks about the rights themselves
        hidden = self.filtered(lambda event: event.sudo().opportunity_id.is_hidden)
        hidden.display_name = self.env._("Busy")
        return super(CalendarEvent, self - hidden)._compute_display_name()

    @api.constrains("opportunity_id", "partner_ids")
    def _check_attendees_see_project(self):
        """Refuse to invite a colleague to what he could not see.

        :raise ValidationError: it names the users and what to do
        """
        # sudo: also when a customer's answer is processed
        for event in self.sudo().filtered("opportunity_id.is_restricted"):
            without = event.opportunity_id._users_without_access(event.partner_ids.user_ids)
            if without:
                raise ValidationError(
                    self.env._(
                        "%(users)s: no access to this restricted project. Link them to it before you invite them.",
                        users=", ".join(without.mapped("name")),
                    )
                )
