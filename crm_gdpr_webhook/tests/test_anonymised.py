import json

from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_gdpr.tests.anonymise_case import EMAIL, NAME, AnonymiseCase


@tagged("post_install", "-at_install")
class TestAnonymised(AnonymiseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.webhook"].with_context(active_test=False).search([]).unlink()
        cls.webhook = cls._make_webhook(on_customer_created=True, on_project_created=True, on_customer_anonymised=True)
        cls.env.cr.flush()
        cls.deliveries = cls.env["crm.webhook.delivery"]
        cls.deliveries.search([]).unlink()

    @classmethod
    def _make_webhook(cls, **values):
        defaults = {"name": "ERP", "url": "https://192.0.43.8/", "lang": "en_US", "company_id": False}
        return cls.env["crm.webhook"].create({**defaults, **values})

    def _make_customer(self):
        person = self._make_person()
        lead = self._make_lead(person)
        self.env.cr.flush()
        return person, lead

    def test_what_was_sent_and_what_waits_is_deleted_and_the_receiver_is_told_whom_to_forget(self):
        person, lead = self._make_customer()
        rows = self.deliveries.search([])
        self.assertEqual(len(rows), 2)
        self.assertIn(EMAIL, rows[-1].payload + rows[0].payload)
        rows[0].state = "delivered"
        self._anonymise(person)
        left = self.deliveries.search([])
        self.assertFalse(left & rows)
        told = [row for row in left if row.event == "customer.anonymised"]
        self.assertEqual([json.loads(row.payload)["data"] for row in told], [{"id": person.id, "projects": [lead.id]}])
        self.assertEqual({row.state for row in told}, {"waiting"})
        for row in left:
            self.assertNotIn(EMAIL, row.payload)
            self.assertNotIn(NAME, row.payload)

    def test_a_preview_tells_nobody(self):
        person, _lead = self._make_customer()
        rows = self.deliveries.search([])
        self._request(person).action_preview()
        self.assertEqual(self.deliveries.search([]), rows)

    def test_who_is_named_in_what_was_told_of_another_is_taken_out_of_it(self):
        other = self._make_contact(name="Konex", ref=f"See {EMAIL}")
        self.env.cr.flush()
        row = self.deliveries.search([("res_id", "=", other.id), ("res_model", "=", "res.partner")])
        self.assertIn(EMAIL, row.payload)
        self._anonymise(self._make_person())
        self.assertTrue(row.exists())
        self.assertNotIn(EMAIL, json.loads(row.payload)["data"]["reference"])

    def test_a_webhook_that_does_not_want_it_or_of_another_company_is_not_told(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.webhook.on_customer_anonymised = False
        other = self._make_webhook(on_customer_anonymised=True, company_id=company.id)
        archived = self._make_webhook(on_customer_anonymised=True, active=False)
        person = self._make_person(company_id=self.env.company.id)
        self._anonymise(person)
        self.assertFalse(self.deliveries.search([("event", "=", "customer.anonymised")]), (other, archived))

    def _make_owner(self):
        return new_test_user(self.env, "webhook_owner", groups="sales_team.group_sale_manager")

    def _told_projects(self, webhook):
        rows = self.deliveries.search([("event", "=", "customer.anonymised"), ("webhook_id", "=", webhook.id)])
        return [json.loads(row.payload)["data"]["projects"] for row in rows]

    def test_ids_of_restricted_projects_and_of_those_of_other_companies_are_left_out(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.officer.company_ids |= company
        ours = self._make_webhook(on_customer_anonymised=True, company_id=self.env.company.id)
        ticked = self._make_webhook(
            on_customer_anonymised=True,
            company_id=self.env.company.id,
            with_restricted=True,
            lead_domain="[('id', '=', 0)]",
        )
        theirs = self._make_webhook(on_customer_anonymised=True, company_id=company.id)
        person = self._make_person(company_id=False)
        common, own, foreign, secret = (
            self._make_lead(person, **values).id
            for values in (
                {"company_id": False, "user_id": False, "team_id": False},
                {"company_id": self.env.company.id},
                {"company_id": company.id, "user_id": False, "team_id": False},
                {"company_id": self.env.company.id, "is_restricted": True, "user_id": self._make_owner().id},
            )
        )
        self._anonymise(person)
        cases = [
            (self.webhook, [common, own, foreign]),
            (ours, [common, own]),
            (ticked, [common, own, secret]),
            (theirs, [common, foreign]),
        ]
        for webhook, projects in cases:
            with self.subTest(webhook.id):
                self.assertEqual(self._told_projects(webhook), [projects])

    def test_nothing_is_told_of_somebody_who_was_a_restricted_lead_only(self):
        ticked = self._make_webhook(on_customer_anonymised=True, with_restricted=True)
        values = {"contact_name": NAME, "email_from": EMAIL, "is_restricted": True, "user_id": self._make_owner().id}
        lead = self.env["crm.lead"].create({"name": "Roof", "type": "lead", **values})
        self._anonymise(leads=lead)
        self.assertEqual((self._told_projects(self.webhook), self._told_projects(ticked)), ([], [[lead.id]]))

    def test_a_webhook_for_nothing_else_is_no_webhook_without_an_event(self):
        self.assertTrue(self._make_webhook(on_customer_anonymised=True))
        with self.assertRaisesRegex(ValidationError, "at least one event"):
            self._make_webhook()
