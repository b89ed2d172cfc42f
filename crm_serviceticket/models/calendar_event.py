from odoo import api, models


class CalendarEvent(models.Model):
    """An appointment about a ticket belongs to the project of the ticket as well, and is hidden with it."""

    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        model_id = self.env["ir.model"]._get_id("crm.ticket")
        # sudo: whichever project it is, also for who does not see it
        for event in events.sudo().filtered(lambda event: event.res_model_id.id == model_id):
            project = event.env["crm.ticket"].browse(event.res_id).exists().lead_id
            event.opportunity_id = event.opportunity_id or project
        return events
