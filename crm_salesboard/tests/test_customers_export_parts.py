import csv
import io
import zipfile
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models import crm_board_export
from ..tools import export_file
from .test_customers_export import ExportCase


@tagged("post_install", "-at_install")
class TestCustomersExportParts(ExportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(crm_board_export, "PART_CUSTOMERS", 2))
        cls.customers = cls.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(6)])
        for customer in cls.customers:
            cls._make_lead(name=f"For {customer.name}", partner_id=customer.id)

    def test_progress_is_told_part_by_part(self):
        export = self._start()
        told = [export.step() for _part in range(3)]
        self.assertEqual([(row["done"], row["total"], row["is_finished"]) for row in told][0], (2, 6, False))
        self.assertEqual([(row["done"], row["total"], row["is_finished"]) for row in told][2], (6, 6, True))
        self.assertEqual(export.step(), told[2], "one step too many does no harm")

    def test_an_unfinished_export_gives_no_file(self):
        export = self._start()
        export.step()
        with self.assertRaisesRegex(UserError, "not finished"):
            export._open_file()

    def test_after_an_error_it_goes_on_where_it_stopped(self):
        export = self._start()
        export.step()
        made = type(self.env["crm.board.export"])._rows

        def fail_after_the_work(self, groups, columns):
            made(self, groups, columns)
            raise RuntimeError("the connection is gone")

        with (
            patch.object(type(self.env["crm.board.export"]), "_rows", fail_after_the_work),
            self.assertRaises(RuntimeError),
            self.env.cr.savepoint(),
        ):
            export.step()
        export.invalidate_recordset()
        self.assertEqual(export.done, 2)
        rows = self._read(self._finish(export))
        self.assertEqual([row["Customer"] for row in rows], self.customers.mapped("name"))

    def test_what_changes_meanwhile_makes_no_customer_come_twice(self):
        export = self._start(columns=["name", "subjects"])
        export.step()
        # the second of those that are done sorts last now, and the last one belongs to the first
        self.customers[1].name = "Zenit"
        self.customers[5].parent_id = self.customers[0]
        self.env["crm.lead"].search([("partner_id", "=", self.customers[2].id)]).partner_id = self.customers[0]
        rows = self._read(self._finish(export))
        names = [row["Customer"] for row in rows]
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual(len(rows), 5)

    def test_a_cancelled_export_leaves_nothing_and_says_so(self):
        export = self._start()
        export.step()
        export.cancel_export()
        self.assertFalse(self.env["crm.board.export.part"].search([("export_id", "=", export.id)]))
        export.cancel_export()
        with self.assertRaisesRegex(UserError, "gone"):
            export.step()

    def test_it_is_cleared_away_with_its_parts(self):
        export = self._start()
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE crm_board_export SET write_date = write_date - interval '2 days' WHERE id = %s", export.id)
        )
        self.env["crm.board.export.part"]._transient_vacuum()
        self.assertEqual(self.env["crm.board.export.part"].search_count([("export_id", "=", export.id)]), 3)
        self.env["crm.board.export"]._transient_vacuum()
        self.assertFalse(self.env["crm.board.export.part"].search([("export_id", "=", export.id)]))

    def test_a_customer_with_very_many_projects_has_a_part_of_its_own(self):
        with patch.object(crm_board_export, "PART_PROJECTS", 3), patch.object(crm_board_export, "PART_CUSTOMERS", 9):
            for _number in range(4):
                self._make_lead(partner_id=self.customers[2].id)
            export = self._start()
            self.assertEqual(export.sudo().part_ids.mapped("size"), [2, 1, 3])
        self.assertEqual(len(self._read(self._finish(export))), 6)


