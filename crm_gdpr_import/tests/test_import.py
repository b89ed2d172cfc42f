import json

from odoo.tests import tagged

from odoo.addons.crm_gdpr.tests.common import PrivacyCase

OPTIONS = {"has_headers": True, "quoting": '"', "separator": ",", "encoding": "utf-8"}
FILE = """name,email
John,john@example.com
Jane,JANE@example.com
Jim,jim@example.com
"""


@tagged("post_install", "-at_install")
class TestImport(PrivacyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.gdpr.suppression"]._remember(["jane@example.com"], [], cls.env.company)

    def _import(self, content=FILE, dryrun=False, **options):
        wizard = self.env["base_import.import"].create(
            {"res_model": "res.partner", "file": content.encode(), "file_name": "list.csv", "file_type": "text/csv"}
        )
        names = ["name", "email"]
        return wizard.execute_import(names, names, {**OPTIONS, **options}, dryrun=dryrun)

    def _notifications(self):
        values = self.env.cr.precommit.data.get("bus.bus.values", [])
        messages = [json.loads(value["message"]) for value in values]
        return [message["payload"] for message in messages if message["type"] == "simple_notification"]

    def test_the_others_are_imported_as_if_nothing_was_wrong_and_the_row_is_named_beside(self):
        result = self._import()
        self.assertEqual(self.env["res.partner"].browse(result["ids"]).mapped("name"), ["John", "Jim"])
        self.assertEqual(result["messages"], [], "the web client would offer to import the file again")
        [notification] = self._notifications()
        self.assertIn("1 rows are of persons who were anonymised: 3.", notification["message"])
        self.assertTrue(notification["sticky"])

    def test_of_a_part_of_the_file_the_row_is_that_in_the_file(self):
        self._import(skip=1)
        self.assertIn(": 3.", self._notifications()[0]["message"])

    def test_nothing_of_the_person_is_in_what_is_told(self):
        self._import()
        [notification] = self._notifications()
        self.assertNotRegex(json.dumps(notification), "(?i)jane")

    def test_a_test_of_the_file_says_so_and_imports_nothing(self):
        before = self.env["res.partner"].search_count([])
        result = self._import(dryrun=True)
        self.assertEqual([message["field"] for message in result["messages"]], ["email"])
        self.assertIn("left out", result["messages"][0]["message"])
        self.assertEqual((self.env["res.partner"].search_count([]), self._notifications()), (before, []))

    def test_where_nothing_else_is_in_the_file_the_reason_is_the_result(self):
        result = self._import("name,email\nJane,jane@example.com\n")
        self.assertEqual((result["ids"], len(result["messages"])), ([], 1))

    def test_a_file_without_such_persons_is_imported_as_always(self):
        result = self._import("name,email\nJohn,john@example.com\n")
        self.assertEqual((len(result["ids"]), result["messages"], self._notifications()), (1, [], []))

    def test_of_many_rows_some_are_named(self):
        rows = "\n".join("Jane,jane@example.com" for _i in range(30))
        self._import(f"name,email\n{rows}\nJohn,john@example.com\n")
        message = self._notifications()[0]["message"]
        self.assertIn("30 rows", message)
        self.assertIn("21 …", message)
        self.assertNotIn("22", message)
