from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import TicketCase


@tagged("post_install", "-at_install")
class TestClosing(TicketCase):
    def test_nobody_closes_without_a_result(self):
        tickets = self._make_ticket() | self._make_ticket(name="Too loud", result="Felt put in")
        for user in (self.service, self.ticket_manager, self.manager, self.env.user):
            with self.subTest(user=user.login), self.assertRaisesRegex(ValidationError, tickets[0].number) as error:
                self._as(user, tickets).status_id = self.closed
            self.assertNotIn(tickets[1].number, str(error.exception))
        with self.assertRaises(ValidationError):
            self._make_ticket(status_id=self.closed.id)
        with self.assertRaises(ValidationError):
            self._make_ticket(status_id=self.closed.id, result="  \n ")

    def test_a_result_stays_while_it_is_closed(self):
        ticket = self._close_ticket(self._make_ticket())
        with self.assertRaises(ValidationError):
            ticket.result = False

    @freeze_time("2026-05-04 08:00:00")
    def test_it_is_known_since_when(self):
        ticket = self._close_ticket(self._make_ticket())
        self.assertEqual(ticket.closed_on, datetime(2026, 5, 4, 8))
        with freeze_time("2026-05-05 08:00:00"):
            ticket.result = "Sent two wheels"
            self.assertEqual(ticket.closed_on, datetime(2026, 5, 4, 8))
            ticket.status_id = self.work
            self.assertFalse(ticket.closed_on)
            ticket.status_id = self.closed
            self.assertEqual(ticket.closed_on, datetime(2026, 5, 5, 8))

    @freeze_time("2026-05-04 08:00:00")
    def test_opened_by_hand_it_keeps_its_deadline_while_there_is_time(self):
        ticket = self._close_ticket(self._make_ticket(priority="2"))
        deadline = ticket.date_deadline
        self._as(self.service, ticket).status_id = self.work
        self.assertEqual((ticket.reopened_count, ticket.date_deadline), (1, deadline))
        self._close_ticket(ticket)
        with freeze_time("2026-05-11 08:00:00"):
            self._as(self.service, ticket).status_id = self.work
            self.assertEqual(ticket.reopened_count, 2)
            self.assertGreater(ticket.date_deadline, datetime(2026, 5, 11, 8))


