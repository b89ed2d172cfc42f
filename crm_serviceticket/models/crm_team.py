from odoo import fields, models


class CrmTeam(models.Model):
    """A team that works on complaints: until when, and what it answers at once. Its address: crm_team_alias.py."""

    _inherit = "crm.team"

    uses_tickets = fields.Boolean("Service Tickets", help="The team works on complaints of customers.")
    ticket_receipt = fields.Boolean(
        "Confirm Complaints by E-mail",
        default=True,
        help="Whoever complains by e-mail is told the number of the ticket at once.",
    )
    ticket_calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours of Tickets",
        check_company=True,
        help="Deadlines of tickets are counted in these; in those of the company, if empty.",
    )
    ticket_hours_low = fields.Float("Deadline, Low Priority", default=40, help="In working hours.")
    ticket_hours_medium = fields.Float("Deadline, Medium Priority", default=24, help="In working hours.")
    ticket_hours_high = fields.Float("Deadline, High Priority", default=8, help="In working hours.")
    ticket_hours_urgent = fields.Float("Deadline, Very High Priority", default=4, help="In working hours.")

    _ticket_hours_positive = models.Constraint(
        "CHECK (ticket_hours_low >= 0 AND ticket_hours_medium >= 0 AND ticket_hours_high >= 0"
        " AND ticket_hours_urgent >= 0)",
        "A deadline is so many working hours ahead, and none at 0.",
    )

    def _ticket_leader(self, company):
        """Who is responsible for the new tickets of the team, where they work for the company.

        :param company: ``res.company`` of the ticket
        :return: ``res.users``, may be empty
        """
        # sudo: for which companies a colleague works
        leader = self.sudo().user_id
        fits = leader.active and not leader.share and company in leader.company_ids
        return leader.sudo(False) if fits else self.env["res.users"]
