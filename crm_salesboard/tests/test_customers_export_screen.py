import csv
import io
import json
import zipfile

from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_sales_board_screen import SalesBoardScreen


class ExportScreen(SalesBoardScreen):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.may_export = cls.env.ref("base.group_allow_export")
        cls.may_export.user_ids += cls.manager
        cls.customers = cls.env["res.partner"].create(
            [{"name": f"Customer {number:02}", "email": f"c{number}@example.com"} for number in range(12)]
        )
        for number, customer in enumerate(cls.customers):
            cls._make_project(f"For {number}", "status", "Prospect", 100, 20, "2030-01-01", partner_id=customer.id)
        for customer in cls.customers[:3]:
            cls._make_project("Again", "status", "Offer", 50, 50, "2030-02-01", cls.sales, partner_id=customer.id)

    def _exports(self):
        return self.env["crm.board.export"].search([("create_uid", "=", self.manager.id)])


@tagged("post_install", "-at_install")
class TestCustomersExportScreen(ExportScreen):
    def test_all_customers_of_the_view_are_downloaded_and_the_choice_is_kept(self):
        self.start_tour("/odoo/sales-board", "salesboard_export", login="board_manager")
        kept = json.loads(self.manager.res_users_settings_id.salesboard_export)
        self.assertEqual(kept["format"], "csv")
        self.assertIn("vat", kept["columns"])
        self.assertNotIn("street", kept["columns"])
        self.assertFalse(self._exports(), "nothing is left when the dialog is closed")

    def test_the_list_of_a_sum_exports_what_it_shows(self):
        self.start_tour("/odoo/sales-board", "salesboard_export_list", login="board_manager")

    def test_without_the_right_to_export_it_is_not_offered(self):
        self.assertFalse(self.sales.has_group("base.group_allow_export"))
        self.start_tour("/odoo/sales-board", "salesboard_export_not_offered", login="board_sales")

    def _export(self, file_format):
        model = self.env["crm.board.export"].with_user(self.manager)
        export = model.browse(model.start_export([], ["name", "count", "email"], file_format)["id"])
        while not export.step()["is_finished"]:
            pass
        return export

    def test_the_file_is_sent_to_its_user_alone(self):
        export = self._export("csv")
        url = f"/crm_salesboard/customers/{export.id}"
        self.authenticate("board_manager", "board_manager")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("text/csv", answer.headers["Content-Type"])
        self.assertIn(".csv", answer.headers["Content-Disposition"])
        rows = list(csv.reader(io.StringIO(answer.text)))
        self.assertEqual(len(rows), 13)
        self.assertEqual(rows[1], ["Customer 00", "2", "c0@example.com"])
        xlsx = self.url_open(f"/crm_salesboard/customers/{self._export('xlsx').id}")
        with zipfile.ZipFile(io.BytesIO(xlsx.content)) as book:
            self.assertIsNone(book.testzip())
        self.may_export.user_ids += self.sales
        with mute_logger("odoo.http"):
            self.authenticate("board_sales", "board_sales")
            self.assertEqual(self.url_open(url).status_code, 400)
            self.authenticate("board_manager", "board_manager")
            self.assertEqual(self.url_open("/crm_salesboard/customers/0").status_code, 400)
            self.may_export.user_ids -= self.manager
            self.assertEqual(self.url_open(url).status_code, 400)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(url).url)


@tagged("post_install", "-at_install")
class TestCustomersExportPhone(ExportScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_customers_are_exported_on_a_phone(self):
        self.start_tour("/odoo/sales-board", "salesboard_export_phone", login="board_manager")
