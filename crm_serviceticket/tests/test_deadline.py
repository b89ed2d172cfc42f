from datetime import datetime

from freezegun import freeze_time

from odoo import fields
from odoo.tests import Form, tagged

from .common import TicketCase

# A Monday, 10:00 in Brussels, where the working hours of the service team are 8-12 and 13-17.
MONDAY = "2026-05-04 08:00:00"


@tagged("post_install", "-at_install")
@freeze_time(MONDAY)
class TestDeadline(TicketCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        hours = {"ticket_hours_low": 40, "ticket_hours_medium": 24, "ticket_hours_high": 8, "ticket_hours_urgent": 4}
        cls.service_team.write(hours)

    def _deadline(self, **values):
        return fields.Datetime.to_string(self._make_ticket(**values).date_deadline)

    def test_it_goes_by_the_priority_in_working_hours(self):
        table = {
            "3": "2026-05-04 13:00:00",
            "2": "2026-05-05 08:00:00",
            "1": "2026-05-07 08:00:00",
            "0": "2026-05-11 08:00:00",
        }
        for priority, expected in table.items():
            with self.subTest(priority=priority):
                self.assertEqual(self._deadline(priority=priority), expected)

    def test_holidays_of_the_company_count_not_those_of_another(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        leave = {"name": "Holiday", "date_from": "2026-05-04 00:00:00", "date_to": "2026-05-04 23:00:00"}
        for company, expected in ((elsewhere, "2026-05-04 13:00:00"), (self.home, "2026-05-05 10:00:00")):
            holiday = self.env["resource.calendar.leaves"].create({**leave, "calendar_id": self.calendar.id})
            holiday.company_id = company
            with self.subTest(company=company.name):
                self.assertEqual(self._deadline(priority="3"), expected)

    def test_it_keeps_its_hours_when_the_clocks_change(self):
        with freeze_time("2026-10-23 13:00:00"):  # a Friday, 15:00; the clocks change on Sunday
            self.assertEqual(self._deadline(priority="3"), "2026-10-26 09:00:00")

    def test_the_calendar_of_the_company_is_used_where_the_team_has_none(self):
        self.service_team.ticket_calendar_id = False
        self.home.resource_calendar_id = self.env["resource.calendar"].create({"name": "Ours", "tz": "UTC"})
        self.assertEqual(self._deadline(priority="3"), "2026-05-04 12:00:00")

    def test_there_is_none_without_hours(self):
        self.service_team.ticket_hours_high = 0
        self.assertFalse(self._make_ticket(priority="2").date_deadline)
        self.calendar.attendance_ids.unlink()
        self.assertFalse(self._make_ticket(priority="3").date_deadline, "Nor where nobody ever works")

    def test_priority_and_team_change_it_counted_from_when_it_came(self):
        ticket = self._make_ticket(priority="0")
        with freeze_time("2026-05-05 08:00:00"):
            ticket.priority = "2"
            self.assertEqual(ticket.date_deadline, datetime(2026, 5, 5, 8))
            ticket.team_id = self.env["crm.team"].create(
                {"name": "Slow", "uses_tickets": True, "ticket_hours_high": 16, "ticket_calendar_id": self.calendar.id}
            )
            self.assertEqual(ticket.date_deadline, datetime(2026, 5, 6, 8))

    def test_what_somebody_set_stays_until_it_is_emptied(self):
        ticket = self._make_ticket(priority="0")
        ticket.date_deadline = "2026-06-01 12:00:00"
        self.assertTrue(ticket.is_deadline_manual)
        ticket.priority = "3"
        self.assertEqual(ticket.date_deadline, datetime(2026, 6, 1, 12))
        ticket.date_deadline = False
        self.assertEqual(ticket.date_deadline, datetime(2026, 5, 4, 13))
        self.assertFalse(ticket.is_deadline_manual)
        given = self._make_ticket(date_deadline="2026-06-01 12:00:00")
        self.assertTrue(given.is_deadline_manual)
        self.assertEqual(given.date_deadline, datetime(2026, 6, 1, 12))

    def test_a_form_that_shows_it_has_not_set_it(self):
        with freeze_time(MONDAY) as clock:
            form = Form(self.env["crm.ticket"].with_context(default_team_id=self.service_team.id), self._view())
            form.name = "Broken"
            form.priority = "3"
            self.assertEqual(form.date_deadline, datetime(2026, 5, 4, 13))
            clock.tick(600)
            ticket = form.save()
            self.assertFalse(ticket.is_deadline_manual)
            self.assertEqual(ticket.date_deadline, datetime(2026, 5, 4, 13))
            with Form(ticket, self._view()) as form:
                form.priority = "2"
            self.assertEqual(ticket.date_deadline, datetime(2026, 5, 5, 8))
            with Form(ticket, self._view()) as form:
                form.priority = "0"
                form.date_deadline = datetime(2026, 5, 8, 12)
            self.assertTrue(ticket.is_deadline_manual)

    def _view(self):
        arch = """<form><field name="name"/><field name="team_id"/><field name="priority"/><field name="company_id"/>
            <div><field name="date_deadline"/></div></form>"""
        return self.env["ir.ui.view"].create({"name": "test", "model": "crm.ticket", "type": "form", "arch": arch})

    def test_many_are_counted_in_the_same_queries_as_one(self):
        tickets = self.env["crm.ticket"].create(
            [{"name": "Broken", "deadline_from": f"2026-05-{day:02d} 08:00:00"} for day in range(1, 29)]
        )
        self.env.flush_all()
        counts = []
        for some in (tickets[:1], tickets):
            self.env.invalidate_all()
            some.mapped("name"), some.team_id.mapped("ticket_calendar_id.name"), some.company_id.mapped("name")
            before = self.cr.sql_log_count
            planned = some._plan_deadlines()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        expected = {
            ticket: self.calendar.plan_hours(24, ticket.deadline_from, compute_leaves=True) for ticket in tickets
        }
        self.assertEqual(planned, expected, "As Odoo counts one by one")

    def test_what_is_late_is_found(self):
        late, early = self._make_ticket(priority="3"), self._make_ticket(priority="0")
        closed = self._close_ticket(self._make_ticket(priority="3"))
        never = self._make_ticket()
        self.service_team.ticket_hours_high = 0
        never.priority = "2"
        ours = late | early | closed | never
        with freeze_time("2026-05-06 08:00:00"):
            self.env.invalidate_all()
            self.assertEqual(ours.filtered("is_overdue"), late)
            domain = [("id", "in", ours.ids)]
            tickets = self.env["crm.ticket"]
            self.assertEqual(tickets.search([*domain, ("is_overdue", "=", True)]), late)
            self.assertEqual(tickets.search([*domain, ("is_overdue", "=", False)]), ours - late)
            self.assertEqual(tickets.search([*domain, "!", ("is_overdue", "=", True)]), ours - late)
