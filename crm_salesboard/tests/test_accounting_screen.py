from odoo import Command, fields
from odoo.tests import tagged

from .test_customer_screen import CustomerScreen


class AccountingScreen(CustomerScreen):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._make_user("board_accountant", "Ada Accountant", "account.group_account_invoice")
        cls.leads = cls.env["crm.lead"].search([("partner_id", "=", cls.customer.id)])
        cls.delta = cls.env["crm.lead"].search([("name", "=", "Delta fleet")])

    @classmethod
    def _invoice(cls, origin):
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.customer.id,
                "invoice_date": fields.Date.subtract(fields.Date.today(), days=60),
                "invoice_date_due": fields.Date.subtract(fields.Date.today(), days=30),
                "invoice_payment_term_id": False,
                "invoice_origin": origin,
                "invoice_line_ids": [Command.create({"name": "Pump", "price_unit": 100, "tax_ids": False})],
            }
        )
        move.action_post()
        return move

    def _order_invoice(self):
        order = self.env["sale.order"].create({"partner_id": self.customer.id, "opportunity_id": self.delta.id})
        return self._invoice(order.name)


@tagged("post_install", "-at_install")
class TestAccountingScreen(AccountingScreen):
    def test_an_accountant_looks_at_projects_from_invoice_and_customer(self):
        invoice = self._order_invoice()
        self.start_tour(f"/odoo/account.move/{invoice.id}", "crm_accountant_projects", login="board_accountant")

    def test_accounting_blocks_sales_is_warned_and_accounting_releases(self):
        self._order_invoice()
        self.leads.user_id = self.sales
        customer = f"/odoo/res.partner/{self.customer.id}"
        self.start_tour(customer, "crm_accountant_blocks", login="board_accountant")
        self.assertTrue(self.customer.is_customer_blocked)
        self.start_tour("/odoo/sales-board", "crm_sales_is_warned", login="board_sales")
        self.start_tour(customer, "crm_customer_is_released", login="board_accountant")
        self.customer.invalidate_recordset()
        self.assertFalse(self.customer.is_customer_blocked)

    def test_a_move_plans_and_a_colleague_is_asked_on_the_project(self):
        self.leads.user_id = self.sales
        plan = self.env["mail.activity.plan"].create({"name": "After an offer", "res_model": "crm.lead"})
        self.env["mail.activity.plan.template"].create(
            {
                "plan_id": plan.id,
                "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                "summary": "Ask again",
                "responsible_type": "on_demand",
            }
        )
        self.columns["status", "Offer"].activity_plan_id = plan
        self.start_tour("/odoo/sales-board", "crm_plan_and_delegate", login="board_sales", timeout=90)
        beta = self.leads.filtered(lambda lead: lead.name == "Beta replacement")
        self.assertEqual((beta.activity_ids.user_id, beta.activity_ids.requested_by_id), (self.manager, self.sales))


@tagged("post_install", "-at_install")
class TestAccountingPhone(AccountingScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_an_accountant_blocks_on_a_phone(self):
        self._order_invoice()
        customer = f"/odoo/res.partner/{self.customer.id}"
        self.start_tour(customer, "crm_accountant_blocks_on_a_phone", login="board_accountant")
        self.assertTrue(self.customer.is_customer_blocked)
