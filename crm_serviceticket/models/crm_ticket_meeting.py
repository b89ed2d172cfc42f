from odoo import fields, models


class CrmTicket(models.Model):
    """Appointments about a ticket."""

    _inherit = "crm.ticket"

    meeting_count = fields.Integer("Appointments", compute="_compute_meeting_count")

    def write(self, vals):
        """Take the appointments along to another project, and so hide them where that one is hidden."""
        if "lead_id" not in vals:
            return super().write(vals)
        # sudo: the tickets were asked for their projects, and all appointments go with them, whoever may see them
        before = {ticket.id: ticket.lead_id for ticket in self.sudo()}
        res = super().write(vals)
        moved = self.sudo().filtered(lambda ticket: ticket.lead_id != before[ticket.id])
        if moved:
            domain = [("res_model", "=", self._name), ("res_id", "in", moved.ids)]
            events = moved.env["calendar.event"].with_context(active_test=False).search(domain)
            # One that somebody has put on some other project stays there.
            events.filtered(lambda event: event.opportunity_id <= before[event.res_id]).write(
                {"opportunity_id": moved[0].lead_id.id}
            )
        return res

    def _compute_meeting_count(self):
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        counts = dict(self.env["calendar.event"]._read_group(domain, ["res_id"], ["__count"]))
        for ticket in self:
            ticket.meeting_count = counts.get(ticket._origin.id, 0)

    def action_schedule_meeting(self):
        """Open the calendar, to make an appointment about this ticket or to look at those there are.

        :return: an action
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("calendar.action_calendar_event")
        people = self.env.user.partner_id | self.contact_id
        action["context"] = {
            "default_res_model": self._name,
            "default_res_id": self.id,
            "default_name": self.display_name,
            "default_partner_ids": people.ids,
        }
        if first := self.env["calendar.event"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)], order="start desc", limit=1
        ):
            action["context"]["initial_date"] = first.start
        return action
