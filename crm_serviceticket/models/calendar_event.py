from odoo import api, models


class CalendarEvent(models.Model):
    """An appointment about a ticket belongs to the project of the ticket as well, and is hidden with it."""

    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        # sudo: whichever project it is, also for who does not see it
        about = events.sudo().filtered(lambda event: event.res_model == "crm.ticket" and not event.opportunity_id)
        tickets = about.env["crm.ticket"].browse({event.res_id for event in about}).exists()
        project_of = {ticket.id: ticket.lead_id for ticket in tickets}
        for project, of_one in about.grouped(lambda event: project_of.get(event.res_id)).items():
            if project:
                of_one.opportunity_id = project
        return events
