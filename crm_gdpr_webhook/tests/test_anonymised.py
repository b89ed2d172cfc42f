import json

from odoo.addons.crm_gdpr.tests.anonymise_case import EMAIL, NAME, AnonymiseCase
from odoo.exceptions import ValidationError
from odoo.tests import tagged


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

    def test_a_webhook_for_nothing_else_is_no_webhook_without_an_event(self):
        self.assertTrue(self._make_webhook(on_customer_anonymised=True))
        with self.assertRaisesRegex(ValidationError, "at least one event"):
            self._make_webhook()
