from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .accounting_case import AccountingCase

CHANGING = ("action_set_won_rainbowman", "action_reopen", "action_sale_quotations_new", "action_add_activity")


@tagged("post_install", "-at_install")
class TestAccountant(AccountingCase):
    """Accountants look at projects from the customer and from an invoice, and change nothing."""

    def _specification(self, arch, model):
        spec = {}
        for node in arch.xpath("//field[not(ancestor::field)]"):
            field = self.env[model]._fields[node.get("name")]
            views = node.xpath("./list | ./kanban")
            if field.type in ("one2many", "many2many"):
                lines = {}
                if views:
                    lines = self._specification(etree.fromstring(etree.tostring(views[0])), field.comodel_name)
                spec[field.name] = {"fields": lines or {"display_name": {}}}
            else:
                spec[field.name] = {"fields": {"display_name": {}}} if field.type == "many2one" else {}
        return spec

    def _open(self, user, record):
        """Read a record as the web client does when it opens its form."""
        record = self._as(user, record)
        arch = etree.fromstring(record.get_views([(False, "form")])["views"]["form"]["arch"])
        return arch, record.web_read(self._specification(arch, record._name))[0]

    def test_the_forms_of_project_and_customer_open(self):
        lead = self._make_lead(partner_id=self.contact.id)
        self._close(lead, "order")
        order = self.env["sale.order"].create({"partner_id": self.partner.id, "opportunity_id": lead.id})
        self.env["crm.lead.contact"].create({"lead_id": lead.id, "partner_id": self.contact.id})
        self.env["crm.lead.user"].create({"lead_id": lead.id, "user_id": self.other.id})
        lead.activity_schedule("mail.mail_activity_data_todo", user_id=self.sales.id)
        for user in (self.accountant, self.auditor):
            with self.subTest(user.login):
                _arch, values = self._open(user, lead)
                self.assertEqual((values["expected_revenue"], values["actual_revenue"]), (1000, 1000))
                self.assertEqual([line["id"] for line in values["order_ids"]], order.ids)
                _arch, values = self._open(user, self.contact)
                self.assertEqual([line["id"] for line in values["crm_project_ids"]], lead.ids)

    def test_nothing_can_be_changed(self):
        lead = self._make_lead()
        for user in (self.accountant, self.auditor):
            mine = self._as(user, lead)
            with self.subTest(user.login):
                for change in (
                    lambda mine: mine.write({"name": "Mine"}),
                    lambda mine: mine.copy(),
                    lambda mine: mine.unlink(),
                    lambda mine: mine.action_set_won(),
                    lambda mine: mine.message_post(body="Hello"),
                    lambda mine: mine.activity_schedule("mail.mail_activity_data_todo"),
                ):
                    with self.assertRaises(AccessError):
                        change(mine)

    def test_there_is_nothing_to_press_that_changes_a_project(self):
        lead = self._make_lead()
        for user, has_buttons in ((self.accountant, False), (self.auditor, False), (self.sales, True)):
            arch, _values = self._open(user, lead)
            names = {button.get("name") for button in arch.iter("button")}
            with self.subTest(user.login):
                self.assertEqual(bool(names & set(CHANGING)), has_buttons)
        self.assertEqual(self._open(self.accountant, lead)[0].get("edit"), "False")

    def test_restricted_projects_stay_hidden(self):
        hidden = self._make_lead(name="Takeover", is_restricted=True)
        seen = self._make_lead(name="Fleet")
        leads = self.env["crm.lead"].with_user(self.accountant)
        self.assertEqual(leads.search([("id", "in", (hidden | seen).ids)]), seen)
        with self.assertRaises(AccessError):
            self._as(self.accountant, hidden).read(["name"])

    def test_other_companies_stay_closed(self):
        theirs = self.env["res.company"].create({"name": "Theirs"})
        foreign = self._make_lead(company_id=theirs.id, team_id=False, user_id=False)
        with self.assertRaises(AccessError):
            self._as(self.accountant, foreign).read(["name"])

    def test_others_than_accountants_see_no_projects(self):
        lead = self._make_lead()
        with self.assertRaises(AccessError):
            self._as(self.outsider, lead).read(["name"])

    def test_who_sells_as_well_sees_the_projects_that_sales_rights_open(self):
        self.sales.group_ids |= self.env.ref("account.group_account_invoice")
        theirs = self._make_lead(user_id=self.other.id)
        mine = self._make_lead()
        leads = self.env["crm.lead"].with_user(self.sales)
        self.assertEqual(leads.search([("id", "in", (theirs | mine).ids)]), mine)

    def test_an_invoice_leads_to_the_projects_of_its_orders(self):
        lead, other = self._make_lead(), self._make_lead(name="Another")
        product = self.env["product.product"].create({"name": "Pump", "type": "service", "invoice_policy": "order"})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "opportunity_id": lead.id,
                "order_line": [Command.create({"product_id": product.id, "price_unit": 10})],
            }
        )
        order.action_confirm()
        by_line = order._create_invoices()
        by_origin = self._invoice(invoice_origin=order.name)
        for invoice in (by_line, by_origin):
            mine = self._as(self.accountant, invoice)
            with self.subTest(invoice.invoice_origin):
                self.assertEqual(mine.crm_project_count, 1)
                self.assertEqual(mine.action_view_crm_projects()["res_id"], lead.id)
        loose = self._as(self.accountant, self._invoice())
        self.assertEqual(loose.crm_project_count, 2)
        action = loose.action_view_crm_projects()
        self.assertEqual(self.env["crm.lead"].search(action["domain"]), lead | other)

    def test_a_bill_and_a_hidden_project_lead_nowhere(self):
        lead = self._make_lead(is_restricted=True)
        order = self.env["sale.order"].create({"partner_id": self.partner.id, "opportunity_id": lead.id})
        invoice = self._as(self.accountant, self._invoice(invoice_origin=order.name))
        self.assertEqual(invoice.crm_project_count, 0)
        bill = self._as(self.accountant, self._invoice(move_type="in_invoice"))
        self.assertEqual(bill.crm_project_count, 0)

    def test_the_number_on_many_invoices_costs_as_much_as_on_one(self):
        partners = self.env["res.partner"].create([{"name": f"C{n}", "is_company": True} for n in range(20)])
        invoices = self.env["account.move"].concat(*(self._invoice(partner) for partner in partners))
        counts = []
        for some in (invoices[:1], invoices):
            mine = self._as(self.accountant, some)
            mine.mapped("commercial_partner_id.name")
            start = self.env.cr.sql_log_count
            mine.mapped("crm_project_count")
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 2)