@tagged("post_install", "-at_install")
class TestAnswers(TicketCase):
    """What is said on a ticket, whichever way it comes."""

    def _say(self, ticket, author, **values):
        values = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment", **values}
        return ticket.sudo().message_post(body="Hello", author_id=author.id, email_from=author.email, **values)

    def test_who_opens_it_again(self):
        colleague = self.service.partner_id
        note = {"subtype_xmlid": "mail.mt_note"}
        table = [
            (self.anna, {}, True),
            (self.bart, {}, True),
            (self.customer, {"message_type": "email"}, True),
            (self.stranger, {}, False),
            (colleague, {}, False),
            (self.anna, note, False),
            (self.anna, {"message_type": "auto_comment"}, False),
        ]
        for author, values, opens in table:
            ticket = self._close_ticket(self._make_ticket())
            self._say(ticket, author, **values)
            with self.subTest(author=author.name, values=values):
                self.assertEqual(ticket.status_id, self.new if opens else self.closed)
                self.assertEqual(ticket.reopened_count, int(opens))

    def test_who_wrote_from_an_address_that_nobody_has_opens_it_by_that(self):
        ticket = self._make_ticket(partner_id=False, contact_id=False, email_from="Zoe <zoe@x.example>")
        self._close_ticket(ticket)
        values = {"message_type": "email", "subtype_xmlid": "mail.mt_comment"}
        ticket.message_post(body="Hello", author_id=False, email_from="someone@x.example", **values)
        self.assertTrue(ticket.is_closed)
        ticket.message_post(body="Hello", author_id=False, email_from="ZOE@x.example", **values)
        self.assertFalse(ticket.is_closed)

    def test_what_was_closed_begins_anew_and_somebody_is_told(self):
        with freeze_time("2026-05-04 08:00:00"):
            ticket = self._make_ticket(user_id=self.service.id)
            ticket.date_deadline = "2026-05-05 12:00:00"
            self._close_ticket(ticket)
        with freeze_time("2026-05-11 08:00:00"):
            self._say(ticket, self.anna)
            self.assertGreater(ticket.date_deadline, datetime(2026, 5, 11, 8))
            self.assertFalse(ticket.is_deadline_manual)
        self.assertEqual(ticket.activity_ids.user_id, self.service)
        self.assertIn("Reopened", ticket.activity_ids.summary)
        self._say(ticket, self.anna)
        self.assertEqual(ticket.reopened_count, 1, "Once, however much is said")
        self.assertEqual(len(ticket.activity_ids), 1)

    def test_the_leader_is_told_where_nobody_is_responsible_who_can_see_it(self):
        self.service_team.user_id = self.ticket_manager
        ticket = self._close_ticket(self._make_ticket())
        self._say(ticket, self.anna)
        self.assertEqual(ticket.activity_ids.user_id, self.ticket_manager)
        # who may not see it gets nothing to do, and the answer is there all the same
        lead = self._make_lead(partner_id=self.customer.id, is_restricted=True)
        hidden = self._close_ticket(self._make_ticket(lead_id=lead.id, user_id=self.service.id))
        self._say(hidden, self.anna)
        self.assertFalse(hidden.is_closed)
        self.assertFalse(hidden.activity_ids)

    def test_what_waits_for_the_customer_is_worked_on_again(self):
        ticket = self._make_ticket(status_id=self.waiting.id)
        self._say(ticket, self.service.partner_id)
        self.assertEqual(ticket.status_id, self.waiting)
        self._say(ticket, self.anna)
        self.assertEqual(ticket.status_id, self.work)
        self.assertEqual(ticket.reopened_count, 0)

    def test_a_portal_user_opens_it_though_they_may_change_nothing(self):
        portal = self._make_portal_user(self.anna)
        ticket = self._close_ticket(self._make_ticket())
        # as the portal does after it has looked at the token, and by program
        for theirs in (self._as(portal, ticket).sudo(), self._as(portal, ticket)):
            posted = theirs.message_post(body="It broke again", message_type="comment", subtype_xmlid="mail.mt_comment")
            self.assertEqual(posted.author_id, self.anna)
            self.assertFalse(ticket.is_closed)
            self._close_ticket(ticket)


@tagged("post_install", "-at_install")
class TestStatuses(TicketCase):
    def test_one_to_begin_and_one_to_close_with_stay(self):
        statuses = self.env["crm.ticket.status"].search([])
        mine = self.new | self.work | self.closed | self.waiting
        (statuses - mine).active = False
        with self.assertRaises(UserError):
            self.closed.active = False
        self.work.active = False
        with self.assertRaises(UserError):
            self.new.active = False
        with self.assertRaises(UserError):
            self.new.is_waiting = True
        self.env["crm.ticket"].search([]).unlink()
        with self.assertRaises(UserError):
            self.closed.unlink()
        with self.assertRaises(UserError):
            self.new.unlink()

    def test_what_is_used_is_archived_and_not_deleted_nor_turned_round(self):
        used = self.env["crm.ticket.status"].create({"name": "At the factory"})
        self._make_ticket(status_id=used.id)
        self.assertEqual(used.use_count, 1)
        with self.assertRaisesRegex(UserError, "At the factory"):
            used.unlink()
        with self.assertRaisesRegex(UserError, "At the factory"):
            used.closes = True
        used.active = False
        unused = self.env["crm.ticket.status"].create({"name": "Unused"})
        unused.closes = True
        unused.unlink()

    def test_it_cannot_close_and_wait(self):
        with self.assertRaises(ValidationError):
            self.waiting.copy({"name": "Both", "closes": True})

    def test_a_name_is_there_once(self):
        with self.assertRaises(ValidationError):
            self.env["crm.ticket.status"].create({"name": " new "})
        self.assertNotEqual(self.new.copy().name, self.new.name)
