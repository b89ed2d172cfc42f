from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.crm_serviceticket.tests.common import TicketCase


@tagged("post_install", "-at_install")
class TestTicketFigures(TicketCase):
    """How long tickets took and whether deadlines were kept, in records, groups and searches alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now().replace(microsecond=0)
        cls.quick = cls._make_closed("Quick", days=1, deadline=2)
        cls.late = cls._make_closed("Late", days=4, deadline=3)
        cls.free = cls._make_closed("Without a deadline", days=7, deadline=None)
        cls.open = cls._make_ticket(name="Open", date_deadline=cls.now + timedelta(days=1))
        cls.all = cls.quick | cls.late | cls.free | cls.open

    @classmethod
    def _make_closed(cls, name, days, deadline):
        """A ticket that came ten days ago, took so many days, and had a deadline after so many."""
        ticket = cls._make_ticket(name=name)
        cls._close_ticket(ticket)
        came = cls.now - timedelta(days=10)
        ticket.flush_recordset()
        cls.env.cr.execute(
            SQL(
                "UPDATE crm_ticket SET create_date = %s, closed_on = %s, date_deadline = %s WHERE id = %s",
                came,
                came + timedelta(days=days),
                deadline and came + timedelta(days=deadline),
                ticket.id,
            )
        )
        ticket.invalidate_recordset()
        return ticket

    def _group(self, groupby, aggregates):
        return (
            self.env["crm.ticket"]
            .with_user(self.service)
            ._read_group([("id", "in", self.all.ids)], groupby, aggregates)
        )

    def test_a_closed_ticket_tells_how_many_days_it_took_and_an_open_one_nothing(self):
        self.assertEqual(self.all.mapped("days_to_close"), [1, 4, 7, 0])
        self.assertEqual(self.all.mapped("closed_in_time"), ["kept", "missed", False, False])

    def test_a_ticket_that_was_taken_over_took_from_when_it_had_come_on(self):
        values = {"name": "Of the old system", "status_id": self.closed.id, "result": "Exchanged"}
        came, closed = self.now - timedelta(days=40), self.now - timedelta(days=37)
        tickets = self._as(self.ticket_manager, self.env["crm.ticket"])
        known = tickets.create({**values, "deadline_from": came, "closed_on": closed})
        unknown = tickets.create({**values, "deadline_from": False, "closed_on": closed})
        self.assertEqual((known | unknown).mapped("days_to_close"), [3, 0])
        both = [("id", "in", (known | unknown).ids)]
        self.assertEqual(tickets._read_group(both, [], ["days_to_close:avg"]), [(1.5,)])

    def test_an_average_leaves_open_tickets_out(self):
        self.assertEqual(self._group([], ["days_to_close:avg"]), [(4.0,)])
        self.open.status_id = self.work
        self.assertEqual(self._group([], ["days_to_close:avg"]), [(4.0,)])

    def test_tickets_are_grouped_and_found_by_whether_the_deadline_was_kept(self):
        self.assertEqual(
            self._group(["closed_in_time"], ["__count"]),
            [("kept", 1), ("missed", 1), (False, 2)],
        )
        found = lambda *leaf: self.env["crm.ticket"].search([("id", "in", self.all.ids), leaf])  # noqa: E731  short
        self.assertEqual(found("closed_in_time", "=", "kept"), self.quick)
        self.assertEqual(found("closed_in_time", "!=", "kept"), self.all - self.quick)
        self.assertEqual(found("closed_in_time", "=", False), self.free | self.open)
        self.assertEqual(found("closed_in_time", "!=", False), self.quick | self.late)

    def test_what_was_closed_a_moment_ago_counts_at_once(self):
        self._close_ticket(self.open)
        self.assertEqual(self.open.closed_in_time, "kept")
        self.assertEqual(dict(self._group(["closed_in_time"], ["__count"]))["kept"], 2)
