from odoo import api, fields, models

# How many past appointments the page of a project shows; the calendar has all of them.
PAST_LIMIT = 80


class CrmLead(models.Model):
    """What is planned on a project, and what was done: Odoo's own activities and appointments."""

    _inherit = "crm.lead"

    activity_history_ids = fields.One2many(
        "mail.activity",
        "res_id",
        "Activities, open and done",
        bypass_search_access=True,
        context={"active_test": False},
        groups="base.group_user",
        export_string_translation=False,
    )
    open_activity_count = fields.Integer("Open Activities", compute="_compute_open_activity_count")
    agenda_event_ids = fields.One2many(
        "calendar.event",
        string="Appointments",
        compute="_compute_agenda",
        help="What is ahead, soonest first, then what is past, latest first.",
    )
    upcoming_event_count = fields.Integer("Upcoming Appointments", compute="_compute_agenda")

    def _compute_open_activity_count(self):
        # sudo: who may read the project may read the activities on it
        counts = dict(
            self.env["mail.activity"]
            .sudo()
            ._read_group([("res_model", "=", self._name), ("res_id", "in", self.ids)], ["res_id"], ["__count"])
        )
        for lead in self:
            lead.open_activity_count = counts.get(lead._origin.id, 0)

    @api.depends_context("uid")
    def _compute_agenda(self):
        """Appointments in two queries; those that are private to others have no project that the user could see."""
        now = fields.Datetime.now()
        domain = [("opportunity_id", "in", self.ids)]
        events = self.env["calendar.event"]
        upcoming = events.search([*domain, ("stop", ">=", now)], order="start, id")
        limit = PAST_LIMIT if len(self) == 1 else None
        past = events.search([*domain, ("stop", "<", now)], order="start desc, id desc", limit=limit)
        upcoming, past = upcoming.grouped("opportunity_id"), past.grouped("opportunity_id")
        for lead in self:
            ahead = upcoming.get(lead._origin, events)
            lead.agenda_event_ids = ahead + past.get(lead._origin, events)
            lead.upcoming_event_count = len(ahead)

    def action_add_activity(self):
        """Open Odoo's dialog for an activity, which on projects goes to several employees at once.

        :return: an action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Activity"),
            "res_model": "mail.activity.schedule",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_id": self.id,
                "active_ids": self.ids,
                "dialog_size": "large",
            },
        }

    def action_new_appointment(self):
        """Open Odoo's form for an appointment, with subject, customer and the employees concerned filled in.

        :return: an action
        """
        self.ensure_one()
        context = self.action_schedule_meeting(smart_calendar=False)["context"]
        partners = self.env["res.partner"].browse(context["default_partner_ids"])
        partners |= self._appointment_users().partner_id
        return self.env["calendar.event"]._get_new_appointment_action(
            partners, {**context, "default_opportunity_id": self.id}
        )

    def _appointment_users(self):
        """The employees in whose calendars an appointment on this project belongs, besides who makes it."""
        return self.user_id | self.linked_user_ids.user_id
