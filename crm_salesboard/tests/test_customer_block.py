import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .accounting_case import AccountingCase


@tagged("post_install", "-at_install")
class TestCustomerBlock(AccountingCase):
    """Accounting blocks a customer and releases it, and everything that was is kept."""

    def test_accountants_and_administrators_block_and_release(self):
        for user in (self.accountant, self.admin):
            with self.subTest(user.login):
                block = self._block(user=user)
                self.assertEqual((block.user_id, block.company_id), (user, self.env.company))
                self.assertTrue(self._as(self.sales, self.partner).is_customer_blocked)
                block.action_release()
                self.assertEqual(block.released_by_id, user)
                self.assertFalse(self._as(self.sales, self.partner).is_customer_blocked)
        self.assertEqual(len(self._as(self.sales, self.partner).customer_block_ids), 2)

    def test_nobody_else_does(self):
        block = self._block()
        for user in (self.sales, self.manager, self.auditor, self.outsider):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self._block(partner=self.env["res.partner"].create({"name": "Other"}), user=user)
                with self.assertRaises(AccessError):
                    block.with_user(user).action_release()
        self.assertFalse(block.date_released)

    def test_the_history_is_nobodys_to_change(self):
        block = self._block()
        for user in (self.accountant, self.admin, self.manager, self.sales):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    block.with_user(user).reason = "Nothing"
                with self.assertRaises(AccessError):
                    block.with_user(user).unlink()
        with self.assertRaises(UserError):
            block.action_release()
            block.action_release()

    def test_who_and_when_is_not_for_the_caller_to_say(self):
        block = self._block(
            user_id=self.sales.id, date="2020-01-01 00:00:00", date_released="2020-02-01 00:00:00", released_by_id=1
        )
        self.assertEqual(block.user_id, self.accountant)
        self.assertGreater(block.date.year, 2020)
        self.assertFalse(block.date_released or block.released_by_id)

    def test_a_reason_is_asked_for(self):
        for reason in ("", "  \n"):
            with self.subTest(reason=reason), self.assertRaises(ValidationError):
                self._block(reason=reason)

    def test_one_open_block_per_customer_and_company(self):
        self._block()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            self._block(partner=self.contact)
            self.env.flush_all()

    def test_a_contact_shows_and_sets_the_block_of_its_company(self):
        block = self._block(partner=self.contact)
        self.assertEqual(block.partner_id, self.partner)
        contact = self._as(self.sales, self.contact)
        self.assertTrue(contact.is_customer_blocked)
        self.assertEqual(contact.customer_block_reason, "Three reminders")

    def test_blocked_customers_are_found(self):
        other = self.env["res.partner"].create({"name": "Paid"})
        self._block()
        found = self.env["res.partner"].with_user(self.sales)
        everybody = [("id", "in", (self.partner | self.contact | other).ids)]
        self.assertEqual(found.search([*everybody, ("is_customer_blocked", "=", True)]), self.partner | self.contact)
        self.assertEqual(found.search([*everybody, ("is_customer_blocked", "=", False)]), other)

    def test_each_company_blocks_for_itself(self):
        theirs = self.env["res.company"].create({"name": "Theirs"})
        (self.accountant | self.sales).company_ids |= theirs
        self._block(company_id=theirs.id)
        partner = self._as(self.sales, self.partner, allowed_company_ids=self.env.company.ids)
        self.assertFalse(partner.is_customer_blocked)
        partner = self._as(self.sales, self.partner, allowed_company_ids=[self.env.company.id, theirs.id])
        self.assertTrue(partner.is_customer_blocked)
        ours = self._make_lead(company_id=self.env.company.id)
        foreign = self._make_lead(company_id=theirs.id, team_id=False)
        both = [self.env.company.id, theirs.id]
        self.assertFalse(self._as(self.sales, ours, allowed_company_ids=both).customer_warning)
        self.assertEqual(self._as(self.sales, foreign, allowed_company_ids=both).customer_warning, "blocked")
        self.accountant.company_ids -= theirs
        with self.assertRaises(AccessError):
            self._block(partner=self.env["res.partner"].create({"name": "B"}), company_id=theirs.id)

    def test_who_may_not_see_a_customer_does_not_block_it(self):
        theirs = self.env["res.company"].create({"name": "Theirs"})
        foreign = self.env["res.partner"].create({"name": "Foreign", "company_id": theirs.id})
        with self.assertRaises(AccessError):
            self._block(partner=foreign)

    def test_merging_customers_keeps_the_block(self):
        double = self.env["res.partner"].create({"name": "Konex Ltd", "is_company": True})
        self._block(partner=double)
        self._block()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.partner | double).ids, self.partner)
        partner = self._as(self.sales, self.partner)
        self.assertTrue(partner.is_customer_blocked)
        self.assertEqual(len(partner.customer_block_ids), 2)
        self.assertEqual(len(partner.customer_block_ids.filtered("date_released")), 1)

    def test_the_dialog_of_the_customers_form_blocks(self):
        action = self.contact.with_user(self.accountant).action_block_customer()
        form = Form(
            self.env["crm.customer.block"].with_user(self.accountant).with_context(**action["context"]),
            view=action["views"][0][0],
        )
        form.reason = "No answer"
        self.assertEqual(form.save().partner_id, self.partner)
        self.contact.with_user(self.accountant).action_release_customer()
        self.assertFalse(self._as(self.sales, self.partner).is_customer_blocked)


