from datetime import datetime, time

import pytz

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CalendarEvent(models.Model):
    """What became of an appointment: its visit report."""

    _inherit = "calendar.event"

    visit_note_ids = fields.One2many(
        "crm.note", "visit_event_id", "Visit Reports", groups="base.group_user", exportable=False
    )
    visit_note_count = fields.Integer("Visit Report Count", compute="_compute_visit_note_count")
    is_past = fields.Boolean("Past", compute="_compute_is_past", exportable=False)

    @api.depends("visit_note_ids")
    @api.depends_context("uid")
    def _compute_visit_note_count(self):
        counts = {}
        if self.env["crm.note"].has_access("read"):
            groups = self.env["crm.note"]._read_group(
                [("visit_event_id", "in", self.ids)], ["visit_event_id"], ["__count"]
            )
            counts = {event.id: count for event, count in groups}
        for event in self:
            event.visit_note_count = counts.get(event._origin.id, 0)

    @api.depends("stop")
    def _compute_is_past(self):
        now = fields.Datetime.now()
        for event in self:
            event.is_past = bool(event.stop) and event.stop <= now

    def action_visit_report(self):
        """Open the report of a visit, or begin one with what the appointment says.

        :return: an action
        :raise UserError: the appointment is still to come
        """
        self.ensure_one()
        self._check_visit_access()
        if not self.is_past:
            raise UserError(self.env._("A visit report is written when the appointment is over."))
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Visit Report"),
            "res_model": "crm.note",
            "views": [(False, "form")],
            "context": {},
        }
        reports = self.env["crm.note"].search([("visit_event_id", "=", self.id)])
        if len(reports) > 1:
            return {**action, "views": [(False, "list"), (False, "form")], "domain": [("id", "in", reports.ids)]}
        if reports:
            return {**action, "res_id": reports.id}
        self.env["crm.note"].check_access("create")
        return {**action, "context": {"visit_of_event": self.id}}

    def _check_visit_access(self):
        """Refuse reports of what the current user may not see; a private appointment of others is more than its hours.

        :raise AccessError: it is hidden or private
        """
        self.check_access("read")
        if self._check_private_event_conditions():
            raise self.env["ir.rule"]._make_access_error("read", self)

    def _prepare_visit_report(self):
        """The values that a report takes over from the appointment, as far as the current user may see them.

        :return: a dict of values of ``crm.note``
        """
        self.ensure_one()
        participants = self.attendee_ids.filtered(lambda attendee: attendee.state != "declined").partner_id
        participants = (participants or self.partner_ids)._filtered_access("read")
        project = self.opportunity_id._filtered_access("read")
        return {
            "visit_event_id": self.id,
            "activity_type_id": self.env["crm.note"]._visit_action().id,
            "date": self._get_visit_date(),
            "visit_place": self.location or False,
            "visit_duration": False if self.allday else self.duration,
            "visit_participant_ids": [Command.set(participants.ids)],
            "lead_id": project.id,
            "partner_id": (project.partner_id or self._visit_customer(participants)).id,
        }

    def _get_visit_date(self):
        """When the visit was. Of whole days Odoo's hours are none: noon is on that day wherever one looks from."""
        if not self.allday:
            return self.start
        zone = pytz.timezone(self.env.context.get("tz") or self.env.user.tz or "UTC")
        noon = zone.localize(datetime.combine(self.start_date, time(12)))
        return noon.astimezone(pytz.utc).replace(tzinfo=None)

    def _visit_customer(self, participants):
        """Whom the visit was to: the document of the appointment, or the first who is no colleague."""
        if self.res_model == "res.partner" and self.res_id:
            return self.env["res.partner"].browse(self.res_id).exists()._filtered_access("read")
        # sudo: whether somebody is a colleague is known from every list of users
        guests = participants.filtered(
            lambda partner: not partner.sudo().user_ids.filtered(lambda user: not user.share)
        )
        return guests[:1]

    # ------------------------------------------------------------
    # New appointments
    # ------------------------------------------------------------

    @api.model
    def _get_new_appointment_action(self, partners, context):
        """Open Odoo's form for an appointment.

        :param partners: ``res.partner``: who takes part
        :param context: a dict with more defaults
        :return: an action
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Appointment"),
            "res_model": "calendar.event",
            "views": [(False, "form")],
            "context": {**context, "default_partner_ids": partners.ids},
        }
