from odoo import api, fields, models


class CrmCalendarTickMixin(models.AbstractModel):
    """A box that each user ticks to have a record in the own calendar, outside Odoo."""

    _name = "crm.calendar.tick.mixin"
    _description = "In One's Own Calendar"

    in_my_calendar = fields.Boolean(
        "In My Own Calendar",
        compute="_compute_in_my_calendar",
        inverse="_inverse_in_my_calendar",
        search="_search_in_my_calendar",
        exportable=False,
        help="You get an e-mail that your calendar program takes it out of, and another one when it changes or is "
        "cancelled.",
    )

    @api.depends_context("uid")
    def _compute_in_my_calendar(self):
        # sudo: only what the user ticked
        rows = self.env["crm.calendar.invitation"].sudo()._of_records(self._origin)
        rows = rows.filtered(lambda row: row.is_wanted and row.user_id.id == self.env.uid)
        for record in self:
            record.in_my_calendar = record._origin._is_ticked(rows)

    def _search_in_my_calendar(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        # sudo: only what the user ticked
        rows = self.env["crm.calendar.invitation"].sudo()
        rows = rows.search([("user_id", "=", self.env.uid), ("is_wanted", "=", True)])
        return self._ticked_domain(rows)

    def _inverse_in_my_calendar(self):
        invitations = self.env["crm.calendar.invitation"].sudo()  # sudo: only what the user ticks
        ticked = self.filtered("in_my_calendar")
        if ticked:
            invitations._subscribe(ticked, self.env.user)
            ticked._tick_for_responsible()
        if self - ticked:
            invitations._unsubscribe(self - ticked, self.env.user)

    def _tick_for_responsible(self):
        """What one makes for a colleague is in the colleague's calendar as well."""
        invitations = self.env["crm.calendar.invitation"].sudo()  # sudo: as the one who made it
        made = self.filtered(lambda record: record.create_uid == self.env.user)
        for user, records in made.grouped("user_id").items():
            if user and user != self.env.user and not user.share:
                uninvited = records.filtered(lambda record, user=user: not record._is_invited_by_odoo(user))
                invitations._subscribe(uninvited, user, is_delegated=True)

    def _is_invited_by_odoo(self, user):
        """Whether Odoo itself sends a user the record as an invitation: a second entry in the calendar."""
        raise NotImplementedError

    def _is_ticked(self, rows):
        """Whether one of the user's rows is about the record."""
        raise NotImplementedError

    @api.model
    def _ticked_domain(self, rows):
        """The records that the user's rows are about."""
        raise NotImplementedError

    def _touch_invitations(self):
        """Have calendars told before the commit what has become of these records."""
        # sudo: whoever changes a record, those who have it in their calendar are told
        self.env["crm.calendar.invitation"].sudo()._of_records(self)._touch()