@tagged("post_install", "-at_install")
class TestOverdue(AccountingCase):
    """What is overdue, and who is told how much."""

    def _overdue(self, user=None, partner=None, **context):
        return self._as(user or self.accountant, partner or self.partner, **context)

    def test_what_counts_as_overdue(self):
        cases = [
            ("due yesterday", {"due": -1}, 100),
            ("due today", {"due": 0}, 0),
            ("not due yet", {"due": 10}, 0),
            ("a draft", {"due": -5, "post": False}, 0),
            ("a credit note", {"due": -5, "move_type": "out_refund"}, 0),
            ("a vendor's bill", {"due": -5, "move_type": "in_invoice"}, 0),
        ]
        for name, values, amount in cases:
            partner = self.env["res.partner"].create({"name": name, "is_company": True})
            self._invoice(partner, **values)
            with self.subTest(name):
                self.assertEqual(self._overdue(partner=partner).overdue_amount, amount)
                self.assertEqual(self._overdue(self.sales, partner).has_overdue_invoices, bool(amount))

    def test_what_was_paid_is_not_overdue(self):
        invoice = self._invoice()
        self._invoice(amount=30)
        self.assertEqual(self._overdue().overdue_amount, 130)
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        wizard.create({})._create_payments()
        self.assertEqual(self._overdue().overdue_amount, 30)

    def test_of_an_invoice_in_instalments_what_is_due(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "30 days, 365 days",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 40, "nb_days": 30}),
                    (0, 0, {"value": "percent", "value_amount": 60, "nb_days": 365}),
                ],
            }
        )
        self._invoice(invoice_payment_term_id=term.id)
        self.assertEqual(self._overdue().overdue_amount, 40)

    def test_a_contacts_invoice_is_the_companys(self):
        self._invoice(self.contact)
        self.assertEqual(self._overdue().overdue_amount, 100)
        self.assertTrue(self._overdue(self.sales, self.contact).has_overdue_invoices)

    def test_sales_is_told_that_and_not_how_much(self):
        self._invoice()
        self.assertTrue(self._overdue(self.sales).has_overdue_invoices)
        with self.assertRaises(AccessError):
            self._overdue(self.sales).read(["overdue_amount"])
        lead = self._as(self.sales, self._make_lead())
        self.assertEqual(lead.customer_warning, "overdue")
        self.assertNotIn("100", lead.customer_warning_text)

    def test_a_hundred_customers_cost_the_same_as_one(self):
        partners = self.env["res.partner"].create([{"name": f"C{n}", "is_company": True} for n in range(100)])
        for partner in partners[:3]:
            self._invoice(partner)
            self._block(partner)
        self._as(self.sales, partners).mapped("has_overdue_invoices")
        for some in (partners[:1], partners):
            mine = self._as(self.sales, some)
            mine.mapped("commercial_partner_id.name")
            with self.assertQueryCount(3):  # the currency is the third
                mine.mapped("has_overdue_invoices")
                mine.mapped("is_customer_blocked")


@tagged("post_install", "-at_install")
class TestCustomerWarning(AccountingCase):
    """Sales is warned on project, card and quotation, before the offer is made."""

    def test_a_block_comes_before_what_is_overdue(self):
        lead = self._make_lead(partner_id=self.contact.id)
        self.assertFalse(self._as(self.sales, lead).customer_warning)
        self._invoice()
        self.assertEqual(self._as(self.sales, lead).customer_warning, "overdue")
        block = self._block()
        lead = self._as(self.sales, lead)
        self.assertEqual(lead.customer_warning, "blocked")
        self.assertIn("Three reminders", lead.customer_warning_text)
        block.action_release()
        self.assertEqual(self._as(self.sales, lead).customer_warning, "overdue")

    def test_a_project_without_customer_has_no_warning(self):
        self._block()
        lead = self._make_lead(partner_id=False)
        self.assertFalse(self._as(self.sales, lead).customer_warning_text)

    def test_the_quotation_says_it_where_odoo_warns(self):
        self._block()
        order = self.env["sale.order"].create({"partner_id": self.contact.id, "user_id": self.sales.id})
        self.assertIn("Three reminders", self._as(self.sales, order).partner_credit_warning)
        form = Form(self.env["sale.order"].with_user(self.sales))
        self.assertFalse(form.partner_credit_warning)
        form.partner_id = self.partner
        self.assertIn("Three reminders", form.partner_credit_warning)
        order.action_confirm()
        self.assertFalse(self._as(self.sales, order).partner_credit_warning)

    def test_a_page_of_cards_costs_two_queries_more(self):
        partners = self.env["res.partner"].create([{"name": f"C{n}", "is_company": True} for n in range(40)])
        leads = self.env["crm.lead"].concat(*(self._make_lead(partner_id=partner.id) for partner in partners))
        self._block(partners[3])
        self._as(self.sales, leads).mapped("customer_warning")
        for some in (leads[:1], leads):
            mine = self._as(self.sales, some)
            mine.mapped("partner_id.commercial_partner_id.name")
            mine.mapped("company_id")
            with self.assertQueryCount(2):
                mine.mapped("customer_warning")
