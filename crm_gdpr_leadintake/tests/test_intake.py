import json

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_leadintake.tests.common import IntakeCase


@tagged("post_install", "-at_install")
class TestIntake(IntakeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.nl")
        cls.env["crm.gdpr.suppression"]._remember(["jane@example.com"], ["+31612345678"], cls.company)

    def _answer(self, **record):
        [answer] = self._submit([record])
        return answer

    def test_a_lead_of_an_anonymised_person_is_refused_and_nothing_of_it_is_kept(self):
        person = {"contact_name": "Jane Zuiderhoek", "email": "Jane@Example.com"}
        answer = self._answer(**person, external_id="A1", description="Hello")
        self.assertEqual(answer["status"], "rejected")
        self.assertFalse(self._leads())
        row = self._rows()
        self.assertEqual((row.state, row.action, row.payload, row.is_emptied), ("rejected", "rejected", False, True))
        self.env.cr.execute("SELECT row_to_json(i)::text FROM crm_lead_inbox i WHERE id = %s", [row.id])
        self.assertNotRegex(self.env.cr.fetchone()[0], "(?i)jane|zuiderhoek|hello")
        self.assertEqual(row.reason, "It is not to be taken in.")

    def test_the_sender_learns_that_it_is_not_taken_and_nothing_of_the_person(self):
        [problem] = self._answer(email="jane@example.com")["problems"]
        self.assertEqual((problem["field"], problem["rule"]), ("", "refused"))
        self.assertEqual(problem["message"], "The company does not take this lead.")

    def test_a_number_is_enough_however_it_is_written(self):
        for phone in ("06-12345678", "+31 6 1234 5678", "0031612345678"):
            with self.subTest(phone=phone):
                self.assertEqual(self._answer(contact_name="J", phone=phone)["status"], "rejected")
        self.assertEqual(self._answer(contact_name="J", phone="06-12345679")["status"], "created")

    def test_a_number_is_one_of_the_leads_country(self):
        self.env["crm.gdpr.suppression"]._remember([], ["+4930123456"], self.company)
        self.assertEqual(self._answer(contact_name="J", phone="030 123456", country="DE")["status"], "rejected")
        self.assertEqual(self._answer(contact_name="J", phone="030 123456")["status"], "created")

    def test_others_of_the_same_request_go_through(self):
        emails = ["john@example.com", "jane@example.com", "jim@example.com"]
        answers = self._submit([{"email": email} for email in emails])
        self.assertEqual([answer["status"] for answer in answers], ["created", "rejected", "created"])
        self.assertEqual(set(self._leads().mapped("email_from")), {"john@example.com", "jim@example.com"})

    def test_what_is_made_later_is_refused_as_well(self):
        self.source.processing = "later"
        self.assertEqual(self._answer(email="jane@example.com", external_id="B1")["status"], "accepted")
        self._rows()._process_waiting()
        self.assertEqual((self._rows().state, self._rows().payload), ("rejected", False))

    def test_an_update_does_not_bring_the_person_back_into_a_lead(self):
        self._answer(external_id="C1", contact_name="J. Doe", email="other@example.com")
        self._answer(external_id="C1", contact_name="Jane Doe", email="jane@example.com")
        lead = self._leads()
        self.assertEqual((lead.contact_name, lead.email_from), ("J. Doe", "other@example.com"))
        self.assertFalse(self._rows().payload)

    def test_sent_again_it_is_answered_as_the_first_time(self):
        first = self._answer(external_id="D1", email="jane@example.com")
        again = self._answer(external_id="D1", email="jane@example.com")
        self.assertEqual(json.dumps(first), json.dumps(again))
        self.assertEqual(len(self._rows()), 1)

    def test_it_cannot_be_processed_by_hand(self):
        self._answer(email="jane@example.com")
        self._rows()._undo_reject()
        self.assertEqual(self._rows().state, "rejected")

    def test_where_people_write_themselves_they_may_come_back(self):
        self.source.gdpr_take_again = True
        self.assertEqual(self._answer(email="jane@example.com")["status"], "created")
        entry = self.env["crm.gdpr.log"].search([], limit=1)
        self.assertEqual((entry.event, entry.details), ("settings", {"setting": "gdpr_take_again", "value": True}))

    def test_only_privacy_officers_decide_that(self):
        manager = new_test_user(
            self.env, "gdpr_intake_manager", "sales_team.group_sale_salesman,crm_leadintake.group_intake_manager"
        )
        with self.assertRaises(AccessError):
            self.source.with_user(manager).gdpr_take_again = True

    def test_a_company_can_do_without(self):
        self.company.gdpr_suppression = False
        self.assertEqual(self._answer(email="jane@example.com")["status"], "created")

    def test_another_companys_persons_are_taken(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env["crm.gdpr.suppression"]._remember(["john@example.com"], [], other)
        self.assertEqual(self._answer(email="john@example.com")["status"], "created")

    def test_a_batch_takes_one_query_more(self):
        def send(start):
            before = self.env.cr.sql_log_count
            numbers = range(start, start + 200)
            self._submit([{"email": f"p{i}@example.com", "phone": f"+316{10_000_000 + i}"} for i in numbers])
            return self.env.cr.sql_log_count - before

        send(0)
        asked = send(1000)
        self.company.gdpr_suppression = False
        self.assertLessEqual(asked - send(2000), 2)
