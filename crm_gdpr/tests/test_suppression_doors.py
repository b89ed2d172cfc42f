from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .test_suppression import SuppressionCase

LEFT_OUT = "anonymised"


class DoorCase(SuppressionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.suppression._remember(["jane@example.com"], ["+31612345678", "+4930123456"], cls.company)

    def _import(self, model, fields, *rows, is_file=True):
        """Import rows as the web client does, without the file."""
        records = self.env[model].with_context(import_file=is_file)
        return records.load(fields, [list(row) for row in rows])


class TestImport(DoorCase):
    def test_the_row_of_an_anonymised_person_is_left_out_and_the_others_go_through(self):
        for model, email in (("res.partner", "email"), ("crm.lead", "email_from")):
            for is_file in (True, False):
                with self.subTest(model=model, is_file=is_file):
                    result = self._import(
                        model,
                        ["name", email, "phone"],
                        ("John", "john@example.com", ""),
                        ("Jane", "Jane@Example.com", ""),
                        ("Jim", "", "06-1234 5679"),
                        ("J. Doe", "new@example.com", "06-1234 5678"),
                        is_file=is_file,
                    )
                    self.assertEqual(self.env[model].browse(result["ids"]).mapped("name"), ["John", "Jim"])
                    told = [(each["type"], each["record"], each["field"]) for each in result["messages"]]
                    self.assertEqual(told, [("warning", 1, email), ("warning", 3, "phone")])
                    self.assertIn(LEFT_OUT, result["messages"][0]["message"])

    def test_a_mailing_list_is_guarded_as_well(self):
        if "mailing.contact" not in self.env:
            self.skipTest("mailings are not installed")
        result = self._import(
            "mailing.contact", ["name", "email"], ("Jane", "jane@example.com"), ("John", "john@example.com")
        )
        self.assertEqual(self.env["mailing.contact"].browse(result["ids"]).mapped("name"), ["John"])

    def test_a_wrong_row_is_still_told_by_its_number_in_the_file(self):
        result = self._import(
            "res.partner",
            ["name", "email", "country_id"],
            ("Jane", "jane@example.com", "Nowhere"),
            ("John", "john@example.com", "Nowhere"),
        )
        self.assertFalse(result["ids"])
        errors = [each for each in result["messages"] if each["type"] == "error"]
        self.assertEqual([error["record"] for error in errors], [1])

    def test_rows_that_name_others_of_the_file_find_them(self):
        result = self._import(
            "res.partner",
            ["id", "name", "email", "parent_id/id"],
            ("test_import.acme", "Acme", "", ""),
            ("test_import.jane", "Jane", "jane@example.com", "test_import.acme"),
            ("test_import.john", "John", "john@example.com", "test_import.acme"),
        )
        contacts = self.env["res.partner"].browse(result["ids"])
        self.assertEqual(contacts.mapped("name"), ["Acme", "John"])
        self.assertEqual(contacts[1].parent_id, contacts[0])

    def test_an_anonymised_contact_is_not_filled_again_by_its_external_id(self):
        gone = self._make_contact("Anonymised")
        self.env["ir.model.data"].create(
            {"module": "test_import", "name": "gone", "model": "res.partner", "res_id": gone.id}
        )
        self._import("res.partner", ["id", "name", "email"], ("test_import.gone", "Jane Doe", "jane@example.com"))
        self.assertEqual((gone.name, gone.email), ("Anonymised", False))

    def test_contacts_below_a_company_are_looked_at_too(self):
        result = self._import(
            "res.partner",
            ["name", "child_ids/name", "child_ids/email"],
            ("Acme", "John", "john@example.com"),
            ("", "Jane", "jane@example.com"),
            ("Bolt", "Jim", "jim@example.com"),
        )
        self.assertEqual(self.env["res.partner"].browse(result["ids"]).mapped("name"), ["Bolt"])

    def test_a_number_is_one_of_the_rows_country(self):
        result = self._import(
            "res.partner",
            ["name", "phone", "country_id"],
            ("Dutch", "030 123456", "Netherlands"),
            ("German", "030 123456", "Germany"),
            ("None", "030 123456", ""),
        )
        self.assertEqual(self.env["res.partner"].browse(result["ids"]).mapped("name"), ["Dutch", "None"])

    def test_what_an_import_makes_along_the_way_is_refused(self):
        for model, email in (("res.partner", "email"), ("crm.lead", "email_from")):
            records = self.env[model].with_context(import_file=True)
            with self.subTest(model=model), self.assertRaisesRegex(ValidationError, LEFT_OUT):
                records.create({"name": "Jane", email: "jane@example.com"})
        result = self._import(
            "crm.lead", ["name", "partner_id"], ("Deal", "Jane Doe <jane@example.com>"), ("Other deal", "")
        )
        self.assertEqual(self.env["crm.lead"].browse(result["ids"]).mapped("name"), ["Other deal"])
        self.assertFalse(self.env["res.partner"].search([("email", "=", "jane@example.com")]))

    def test_by_hand_a_contact_can_be_made(self):
        self.assertTrue(self._make_contact(email="jane@example.com"))
        self.assertTrue(self.env["crm.lead"].create({"name": "Deal", "email_from": "jane@example.com"}))

    def test_where_the_company_does_without_all_go_through(self):
        self.company.gdpr_suppression = False
        result = self._import("res.partner", ["name", "email"], ("Jane", "jane@example.com"))
        self.assertEqual((len(result["ids"]), result["messages"]), (1, []))

    def test_a_thousand_rows_take_one_query_more(self):
        rows = [(f"Person {i}", f"person{i}@example.com") for i in range(1000)]
        self._import("res.partner", ["name", "email"], ("First", "first@example.com"))
        before = self.env.cr.sql_log_count
        self.env["res.partner"]._gdpr_find_suppressed_rows(["name", "email"], rows)
        self.assertEqual(self.env.cr.sql_log_count - before, 1)


@tagged("post_install", "-at_install")
class TestMailing(DoorCase):
    def _send(self, records, **values):
        """Send a mass mail, and return ``{record: failure type}``."""
        composer = self.env["mail.compose.message"].create(
            {
                "composition_mode": "mass_mail",
                "model": records._name,
                "res_ids": repr(records.ids),
                "subject": "News",
                "body": "<p>Hello</p>",
                **values,
            }
        )
        composer._action_send_mail()
        mails = self.env["mail.mail"].search([("model", "=", records._name), ("res_id", "in", records.ids)])
        return {records.browse(mail.res_id): (mail.state, mail.failure_type) for mail in mails}

    def test_an_anonymised_person_gets_none_of_a_mailing_as_if_on_the_blacklist(self):
        jane, john = self._make_contact(email="jane@example.com"), self._make_contact("John", email="john@example.com")
        sent = self._send(jane + john)
        self.assertEqual(sent[jane], ("cancel", "mail_bl"))
        self.assertNotEqual(sent.get(john, ("sent", False))[0], "cancel")

    def test_so_is_a_lead(self):
        lead = self.env["crm.lead"].create({"name": "Deal", "email_from": "Jane <jane@example.com>"})
        self.assertEqual(self._send(lead)[lead], ("cancel", "mail_bl"))

    def test_who_decides_to_write_to_excluded_ones_does(self):
        jane = self._make_contact(email="jane@example.com")
        sent = self._send(jane, use_exclusion_list=False)
        self.assertNotEqual(sent.get(jane, ("sent", False))[1], "mail_bl")

    def test_the_company_of_the_record_counts(self):
        jane = self._make_contact(email="jane@example.com", company_id=self.other_company.id)
        self.assertNotEqual(self._send(jane).get(jane, ("sent", False))[1], "mail_bl")
