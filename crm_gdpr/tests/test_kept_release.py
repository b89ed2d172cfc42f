from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .anonymise_case import AnonymiseCase


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

    def test_of_another_companys_lead_it_is_not_shown(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.officer.company_ids -= other
        mine = self.env["crm.gdpr.kept"].with_user(self.officer)
        self.assertTrue(mine.search([("id", "=", self.kept.id)]))
        self.lead.company_id = other
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(mine.search([("id", "=", self.kept.id)]))