@tagged("post_install", "-at_install")
class TestCustomersExportMany(ExportCase):
    def _make_many(self, count):
        """Customers with a project and a half each, made in one statement each: what is tested is how they are read."""
        self.env.flush_all()
        column = self._column("status", self.offer)
        self.env.cr.execute(
            SQL(
                """
                WITH customer AS (
                    INSERT INTO res_partner (name, complete_name, email, city, active, user_id, type, is_company,
                                             autopost_bills)
                    SELECT 'Many ' || n, 'Many ' || n, 'many' || n || '@example.com', 'Gdynia', TRUE, %(user)s,
                           'contact', FALSE, 'ask'
                      FROM generate_series(1, %(count)s) n RETURNING id
                )
                INSERT INTO crm_lead (name, type, active, partner_id, team_id, user_id, stage_id, company_id,
                                      board_column_id, won_status, expected_revenue, prorated_revenue, probability)
                SELECT 'Project ' || customer.id, 'opportunity', TRUE, customer.id, %(team)s, %(user)s, %(stage)s,
                       %(company)s, %(column)s, 'pending', 10, 5, 50
                  FROM customer, generate_series(1, 2) k WHERE k = 1 OR customer.id %% 2 = 0
                """,
                user=self.sales.id,
                count=count,
                team=self.team.id,
                stage=self.offer.id,
                company=self.env.company.id,
                column=column.id,
            )
        )
        self.env.cr.execute(
            SQL("UPDATE res_partner SET commercial_partner_id = id WHERE commercial_partner_id IS NULL")
        )
        self.env.invalidate_all()

    def test_twenty_thousand_customers_in_steps_of_few_queries(self):
        self._make_many(20_000)
        columns = self._all_columns()
        export = self._start(columns=columns, file_format="xlsx")
        queries = []
        while not export.is_finished:
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            export.step()
            queries.append(self.cr.sql_log_count - start)
        self.assertEqual(len(queries), 20)
        self.assertLessEqual(max(queries[1:]), 30, "the first one also reads what the server then remembers")
        file, name = export._open_file()
        self.assertTrue(name.endswith(".xlsx"))
        with file, zipfile.ZipFile(file) as book, book.open("xl/worksheets/sheet1.xml") as sheet:
            text = sheet.read().decode()
        self.assertEqual(text.count("<row "), 20_001)
        self.assertIn('<row r="20001"', text)

    def test_the_queries_of_a_step_do_not_grow_with_its_customers(self):
        self._make_many(1000)
        columns = self._all_columns()

        def queries(size):
            with patch.object(crm_board_export, "PART_CUSTOMERS", size):
                export = self._start(columns=columns)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            export.step()
            return self.cr.sql_log_count - start

        queries(10)
        self.assertLessEqual(queries(1000), queries(10) + 3)


@tagged("post_install", "-at_install")
class TestCustomersExportFile(ExportCase):
    def test_no_cell_is_a_formula(self):
        evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://example.com")', "<b>&\x01", "é"]
        self.partner.name = evil[0]
        self._make_lead(name=evil[6])
        row = self._rows(columns=["name", "subjects", "projected"])[0]
        self.assertEqual((row["Customer"], row["Subjects"]), ("'=1+1", f"'{evil[6]}"))
        lines = list(csv.reader(io.StringIO(export_file.csv_text([evil, [-5.5, None, ""]]), newline="")))
        self.assertEqual(lines[0], [f"'{text}" for text in evil[:7]] + evil[7:])
        self.assertEqual(lines[1], ["-5.5", "", ""], "a number stays one")
        text = export_file.xlsx_text([evil], ["text"] * 9, 2, "")
        self.assertNotIn("<f", text)
        self.assertEqual(text.count('t="inlineStr"'), 9)
        self.assertIn("&lt;b&gt;&amp;<", text)

    @freeze_time("2026-03-04")
    def test_a_spreadsheet_reads_numbers_and_dates_as_such(self):
        openpyxl = self._openpyxl()
        self._make_lead(date_deadline="2030-05-01", expected_revenue=1234.5)
        self._make_lead(partner_id=False, contact_name="x" * 40_000)
        export = self._start(columns=["name", "count", "projected", "date"], file_format="xlsx")
        content = self._finish(export)
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        currency = self.env.company.currency_id.name
        labels = ["Customer", "Number of Projects", f"Projected ({currency})", "Nearest Expected Date"]
        self.assertEqual([cell.value for cell in sheet[1]], labels)
        name, count, projected, day = sheet[2]
        self.assertEqual((name.value, count.value, projected.value), ("Konex", 1, 1234.5))
        self.assertEqual(day.value.date().isoformat(), "2030-05-01")
        self.assertIn("too long", sheet[3][0].value)
        self.assertEqual(sheet.dimensions, "A1:D3")

    def _openpyxl(self):
        try:
            import openpyxl  # a reader of such files, which Odoo has for imports
        except ImportError:
            self.skipTest("no reader of XLSX files")
        return openpyxl
