import contextlib

from odoo.tools import mute_logger

from ..tools import desk
from .common import IntakeCase

PROCESS_LOG = "odoo.addons.crm_leadintake.models.crm_lead_inbox_process"
# What another addon's constraint would do: one record in the batch cannot be stored.
REFUSING = """
    CREATE FUNCTION refuse_bad_leads() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.city = 'Atlantis' THEN RAISE check_violation USING MESSAGE = 'no such city'; END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER refuse_bad_leads BEFORE INSERT OR UPDATE ON crm_lead FOR EACH ROW
        EXECUTE FUNCTION refuse_bad_leads();
"""


class BatchesCase(IntakeCase):
    def _records(self, count, start=0, **values):
        return [
            {
                "external_id": f"A{number}",
                "subject": f"Fleet {number}",
                "contact_name": f"Person {number}",
                "email": f"person{number}@example.com",
                "phone": f"+316{10_000_000 + number}",
                "country": "NL",
                "campaign": "Spring",
                **values,
            }
            for number in range(start, start + count)
        ]

    @contextlib.contextmanager
    def _counting(self):
        """Yield a list that gets the number of queries of what is done meanwhile."""
        counted, before = [], self.env.cr.sql_log_count
        yield counted
        counted.append(self.env.cr.sql_log_count - before)

    def _count(self, records):
        """How many queries it takes to take records in."""
        with self._counting() as counted:
            answers = self._submit(records)
        return counted[0], [answer["status"] for answer in answers]


class TestQueries(BatchesCase):
    def setUp(self):
        super().setUp()
        self._submit(self._records(1, start=100_000))

    def test_a_thousand_leads_take_a_fifth_of_a_query_each_and_no_more_than_ten_but_for_the_size_of_inserts(self):
        few, _statuses = self._count(self._records(10))
        many, statuses = self._count(self._records(1000, start=10))
        self.assertEqual(set(statuses), {"created"})
        self.assertLessEqual(many / 1000, 0.2, f"{many} queries")
        self.assertLessEqual(many - few, 40, f"{few} queries for 10, {many} for 1,000")

    def test_duplicates_are_found_and_noted_in_no_more_queries_for_many_than_for_few(self):
        self._submit(self._records(500))
        few, _statuses = self._count(
            [{**record, "external_id": f"B{index}"} for index, record in enumerate(self._records(10))]
        )
        records = [{**record, "external_id": f"C{index}"} for index, record in enumerate(self._records(500))]
        many, statuses = self._count(records)
        self.assertEqual(set(statuses), {"noted"})
        self.assertLessEqual(many - few, 20, f"{few} queries for 10, {many} for 500")

    def test_what_came_before_is_answered_in_a_handful_of_queries(self):
        records = self._records(500)
        first = self._submit(records)
        with self._counting() as counted:
            self.assertEqual(self._submit(records), first)
        self.assertLessEqual(counted[0], 20)


class TestABadOne(BatchesCase):
    """One record in a thousand breaks what another addon demands."""

    def setUp(self):
        super().setUp()
        self.env.cr.execute(REFUSING)
        self._submit(self._records(1, start=100_000))

    def _submit_with_bad(self, count, *bad):
        records = self._records(count)
        for index in bad:
            records[index]["city"] = "Atlantis"
        with mute_logger("odoo.sql_db"), self.assertLogs(PROCESS_LOG, "ERROR") as logged, self._counting() as counted:
            answers = self._submit(records)
        self.assertEqual(len(logged.output), len(bad))
        return answers, counted[0]

    def test_all_others_are_leads_and_it_waits_with_its_reason(self):
        answers, _queries = self._submit_with_bad(1000, 617)
        self.assertEqual([index for index, answer in enumerate(answers) if answer["status"] != "created"], [617])
        self.assertEqual((answers[617]["status"], answers[617]["problems"][0]["rule"]), ("error", "stored"))
        row = self._rows().filtered(lambda row: row.external_id == "A617")
        self.assertEqual((row.state, row.attempts, row.lead_id.id), ("failed", 1, False))
        self.assertIn("unexpected error", row.reason)
        self.assertEqual(len(self._leads()), 1000)
        self.assertEqual(len(self._rows().lead_id), 1000)

    def test_it_is_found_by_halving(self):
        _answers, without = self._submit_with_bad(8, 0)
        self._rows().sudo().unlink()
        _answers, queries = self._submit_with_bad(512, 300)
        # nine halvings of 512 records, three of 8: each one tries two halves
        self.assertLessEqual(queries, without * 9 / 3 * 1.5, f"{without} queries for 8, {queries} for 512")

    def test_two_bad_ones_are_both_found(self):
        answers, _queries = self._submit_with_bad(100, 3, 98)
        self.assertEqual([index for index, answer in enumerate(answers) if answer["status"] != "created"], [3, 98])

    def test_once_corrected_it_is_a_lead(self):
        self._submit_with_bad(5, 2)
        answers = self._submit(self._records(5))
        self.assertEqual([answer["status"] for answer in answers], ["created"] * 5)
        self.assertEqual(self._rows().mapped("state"), ["done"] * 6)

    def test_a_correction_that_cannot_be_stored_leaves_the_lead_that_is_there(self):
        self._submit(self._records(1))
        lead = self._rows()[-1].lead_id
        answers, _queries = self._submit_with_bad(1, 0)
        self.assertEqual(answers[0]["status"], "error")
        self.assertEqual((self._rows()[-1].lead_id, lead.city), (lead, False))
        (answer,) = self._submit(self._records(1, city="Utrecht"))
        self.assertEqual((answer["status"], lead.city, self._rows()[-1].lead_id), ("updated", "Utrecht", lead))


class TestOutage(BatchesCase):
    def test_what_the_database_cannot_do_now_is_not_held_against_a_lead(self):
        self.env.cr.execute(REFUSING.replace("check_violation", "query_canceled"))
        with mute_logger("odoo.sql_db"), self.assertLogs("odoo.addons.crm_leadintake.tools.desk", "ERROR"):
            answers = self._submit(self._records(3, city="Atlantis"))
        self.assertEqual([answer["status"] for answer in answers], ["accepted"] * 3)
        self.assertEqual(self._rows().mapped("state"), ["new"] * 3)
        self.env.cr.execute("DROP TRIGGER refuse_bad_leads ON crm_lead")
        self.assertEqual(
            [answer["status"] for answer in self._submit(self._records(3, city="Atlantis"))], ["created"] * 3
        )

    def test_a_batch_of_the_job_that_meets_another_transaction_is_tried_again(self):
        self.source.processing = "later"
        self._submit(self._records(3, city="Atlantis"))
        once = REFUSING.replace("NEW.city = 'Atlantis'", "NEW.city = 'Atlantis' AND nextval('refusals') = 1")
        self.env.cr.execute("CREATE SEQUENCE refusals")
        self.env.cr.execute(once.replace("check_violation", "serialization_failure"))
        with mute_logger("odoo.sql_db"), self.enter_registry_test_mode():
            self.env.ref(desk.MAKE).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._rows().mapped("state"), ["done"] * 3)

    def test_a_mail_is_a_lead_at_once_and_wakes_no_job(self):
        self.source.processing = "later"
        mail = {"message_id": "<a@x>", "subject": "Hello", "body": "<p>Hi</p>", "email_from": "Jane <jane@x.example>"}
        lead, _is_known = self.source._take_mail(mail)
        self.assertEqual((lead._name, lead.name), ("crm.lead", "Hello"))
        self.assertFalse(self.env["ir.cron.trigger"].search([("cron_id", "=", self.env.ref(desk.MAKE).id)]))
