from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo import SUPERUSER_ID, fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models import ir_cron

from ..models import crm_gdpr_kept_release
from .anonymise_case import AnonymiseCase
from .committed_case import CommittedCase


@tagged("post_install", "-at_install")
class TestRelease(AnonymiseCase):
    def test_an_error_that_nobody_thought_of_keeps_no_other_contact(self):
        people = self._make_contact("Ann") + self._make_contact("Bob")
        rows = self.env["crm.gdpr.kept"].create(
            [
                {"partner_id": person.id, "res_model": "res.partner", "res_id": person.id, "why": "posted",
                 "until": fields.Date.subtract(fields.Date.today(), days=2)}
                for person in people
            ]
        )  # fmt: skip
        model = type(self.env["crm.gdpr.kept"])
        find = model._find_still_kept

        def stumble(kept, partners):
            if people[0] in partners:
                raise KeyError(people[0].name)
            return find(kept, partners)

        with (
            patch.object(model, "_find_still_kept", stumble),
            self.assertLogs("odoo.addons.crm_gdpr.models.crm_gdpr_kept_release", "WARNING") as logs,
        ):
            self.env["crm.gdpr.kept"]._release(people)
        self.assertEqual([bool(row.released_at) for row in rows], [False, True])
        self.assertNotIn("Ann", "".join(logs.output))


