from datetime import timedelta

from odoo import sql_db
from odoo.tests import tagged

from .sales_case import SalesCase

_OF_MESSAGE = [
    "author_id",
    "body",
    "email_add_signature",
    "email_from",
    "is_internal",
    "message_type",
    "model",
    "record_company_id",
    "record_alias_domain_id",
    "reply_to",
    "subtype_id",
    "subject",
]
_OF_LEAD = ["stage_id", "team_id", "user_id", "company_id", "day_open", "probability", "automated_probability"]
_TIMES_OF_LEAD = ["date_open", "date_last_stage_update"]


@tagged("post_install", "-at_install")
class TestAnnouncement(SalesCase):
    """A lead that comes in is in the chatter what one is that somebody makes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source.write({"user_id": cls.sales[0].id, "notify": False})
        cls.team._message_subscribe(cls.accountant.partner_id.ids)

    def _make_natively(self):
        return self.env["crm.lead"].create(
            {
                "name": "Native",
                "type": "lead",
                "email_from": "native@other.example",
                "user_id": self.sales[0].id,
                "team_id": self.team.id,
                "company_id": self.company.id,
            }
        )

    def _get_followers(self, lead):
        return {follower.partner_id: follower.subtype_ids for follower in lead.message_follower_ids}

    def _get_note(self, lead):
        note = lead.message_ids.filtered(lambda message: message.message_type == "notification")
        self.assertEqual(len(note), 1)
        return {name: note[name] for name in _OF_MESSAGE}

    def test_followers_note_and_times_are_those_of_a_lead_that_is_made_by_hand(self):
        native = self._make_natively()
        for lead in self._send(3, subject="Native"):
            with self.subTest(lead.id):
                self.assertEqual(self._get_followers(lead), self._get_followers(native))
                self.assertEqual(self._get_note(lead), self._get_note(native))
                for name in _OF_LEAD:
                    self.assertEqual(lead[name], native[name], name)
                for name in _TIMES_OF_LEAD:
                    self.assertAlmostEqual(lead[name], native[name], delta=timedelta(seconds=30))
                self.assertEqual(lead.duration_tracking.keys(), native.duration_tracking.keys())
                self.assertEqual(lead.activity_ids, native.activity_ids)

    def test_each_note_has_its_own_message_id(self):
        ids = self._send(5).message_ids.mapped("message_id")
        self.assertEqual(len(set(ids)), 5)
        self.assertTrue(all(ids))

    def test_who_follows_the_team_is_notified_as_of_a_lead_made_by_hand(self):
        self._make_natively()
        native = self._mails_to(self.accountant)
        self.assertEqual(len(native), 1)
        leads = self._send(2, subject="Native")
        came = self._mails_to(self.accountant) - native
        self.assertEqual(came, leads.message_ids.filtered(lambda message: message.message_type == "notification"))
        self.assertEqual(came.mail_ids.mapped("state"), ["outgoing", "outgoing"], "who sends does not wait for mail")

    def test_who_follows_the_team_gets_one_message_of_many_leads(self):
        self._send(6)
        digest = self._mails_to(self.accountant)
        self.assertEqual(digest.mapped("subject"), ["6 new leads came in"])

    def test_followers_that_another_addon_gave_one_lead_stay_its_own(self):
        leads = self._send(2)
        self.assertEqual(len(leads.message_follower_ids), 4)
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        more = leads.create([{"name": "A", "user_id": self.sales[0].id, "team_id": self.team.id}] * 2)
        more.message_follower_ids.unlink()
        more[0]._message_subscribe(stranger.ids)
        more._follow_intake()
        more.invalidate_recordset()
        self.assertIn(stranger, more[0].message_partner_ids)
        self.assertNotIn(stranger, more[1].message_partner_ids)
        self.assertEqual(more[1].message_partner_ids, self.sales[0].partner_id | self.accountant.partner_id)

    def test_a_thousand_leads_are_announced_in_the_queries_of_ten(self):
        self.source.notify = True
        counts = []
        for count in (10, 1000):
            self._send()
            before = sql_db.sql_counter
            self._send(count)
            counts.append(sql_db.sql_counter - before)
        # what grows are Odoo's own statements, which take a thousand rows at the most
        self.assertLess(counts[1] - counts[0], 100)
