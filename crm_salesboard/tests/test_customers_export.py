import csv
import io
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import crm_board_export
from ..tools import export_file
from .common import SalesBoardCase


class ExportCase(SalesBoardCase):
    """Customers with projects, and a user who may export."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.may_export = cls.env.ref("base.group_allow_export")
        cls.may_export.user_ids += cls.manager | cls.sales
        cls.domain = [("team_id", "=", cls.team.id)]
        cls.partner.write({"email": "info@konex.example", "city": "Gdynia", "zip": "81-001", "user_id": cls.sales.id})
        cls.person = cls.env["res.partner"].create(
            {"name": "Ewa Nowak", "parent_id": cls.partner.id, "email": "ewa@konex.example", "phone": "+48 58 1"}
        )

    def _start(self, user=None, columns=("name", "count"), domain=None, companies=None, **options):
        export = self.env["crm.board.export"].with_user(user or self.manager)
        if companies:
            export = export.with_context(allowed_company_ids=companies.ids)
        options = {"file_format": "csv", **options}
        domain = self.domain if domain is None else domain
        return export.browse(export.start_export(domain, list(columns), **options)["id"])

    def _finish(self, export):
        while not export.step()["is_finished"]:
            pass
        file, _name = export._open_file()
        with file:
            return file.read()

    def _rows(self, *args, **options):
        """The rows of a CSV file as dicts."""
        return self._read(self._finish(self._start(*args, **options)))

    def _read(self, content):
        return list(csv.DictReader(io.StringIO(content.decode(), newline="")))

    def _all_columns(self, user=None):
        offer = self.env["crm.board.export"].with_user(user or self.manager).prepare_export(self.domain)
        return [column["name"] for column in offer["columns"]]


@tagged("post_install", "-at_install")
class TestCustomersExport(ExportCase):
    def test_a_customer_comes_once_with_its_projects_summed_up(self):
        self._make_lead(name="Fleet", stage_id=self.offer.id, date_deadline="2030-05-01", probability=50)
        self._make_lead(name="Servers", partner_id=self.person.id, date_deadline="2030-02-01", user_id=self.other.id)
        self._close(self._make_lead(name="Phones", expected_revenue=400), "order", actual_revenue=380)
        rows = self._rows(columns=self._all_columns())
        self.assertEqual(len(rows), 1, "the company stands for its contact person")
        row = rows[0]
        self.assertEqual((row["Customer"], row["City"], row["Zip"]), ("Konex", "Gdynia", "81-001"))
        self.assertEqual((row["Contact Person"], row["Email"]), ("Ewa Nowak", "info@konex.example"))
        self.assertEqual(row["Phone"], "'+48 58 1", "that of the contact person, as the company has none")
        self.assertEqual((row["Number of Projects"], row["Salesperson"]), ("3", "cast_sales"))
        self.assertEqual(set(row["Subjects"].split(", ")), {"Fleet", "Servers", "Phones"})
        self.assertEqual(row["Statuses"], "Prospect, Offer, Order")
        self.assertEqual(set(row["Owners"].split(", ")), {"cast_sales", "cast_other"})
        self.assertEqual(row["Nearest Expected Date"], "2030-02-01")
        currency = self.env.company.currency_id.name
        self.assertEqual(float(row[f"Projected ({currency})"]), 2400)
        self.assertEqual(float(row[f"Actual ({currency})"]), 380)

    def test_projects_without_a_customer_record_come_by_email_or_each(self):
        make = lambda **values: self._make_lead(partner_id=False, **values)  # noqa: E731
        make(name="One", email_from="Ann <Ann@Example.com>", contact_name="Ann", partner_name="Annex")
        make(name="Two", email_from="ann@example.com", expected_revenue=5, city="Gdynia")
        make(name="Three", contact_name="Bo")
        make(name="Four", contact_name="Bo")
        make(name="Nobody's")
        rows = self._rows(columns=["name", "company", "contact", "email", "count", "subjects"])
        found = [(row["Customer"], row["Company"], row["Contact Person"], row["Number of Projects"]) for row in rows]
        self.assertEqual(found, [("Annex", "", "Ann", "2"), ("Bo", "", "Bo", "1"), ("Bo", "", "Bo", "1")])
        self.assertEqual(rows[0]["Email"], "ann@example.com")
        offer = self.env["crm.board.export"].with_user(self.manager).prepare_export(self.domain)
        self.assertEqual((offer["projects"], offer["customers"], offer["nameless"]), (5, 3, 1))

    def test_one_row_per_project_holds_every_project_with_its_customer(self):
        leads = [self._make_lead(name=str(number), partner_id=self.person.id) for number in range(3)]
        self._make_lead(name="Nobody's", partner_id=False)
        rows = self._rows(columns=["name", "subjects"], per_project=True)
        expected = {("Konex", lead.name) for lead in leads} | {("", "Nobody's")}
        self.assertEqual({(row["Customer"], row["Subjects"]) for row in rows}, expected)
        self.assertEqual(len(rows), 4)

    def test_the_whole_view_comes_and_adds_up_to_the_board(self):
        partners = self.env["res.partner"].create([{"name": f"Customer {number:03}"} for number in range(200)])
        self.env["crm.lead"].create(
            [
                {
                    "name": partner.name,
                    "partner_id": partner.id,
                    "team_id": self.team.id,
                    "stage_id": self.offer.id,
                    "user_id": (self.sales if number % 2 else self.other).id,
                    "expected_revenue": number + 0.25,
                }
                for number, partner in enumerate(partners + partners[:50])
            ]
        )
        self._close(self._make_lead(partner_id=partners[0].id), "lost")
        for user in (self.manager, self.sales):
            for domain in (self.domain, [*self.domain, ("expected_revenue", ">", 50)]):
                total = self.env["crm.lead"].with_user(user).get_salesboard(domain)["total"]
                with patch.object(crm_board_export, "PART_CUSTOMERS", 30):
                    rows = self._rows(user, ["name", "count", "projected", "weighted", "actual"], domain)
                names = [row["Customer"] for row in rows]
                self.assertEqual(len(names), len(set(names)))
                self.assertEqual(names, sorted(names), "by name, across the parts")
                self.assertEqual(sum(int(row["Number of Projects"]) for row in rows), total["count"])
                for measure in ("projected", "weighted", "actual"):
                    column = f"{measure.capitalize()} ({self.env.company.currency_id.name})"
                    self.assertAlmostEqual(sum(float(row[column]) for row in rows), total[measure], 2)
        self.assertEqual(len(self._rows(self.manager)), 200)

    def test_custom_fields_of_customers_and_projects_are_columns(self):
        self.addCleanup(self.registry.reset_changes)
        choices = self.env["crm.choice.list"].create(
            {"name": "Sectors", "usage": "field", "choice_ids": [Command.create({"name": n}) for n in ("Care", "Food")]}
        )
        make = self.env["crm.custom.field"].create
        since, sector, seats, budget = make(
            [
                {"name": "Known since", "model": "res.partner", "ttype": "date"},
                {"name": "Line of business", "ttype": "many2many", "list_id": choices.id},
                {"name": "Number of seats", "ttype": "float"},
                {"name": "Their budget", "ttype": "monetary"},
            ]
        )
        self.partner[since.field_name] = "2020-01-31"
        care, food = choices.choice_ids
        for choice, number in ((care, 2), (food, 3)):
            values = {sector.field_name: [Command.set(choice.ids)], seats.field_name: number}
            self._make_lead(**values, **{budget.field_name: number})
        names = [f"customer.{since.field_name}", *(f"project.{f.field_name}" for f in (sector, seats, budget))]
        row = self._rows(columns=names)[0]
        self.assertEqual(row["Known since"], "2020-01-31")
        self.assertEqual(set(row["Line of business"].split(", ")), {"Care", "Food"})
        self.assertEqual(float(row["Number of seats"]), 5)
        self.assertEqual(float(row[f"Their budget ({self.env.company.currency_id.name})"]), 5)
        seats.active = False
        self.assertNotIn(f"project.{seats.field_name}", self._all_columns())

    def test_an_empty_view_says_what_to_do(self):
        with self.assertRaisesRegex(UserError, "another period or owner"):
            self._start()
        self.assertFalse(self.env["crm.board.export"].search([("create_uid", "=", self.manager.id)]))
        offer = self.env["crm.board.export"].with_user(self.manager).prepare_export(self.domain)
        self.assertEqual((offer["projects"], offer["customers"]), (0, 0))

    def test_bad_requests_are_told(self):
        self._make_lead()
        cases = {
            "at least one column": {"columns": []},
            "no column nonsense": {"columns": ["name", "nonsense"]},
            "no column password": {"columns": ["password"]},
            "XLSX or a CSV": {"file_format": "pdf"},
            "not a search": {"domain": [("no_such_field", "=", 1)]},
            "not a search for projects": {"domain": "nonsense"},
        }
        for message, options in cases.items():
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                self._start(**options)

    def test_more_rows_than_xlsx_holds_are_told_at_once(self):
        self._make_lead()
        self._make_lead(partner_id=self.person.copy({"parent_id": False}).id)
        with patch.object(export_file, "XLSX_MAX_ROWS", 2):
            with self.assertRaisesRegex(UserError, "Choose CSV"):
                self._start(file_format="xlsx")
            self._start(file_format="csv")


@tagged("post_install", "-at_install")
class TestCustomersExportRights(ExportCase):
    def test_the_right_to_export_is_asked_by_the_server_at_every_step(self):
        self._make_lead()
        export = self._start(self.manager)
        self.manager.group_ids -= self.may_export
        model = export.browse()
        calls = {
            "prepare": lambda: model.prepare_export(self.domain),
            "start": lambda: model.start_export(self.domain, ["name"]),
            "step": export.step,
            "file": export._open_file,
        }
        for name, call in calls.items():
            with self.subTest(name), self.assertRaisesRegex(AccessError, "export"):
                call()
        self.manager.group_ids += self.may_export
        self.assertEqual(len(self._read(self._finish(export))), 1)

    def test_roles(self):
        self._make_lead()
        self._make_lead(user_id=self.other.id, partner_id=self.person.copy({"parent_id": False}).id)
        accountant = self._make_user("cast_accountant", "account.group_account_user")
        administrator = self._make_user("cast_administrator", "base.group_system")
        self.may_export.user_ids += self.other | self.all_leads | self.outsider | accountant
        administrator.group_ids += self.env.ref("sales_team.group_sale_manager")
        # An administrator may export without further ado, as with Odoo's own export.
        counts = {self.sales: 1, self.other: 1, self.all_leads: 2, self.manager: 2, administrator: 2}
        for user, count in counts.items():
            with self.subTest(user.login):
                self.assertEqual(len(self._rows(user)), count)
        for user in (self.outsider, accountant):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._start(user)

    def test_an_export_is_its_users_alone(self):
        self._make_lead()
        export = self._start(self.manager)
        self._finish(export)
        theirs = export.with_user(self.sales)
        calls = {
            "step": theirs.step,
            "file": theirs._open_file,
            "cancel": theirs.cancel_export,
            "read": lambda: theirs.read(["domain"]),
            "write": lambda: export.write({"domain": []}),
            "parts": lambda: export.part_ids.read(["content"]),
            "create": lambda: export.create({}),
        }
        for name, call in calls.items():
            with self.subTest(name), self.assertRaises(AccessError):
                call()
        self.assertFalse(theirs.search([]))

    def test_restricted_projects_are_in_no_row_and_no_sum(self):
        self._make_lead(name="Open", expected_revenue=10)
        secret = self._make_lead(name="Takeover", expected_revenue=7000)
        gone = self._make_lead(name="Alone", partner_id=self.person.copy({"parent_id": False, "name": "Hidden"}).id)
        (secret | gone).write({"is_restricted": True})
        rows = self._rows(self.manager, self._all_columns())
        self.assertEqual([row["Customer"] for row in rows], ["Konex"])
        self.assertEqual((rows[0]["Number of Projects"], rows[0]["Subjects"]), ("1", "Open"))
        self.assertNotIn("Takeover", str(rows))
        self.assertEqual(len(self._rows(self.sales)), 2, "their owner sees them")

    def test_a_project_restricted_in_the_middle_is_left_out(self):
        lead = self._make_lead(name="Takeover")
        export = self._start(self.manager, ["name", "subjects"])
        lead.is_restricted = True
        self.assertEqual(self._read(self._finish(export)), [])

    def test_a_customer_that_the_user_may_not_read_shows_as_on_the_project(self):
        self.env["ir.rule"].create(
            {
                "name": "Private",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', 'not in', {self.partner.ids})]",
            }
        )
        self._make_lead(partner_name="Konex", email_from="asked@konex.example")
        row = self._rows(self.manager, ["name", "email", "zip", "salesperson", "count"])[0]
        self.assertEqual((row["Customer"], row["Salesperson"], row["Number of Projects"]), ("Konex", "", "1"))

    def test_fields_that_the_user_may_not_read_are_no_columns(self):
        self._make_lead()
        field = self.env["res.partner"]._fields["vat"]
        with patch.object(field, "groups", "base.group_system"):
            self.assertNotIn("vat", self._all_columns())
            with self.assertRaisesRegex(UserError, "no column vat"):
                self._start(columns=["vat"])

    def test_companies_and_currencies_as_on_the_board(self):
        dollar, euro = self.env.ref("base.USD"), self.env.ref("base.EUR")
        (dollar | euro).active = True
        mine, theirs = self.env["res.company"].create(
            [{"name": "Mine", "currency_id": euro.id}, {"name": "Theirs", "currency_id": dollar.id}]
        )
        self.env["res.currency.rate"].search([]).unlink()
        for day, rate in (("2026-01-01", 2.0), ("2026-06-01", 4.0)):
            self.env["res.currency.rate"].create(
                [
                    {"currency_id": dollar.id, "company_id": mine.id, "name": day, "rate": rate},
                    {"currency_id": euro.id, "company_id": theirs.id, "name": day, "rate": 1 / rate},
                ]
            )
        self.manager.company_ids += mine | theirs
        team = self.env["crm.team"].create({"name": "Both", "process_id": self.process.id, "company_id": False})
        for company, day in ((mine, "2026-02-01"), (theirs, "2026-02-01"), (theirs, "2026-07-01")):
            lead = self._make_lead(
                team_id=team.id, user_id=self.manager.id, company_id=company.id, expected_revenue=100
            )
            self._close(lead, "order", date_closed=f"{day} 12:00:00")
        domain = [("team_id", "=", team.id)]
        row = self._rows(self.manager, ["count", "actual"], domain, mine | theirs)[0]
        self.assertEqual((row["Number of Projects"], float(row["Actual (EUR)"])), ("3", 175))
        leads = self.env["crm.lead"].with_user(self.manager).with_context(allowed_company_ids=(mine | theirs).ids)
        self.assertAlmostEqual(leads.get_salesboard(domain)["total"]["actual"], 175)
        row = self._rows(self.manager, ["count", "actual"], domain, theirs)[0]
        self.assertEqual((row["Number of Projects"], float(row["Actual (USD)"])), ("2", 200))
        export = self._start(self.manager, ["count", "actual"], domain, mine | theirs)
        row = self._read(self._finish(export.with_context(allowed_company_ids=theirs.ids)))[0]
        self.assertIn("Actual (EUR)", row, "the companies are those of the start, whatever is chosen meanwhile")