@tagged("post_install", "-at_install")
class TestReleaseOfLeads(AnonymiseCase):
    """What the law keeps of a lead without a contact is listed and let go as that of contacts is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.env["crm.lead"].create({"name": "Roof", "contact_name": "Nora Newcomer"})
        cls.message = cls.colleague._message_log(body="<p>Nora Newcomer called</p>")
        cls.kept = cls._keep()

    @classmethod
    def _keep(cls, **values):
        return cls.env["crm.gdpr.kept"].create(
            {"lead_id": cls.lead.id, "res_model": "mail.message", "res_id": cls.message.id, "field_names": ["body"],
             "why": "audit_trail", "until": fields.Date.subtract(fields.Date.today(), days=2), **values}
        )  # fmt: skip

    def _release(self):
        """What the job does, without its commits."""
        kept = self.env["crm.gdpr.kept"]
        due = kept._find_due(0, model="crm.lead")
        kept._log_released(kept._release(due))
        kept._release_nobodys()
        self.env.invalidate_all()
        return due

    def test_when_its_time_is_over_it_goes(self):
        self.assertEqual(self._release(), self.lead)
        self.assertTrue(self.kept.released_at)
        self.assertNotIn("Nora", self.message.body or "")
        entry = self.env["crm.gdpr.log"].search([("event", "=", "released")], limit=1)
        self.assertEqual(entry.subjects, self.env["crm.gdpr.log"]._get_fingerprints(self.lead))

    def test_before_that_it_stays(self):
        self.kept.until = fields.Date.add(fields.Date.today(), days=1)
        self.assertFalse(self._release())
        self.assertFalse(self.kept.released_at)
        self.assertIn("Nora", self.message.body)

    def test_it_goes_by_its_date_also_where_somebody_deleted_the_lead(self):
        self.lead.unlink()
        self._release()
        self.assertTrue(self.kept.released_at)
        self.assertNotIn("Nora", self.message.body or "")

    def test_a_row_is_listed_once_for_a_lead(self):
        kept = self.env["crm.gdpr.kept"]
        reason = type("Reason", (), {"why": "audit_trail", "until": fields.Date.add(fields.Date.today(), years=1)})
        values = kept._prepare(("crm.lead", self.lead.id), "mail.message", self.message.id, ["subject"], reason)
        self.assertFalse(kept._add([values]))
        self.assertEqual((self.kept.field_names, self.kept.until), (["body", "subject"], reason.until))
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self._keep()

    def test_of_a_lead_that_somebody_deleted_it_is_shown_to_the_same_officers(self):
        other = self.env["res.company"].create({"name": "Other"})
        mine = self.env["crm.gdpr.kept"].with_user(self.officer).search
        self.lead.unlink()
        self.assertTrue(mine([("id", "=", self.kept.id)]))
        self.officer.company_ids -= other
        theirs = self.env["crm.lead"].create({"name": "Roof", "contact_name": "Theirs", "company_id": other.id})
        kept = self._keep(lead_id=theirs.id, res_id=self.message.id + 1)
        self.env.flush_all()
        theirs.unlink()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((kept.lead_id.id, kept.company_id), (False, other))
        self.assertFalse(mine([("id", "=", kept.id)]))

    def test_of_another_companys_lead_it_is_not_shown(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.officer.company_ids -= other
        mine = self.env["crm.gdpr.kept"].with_user(self.officer)
        self.assertTrue(mine.search([("id", "=", self.kept.id)]))
        theirs = self.env["crm.lead"].create({"name": "Roof", "contact_name": "Theirs", "company_id": other.id})
        kept = self._keep(lead_id=theirs.id, res_id=self.message.id + 1)
        self.env.flush_all()
        self.assertEqual(kept.company_id, other)
        self.assertFalse(mine.search([("id", "=", kept.id)]))


@tagged("post_install", "-at_install")
class TestReleaseMeetsOthers(CommittedCase):
    """With batches that are committed, as servers have them."""

    def setUp(self):
        super().setUp()
        self._make_request(5)
        with self.registry.cursor() as cr:
            kept = self._env(cr)["crm.gdpr.kept"].create(
                [
                    {"partner_id": partner_id, "res_model": "res.partner", "res_id": partner_id, "why": "posted",
                     "until": "2020-01-01"}
                    for partner_id in (*self.people_ids, False, False, False)
                ]
            )  # fmt: skip
            self.kept_ids = kept.ids
        self.startPatcher(patch.object(crm_gdpr_kept_release, "BATCH", 2))

    def _remove(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM crm_gdpr_kept WHERE id = ANY(%s)", [self.kept_ids])
        super()._remove()

    def _run_job(self):
        with self.registry.cursor() as cr:
            kept = self._env(cr)["crm.gdpr.kept"]
            kept.with_context(cron_id=self.env.ref("crm_gdpr.ir_cron_release").id)._cron_release()

    def _count_open(self):
        [(number,)] = self._look(
            "SELECT count(*) FROM crm_gdpr_kept WHERE released_at IS NULL AND id = ANY(%s)", self.kept_ids
        )
        return number

    def test_a_batch_that_met_another_entry_of_the_log_is_done_once_more(self):
        model = self.registry["crm.gdpr.kept"]
        log_released, others = model._log_released, []

        def meanwhile(kept, rows):
            if len(others) < 2:
                others.append(len(rows))
                self._append_at_once()
            log_released(kept, rows)

        with patch.object(model, "_log_released", meanwhile), mute_logger("odoo.sql_db"):
            self._run_job()
        self.assertEqual((self._count_open(), len(others)), (0, 2))

    def test_nor_do_those_of_nobody_wait_for_the_next_day(self):
        model = self.registry["crm.gdpr.kept"]
        log_released, others = model._log_released, []

        def meanwhile(kept, rows):
            if rows and not rows.partner_id and not others:
                others.append(len(rows))
                self._append_at_once()
            log_released(kept, rows)

        with patch.object(model, "_log_released", meanwhile), mute_logger("odoo.sql_db"):
            self._run_job()
        self.assertEqual((self._count_open(), others), (0, [2]))

    def test_however_little_time_there_is_nothing_is_left_for_the_next_day(self):
        with self.registry.cursor() as cr:
            job = self._env(cr).ref("crm_gdpr.ir_cron_release")
            asked = {
                "id": job.id, "cron_name": job.name, "user_id": SUPERUSER_ID, "lastcall": job.lastcall,
                "ir_actions_server_id": job.ir_actions_server_id.id, "timed_out_counter": 0,
            }  # fmt: skip
        with patch.object(ir_cron, "MIN_TIME_PER_JOB", 0), patch.object(ir_cron, "MIN_RUNS_PER_JOB", 20):
            status = self.registry["ir.cron"]._run_job(asked)
        self.assertEqual((self._count_open(), str(status)), (0, "fully done"))
