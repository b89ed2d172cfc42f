from datetime import timedelta

from odoo import fields, sql_db
from odoo.tests import tagged

from .sales_case import SalesCase


@tagged("post_install", "-at_install")
class TestTakeUp(SalesCase):
    """When somebody first worked on what came in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source.write({"user_id": cls.sales[0].id, "notify": False})

    def _take(self, action):
        """Have the salesperson do something with a new lead, and say whether that counts."""
        lead = self._send()
        row = self._rows()[-1]
        self.assertFalse(row.taken_up_at)
        action(lead.with_user(self.sales[0]))
        self._end()
        return bool(row.taken_up_at)

    def _end(self):
        """As at the end of a request."""
        self.env.cr.flush()

    def test_what_a_person_does_with_a_lead_takes_it_up(self):
        stage = self.env["crm.stage"].create({"name": "Later", "team_ids": self.team.ids, "sequence": 99})
        for action in (
            lambda lead: lead.write({"stage_id": stage.id}),
            lambda lead: lead.write({"description": "Called"}),
            lambda lead: lead.convert_opportunity(False),
            lambda lead: lead.action_set_won(),
            lambda lead: lead.action_set_lost(),
            lambda lead: lead.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment"),
            lambda lead: lead.activity_schedule("mail.mail_activity_data_call").action_feedback(),
        ):
            with self.subTest(action=action.__code__.co_names[-1]):
                self.assertTrue(self._take(action))

    def test_looking_handing_on_and_what_the_system_does_take_nothing_up(self):
        for action in (
            lambda lead: lead.read(["name"]),
            lambda lead: lead.write({"user_id": self.sales[1].id}),
            lambda lead: lead.sudo().with_user(self.env.ref("base.user_root")).write({"priority": "2"}),
            lambda lead: lead.activity_schedule("mail.mail_activity_data_call"),
        ):
            with self.subTest(action=action.__code__.co_names[-1]):
                self.assertFalse(self._take(action))

    def test_the_first_time_counts_and_how_long_it_took(self):
        lead = self._send()
        row = self._rows()
        self.env.cr.execute("UPDATE crm_lead_inbox SET received_at = received_at - interval '3 hours'")
        row.invalidate_recordset()
        lead.with_user(self.sales[0]).priority = "1"
        self._end()
        self.assertAlmostEqual(row.take_up_hours, 3, delta=0.1)
        self.assertLess(fields.Datetime.now() - row.taken_up_at, timedelta(minutes=5))
        self.env.cr.execute("UPDATE crm_lead_inbox SET taken_up_at = taken_up_at - interval '1 hour'")
        row.invalidate_recordset()
        before = row.taken_up_at
        lead.with_user(self.sales[0]).priority = "2"
        self._end()
        self.assertEqual(row.taken_up_at, before)

    def test_an_update_by_the_source_is_not_the_work_of_a_person(self):
        self._submit([{"external_id": "1", "subject": "One"}])
        self._submit([{"external_id": "1", "subject": "Other"}])
        self._end()
        self.assertEqual(self._leads().name, "Other")
        self.assertFalse(self._rows().taken_up_at)

    def test_all_that_came_in_for_a_lead_is_taken_up_with_it(self):
        self._send(2, email="same@other.example", subject="Twice")
        self._submit([{"email": "same@other.example", "subject": "Again"}])
        self._leads().with_user(self.sales[0]).write({"priority": "1"})
        self._end()
        self.assertTrue(all(row.taken_up_at for row in self._rows()))

    def test_leads_that_are_merged_are_taken_up(self):
        leads = self._send(2)
        leads.with_user(self.leader).merge_opportunity()
        self._end()
        self.assertTrue(all(row.taken_up_at for row in self._rows()))

    def test_it_is_one_statement_for_any_number_of_leads_and_changes(self):
        leads = self._send(30).with_user(self.sales[0])
        self._end()
        before = sql_db.sql_counter
        for lead in leads:
            lead._take_up()
        self.assertEqual(sql_db.sql_counter, before)
        self._end()
        self.assertEqual(sql_db.sql_counter - before, 1)
        self.assertTrue(all(row.taken_up_at for row in self._rows()))
