from datetime import datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import SalesBoardCase

NUMBER = "+31612345678"


class CallCase(SalesBoardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.nl")
        cls.partner.phone = NUMBER
        cls.pbx = cls._make_user("cast_pbx", "crm_salesboard.group_telephone_system")

    @classmethod
    def _make_call(cls, **values):
        return cls.env["crm.call"].create({"direction": "in", "number": "+31 6 11111111", "user_id": False, **values})

    def _log(self, *calls, **kwargs):
        return self.env["crm.call"].with_user(self.pbx).log_calls(list(calls), **kwargs)

    def _entry(self, call_id="a1", **values):
        return {"call_id": call_id, "direction": "in", "number": "06-12 34 56 78", **values}

    def _logged(self, answer):
        return self.env["crm.call"].browse(answer["id"])


@tagged("post_install", "-at_install")
class TestLogCalls(CallCase):
    def test_a_call_is_kept_as_it_was_told(self):
        answer = self._log(
            self._entry(
                start="2026-03-31T14:05:00+02:00",
                duration=63,
                user="cast_sales",
                result="answered",
                recording_url="https://pbx.example.com/r/1",
                note="Wants an offer",
            )
        )[0]
        call = self._logged(answer)
        self.assertEqual((answer["call_id"], answer["status"], answer["assigned"]), ("a1", "created", True))
        self.assertEqual((call.direction, call.number, call.number_sanitized), ("in", "06-12 34 56 78", NUMBER))
        self.assertEqual((call.start, call.duration), (datetime(2026, 3, 31, 12, 5), 63))
        self.assertEqual((call.user_id, call.partner_id, call.result), (self.sales, self.partner, "answered"))
        self.assertEqual((call.recording_url, call.note), ("https://pbx.example.com/r/1", "Wants an offer"))
        self.assertEqual((call.source, call.call_id), ("cast_pbx", "a1"))

    def test_the_same_id_twice_is_one_call(self):
        first = self._log(self._entry())[0]
        second = self._log({"call_id": "a1", "duration": 90, "recording_url": "http://pbx.example.com/1"})[0]
        self.assertEqual((second["id"], second["status"]), (first["id"], "updated"))
        call = self._logged(first)
        self.assertEqual((call.duration, call.number_sanitized, call.partner_id), (90, NUMBER, self.partner))
        third = self._log(self._entry(), source="Other system")[0]
        self.assertNotEqual(third["id"], first["id"])

    def test_within_one_request_too(self):
        answers = self._log(self._entry(), {"call_id": "a1", "duration": 5}, {"call_id": "a1", "result": "answered"})
        self.assertEqual([answer["status"] for answer in answers], ["created", "updated", "updated"])
        self.assertEqual(len({answer["id"] for answer in answers}), 1)
        self.assertEqual(self._logged(answers[0]).duration, 5)

    def test_what_people_did_stays(self):
        call = self._logged(self._log(self._entry(note="Automatic"))[0])
        other = self.env["res.partner"].create({"name": "Other"})
        call.write({"partner_id": other.id, "note": "Call back on Monday", "user_id": self.other.id})
        self._log(self._entry(note="Automatic", duration=10))
        self.assertEqual((call.partner_id, call.note, call.user_id), (other, "Call back on Monday", self.other))

    def test_users_are_known_by_login_address_or_extension(self):
        self.sales.call_extension = "7201"
        for user in ("cast_sales", "CAST_SALES", "cast_sales@example.com", "7201", 7201):
            with self.subTest(user):
                answer = self._log(self._entry(f"u{user}", user=user))[0]
                self.assertEqual(self._logged(answer).user_id, self.sales)
        answer = self._log(self._entry("nobody", user="999"))[0]
        self.assertIn("999", answer["warnings"][0])
        self.assertFalse(self._logged(answer).user_id)

    def test_bad_entries_are_told_one_by_one_and_the_good_ones_kept(self):
        bad = {
            "no dictionary": ("call", "dictionary"),
            "no id": ({"direction": "in"}, "call_id is missing"),
            "an id that is a list": (self._entry([1]), "call_id"),
            "a long id": (self._entry("x" * 256), "255"),
            "NUL": (self._entry("a\0b"), "NUL"),
            "no direction": ({"call_id": "b1", "number": "1"}, "direction is missing"),
            "direction": (self._entry("b2", direction="sideways"), "in or out"),
            "direction as list": (self._entry("b2", direction=["in"]), "in or out"),
            "number": (self._entry("b3", number={"a": 1}), "number"),
            "start": (self._entry("b4", start="yesterday"), "start has to be"),
            "start as number": (self._entry("b4", start=1774958700), "start has to be"),
            "start long ago": (self._entry("b4", start="0001-01-01T00:00:00+14:00"), "start"),
            "start in the future": (self._entry("b4", start="3024-01-01 00:00:00"), "future"),
            "duration": (self._entry("b5", duration=-1), "seconds"),
            "duration as text": (self._entry("b5", duration="a minute"), "seconds"),
            "duration as yes": (self._entry("b5", duration=True), "seconds"),
            "endless": (self._entry("b5", duration=float("inf")), "seconds"),
            "no number": (self._entry("b5", duration=float("nan")), "seconds"),
            "result": (self._entry("b6", result="fine"), "answered, missed, busy, voicemail"),
            "script": (self._entry("b7", recording_url="javascript:alert(1)"), "https://"),
            "hidden script": (self._entry("b7", recording_url="java\nscript:alert(1)"), "https://"),
            "data": (self._entry("b7", recording_url="data:text/html,x"), "https://"),
            "no host": (self._entry("b7", recording_url="https:///x"), "https://"),
            "broken address": (self._entry("b7", recording_url="http://[x"), "https://"),
        }
        good = self._entry("good")
        answers = self._log(good, *(entry for entry, _message in bad.values()), self._entry("good2"))
        self.assertEqual([answers[0]["status"], answers[-1]["status"]], ["created", "created"])
        for (name, (_entry, message)), answer in zip(bad.items(), answers[1:-1], strict=True):
            with self.subTest(name):
                self.assertEqual(answer["status"], "error")
                self.assertIn(message, answer["message"])
        self.assertEqual(self.env["crm.call"].search_count([("source", "=", "cast_pbx")]), 2)

    def test_what_is_not_known_is_left_out_and_said(self):
        answer = self._log(self._entry(colour="blue", user=None, number=""))[0]
        self.assertEqual(answer["status"], "created")
        self.assertIn("colour", answer["warnings"][0])
        self.assertFalse(answer["assigned"])

    def test_what_is_no_list_is_refused(self):
        for calls in ({"call_id": "a1"}, "a1", None, 5):
            with self.subTest(calls), self.assertRaisesRegex(UserError, "list"):
                self.env["crm.call"].with_user(self.pbx).log_calls(calls)
        self.assertEqual(self._log(), [])
        for source in (5, " ", "a\0"):
            with self.subTest(source), self.assertRaisesRegex(UserError, "telephone system"):
                self._log(self._entry(), source=source)

    def test_a_thousand_calls_in_one_request_cost_few_queries(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{i}", "is_company": True, "phone": f"+3161000{i:04}"} for i in range(50)]
        )
        for partner in partners[:25]:
            self._make_lead(partner_id=partner.id)
        calls = [
            self._entry(
                f"k{i}", number=f"06-1000{i % 80:04}", duration=i, user="cast_sales", start="2026-01-01 10:00:00"
            )
            for i in range(1000)
        ]
        self._log(self._entry("warm up"))
        self.env.flush_all()
        self.env.invalidate_all()
        # one of them is that of Privacy, where it is installed: it notes whom somebody talked with
        with self.assertQueryCount(26):
            answers = self._log(*calls)
            self.env.flush_all()
        self.assertEqual({answer["status"] for answer in answers}, {"created"})
        self.assertEqual(self._logged(answers[0]).partner_id, partners[0])
        self.assertTrue(self._logged(answers[24]).lead_id)
        self.assertFalse(answers[79]["assigned"])
        self.env.invalidate_all()
        with self.assertQueryCount(25):
            answers = self._log(*({**call, "duration": 7} for call in calls))
            self.env.flush_all()
        self.assertEqual({answer["status"] for answer in answers}, {"updated"})


@tagged("post_install", "-at_install")
class TestMatching(CallCase):
    def _match(self, number="06 12345678", call_id="m1"):
        return self._logged(self._log(self._entry(call_id, number=number))[0])

    def test_a_person_before_a_company_and_the_newest_of_several(self):
        persons = self.env["res.partner"].create(
            [{"name": name, "phone": "06 12345678", "parent_id": self.partner.id} for name in ("Old", "New")]
        )
        self.env["res.partner"].create({"name": "Newest company", "is_company": True, "phone": NUMBER})
        self.env["res.partner"].create({"name": "Archived", "phone": NUMBER, "active": False})
        self.assertEqual(self._match().partner_id, persons[1])

    def test_numbers_of_every_spelling_are_the_same_number(self):
        for i, number in enumerate(("0612345678", "+31 6 1234-5678", "0031612345678", "(06) 12 34 56 78")):
            with self.subTest(number):
                self.assertEqual(self._match(number, f"s{i}").partner_id, self.partner)
        for i, number in enumerate(("anonymous", "201", "+", "☎")):
            with self.subTest(number):
                self.assertTrue(self._match(number, f"n{i}").is_unassigned)

    def test_the_only_open_project_of_the_customer_gets_the_call(self):
        self._close(self._make_lead(), "lost")
        lead = self._make_lead(user_id=self.other.id)
        person = self.env["res.partner"].create({"name": "Anna", "parent_id": self.partner.id, "phone": "0687654321"})
        self.assertEqual(self._match().lead_id, lead)
        self.assertEqual(
            (self._match("0687654321", "m2").partner_id, self._match("0687654321", "m2").lead_id), (person, lead)
        )
        self._make_lead()
        self.assertFalse(self._match(call_id="m3").lead_id)

    def test_a_number_without_a_customer_is_looked_for_on_projects(self):
        lead = self._make_lead(partner_id=False, phone="0622222222", type="lead")
        self.assertEqual(self._match("0622222222").lead_id, lead)
        project = self._make_lead()
        self.env["crm.lead.contact"].create({"lead_id": project.id, "name": "Bo", "phone": "0633333333"})
        call = self._match("0633333333", "m2")
        self.assertEqual((call.lead_id, call.partner_id), (project, self.partner))

    def test_customers_of_another_company_are_not_matched(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.partner.company_id = company
        self.assertTrue(self._match().is_unassigned)
        system = self.env["crm.call"].with_user(self.pbx).with_context(allowed_company_ids=company.ids)
        with self.assertRaises(AccessError):
            system.log_calls([self._entry("m2")])


@tagged("post_install", "-at_install")
class TestUnassigned(CallCase):
    def test_unknown_numbers_wait_and_are_assigned_together(self):
        for call_id in ("1", "2", "3"):
            self._log(self._entry(call_id, number="0644444444"))
        waiting = (
            self.env["crm.call"]
            .with_user(self.sales)
            .search([("is_unassigned", "=", True), ("source", "=", "cast_pbx")])
        )
        self.assertEqual(len(waiting), 3)
        customer = self.env["res.partner"].create({"name": "New customer", "is_company": True})
        lead = self._make_lead(partner_id=customer.id)
        action = waiting[0].action_assign()
        with Form(self.env[action["res_model"]].with_user(self.sales).with_context(**action["context"])) as form:
            form.partner_id = customer
            self.assertEqual((form.lead_id, form.other_count), (lead, 2))
            self.assertTrue(form.may_keep_number)
        form.record.action_apply()
        self.assertEqual((waiting.partner_id, waiting.lead_id), (customer, lead))
        self.assertEqual(customer.phone_sanitized, "+31644444444")
        self.assertFalse(self.env["crm.call"].search([("is_unassigned", "=", True), ("id", "in", waiting.ids)]))
        self.assertEqual(
            self.env["crm.call"].search([("is_unassigned", "=", False), ("id", "in", waiting.ids)]), waiting
        )
        # The number is the customer's now.
        later = self._logged(self._log(self._entry("4", number="0644444444"))[0])
        self.assertEqual(later.partner_id, customer)

    def test_a_number_that_is_there_is_not_replaced(self):
        call = self._make_call(number="0644444444")
        assistant = self.env["crm.call.assign"].create({"call_ids": call.ids, "partner_id": self.partner.id})
        self.assertFalse(assistant.may_keep_number)
        assistant.action_apply()
        self.assertEqual(self.partner.phone, NUMBER)


@tagged("post_install", "-at_install")
class TestCallByHand(CallCase):
    def test_a_call_is_added_on_the_project(self):
        lead = self._make_lead()
        self.assertEqual(lead.call_count, 0)
        with Form(self.env["crm.call"].with_user(self.sales).with_context(default_lead_id=lead.id)) as form:
            form.duration_minutes = 1.05
        call = form.record
        self.assertEqual((call.partner_id, call.number, call.duration), (self.partner, lead.phone, 63))
        self.assertEqual((call.user_id, call.direction, call.call_id), (self.sales, "out", False))
        self.assertEqual(lead.call_count, 1)
        self.assertEqual(self.partner.with_user(self.sales).call_count, 1)

    def test_a_recording_is_a_web_address(self):
        for url in ("javascript:alert(1)", " javascript:alert(1)", "ftp://x/y", "//x", "x"):
            with self.subTest(url), self.assertRaisesRegex(ValidationError, "https://"):
                self._make_call(recording_url=url)

    def test_customers_count_the_calls_of_their_persons_in_one_query(self):
        person = self.env["res.partner"].create({"name": "Anna", "parent_id": self.partner.id})
        self._make_call(partner_id=person.id)
        self._make_call(partner_id=self.partner.id)
        self.assertEqual((person | self.partner).with_user(self.sales).mapped("call_count"), [1, 2])
        action = self.partner.with_user(self.sales).action_view_calls()
        self.assertEqual(self.env["crm.call"].search_count(action["domain"]), 2)

    def test_merged_projects_keep_their_calls(self):
        leads = self._make_lead() | self._make_lead(name="Again")
        calls = self._make_call(lead_id=leads[0].id) | self._make_call(lead_id=leads[1].id)
        merged = leads.with_user(self.manager).merge_opportunity()
        self.assertEqual(merged.call_ids, calls)


@tagged("post_install", "-at_install")
class TestCallRights(CallCase):
    def test_the_telephone_system_hands_in_and_sees_nothing(self):
        answer = self._log(self._entry())[0]
        self.assertEqual(set(answer), {"call_id", "status", "id", "assigned"})
        for model in ("crm.call", "crm.lead", "crm.lead.contact", "crm.call.assign"):
            for operation in ("read", "write", "create", "unlink"):
                with self.subTest(f"{model} {operation}"):
                    self.assertFalse(self.env[model].with_user(self.pbx).has_access(operation))
        with self.assertRaises(AccessError):
            self.env["crm.call"].with_user(self.pbx).search([])

    def test_nobody_else_hands_in_calls(self):
        for user in (self.sales, self.all_leads, self.manager, self.outsider):
            with self.subTest(user.login), self.assertRaisesRegex(AccessError, "Telephone System"):
                self.env["crm.call"].with_user(user).log_calls([self._entry()])

    def test_who_sees_which_calls(self):
        theirs = self._make_lead(user_id=self.other.id)
        calls = {
            "mine": self._make_call(user_id=self.sales.id),
            "waiting": self._make_call(),
            "theirs": self._make_call(user_id=self.other.id),
            "customer": self._make_call(user_id=self.other.id, partner_id=self.partner.id),
            "project": self._make_call(user_id=self.other.id, lead_id=self._make_lead().id),
            "their project": self._make_call(user_id=self.sales.id, partner_id=self.partner.id, lead_id=theirs.id),
        }
        every = self.env["crm.call"].concat(*calls.values())
        seen = every.with_user(self.sales).search([("id", "in", every.ids)])
        self.assertEqual(
            {name for name, call in calls.items() if call in seen}, {"mine", "waiting", "customer", "project"}
        )
        self.assertEqual(every.with_user(self.sales)._filtered_access("read"), seen)
        self.assertEqual(every.with_user(self.sales)._read_group([("id", "in", every.ids)], [], ["__count"]), [(4,)])
        self.assertEqual(self.partner.with_user(self.sales).call_ids, calls["customer"])
        for user in (self.all_leads, self.manager):
            self.assertEqual(every.with_user(user).search_count([("id", "in", every.ids)]), 6)
        for group in ("account.group_account_invoice", "account.group_account_readonly"):
            accountant = self._make_user(f"cast_{group}", group)
            seen = every.with_user(accountant).search([("id", "in", every.ids)])
            found = {name for name, call in calls.items() if call in seen}
            self.assertEqual(found, {"customer", "project", "their project"})
        with self.assertRaises(AccessError):
            every.with_user(self.outsider).search([])

    def test_a_log_is_not_thinned_out_by_salespeople(self):
        call = self._make_call(user_id=self.sales.id)
        with self.assertRaises(AccessError):
            call.with_user(self.sales).unlink()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"), self.cr.savepoint():
            call.with_user(self.sales).lead_id = self._make_lead(user_id=self.other.id)
        call.with_user(self.manager).unlink()

    def test_calls_of_another_company_are_not_seen(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        call = self._make_call(company_id=company.id)
        self.assertFalse(self.env["crm.call"].with_user(self.manager).search([("id", "=", call.id)]))

    def test_the_extension_is_set_by_administrators(self):
        with self.assertRaises(AccessError):
            self.sales.with_user(self.sales).call_extension = "202"
