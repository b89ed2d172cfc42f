from odoo.tests import tagged

from odoo.addons.crm_gdpr.tests.common import PrivacyCase


@tagged("post_install", "-at_install")
class TestMailing(PrivacyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.gdpr.suppression"]._remember(["jane@example.com"], [], cls.env.company)
        cls.mailing_list = cls.env["mailing.list"].create({"name": "News"})

    def _paste(self, text):
        wizard = self.env["mailing.contact.import"].create(
            {"mailing_list_ids": self.mailing_list.ids, "contact_list": text}
        )
        return wizard.action_import()["params"]["message"]

    def test_addresses_that_are_pasted_are_taken_but_those_of_anonymised_persons(self):
        told = self._paste("John <john@example.com>\nJANE@example.com, jim@example.com")
        contacts = self.mailing_list.contact_ids
        self.assertEqual(set(contacts.mapped("email")), {"john@example.com", "jim@example.com"})
        self.assertIn("John", contacts.mapped("name"))
        self.assertIn("1 addresses of anonymised persons were left out", told)

    def test_where_all_are_anonymised_nothing_is_made(self):
        told = self._paste("jane@example.com")
        self.assertFalse(self.mailing_list.contact_ids)
        self.assertIn("left out", told)

    def test_without_such_persons_it_is_as_always(self):
        told = self._paste("john@example.com")
        self.assertEqual(self.mailing_list.contact_ids.mapped("email"), ["john@example.com"])
        self.assertNotIn("left out", told)

    def test_a_mailing_is_cancelled_for_them_as_for_ones_on_the_blacklist(self):
        contacts = self.env["mailing.contact"].create(
            [
                {"name": name, "email": f"{name}@example.com", "list_ids": self.mailing_list.ids}
                for name in ("jane", "john")
            ]
        )
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "News",
                "body_html": "<p>Hello</p>",
                "mailing_model_id": self.env["ir.model"]._get("mailing.list").id,
                "contact_list_ids": self.mailing_list.ids,
            }
        )
        mailing.action_send_mail()
        traces = {trace.email: trace for trace in mailing.mailing_trace_ids}
        self.assertEqual(len(traces), len(contacts))
        jane, john = traces["jane@example.com"], traces["john@example.com"]
        self.assertEqual((jane.trace_status, jane.failure_type), ("cancel", "mail_bl"))
        self.assertNotEqual(john.trace_status, "cancel")
