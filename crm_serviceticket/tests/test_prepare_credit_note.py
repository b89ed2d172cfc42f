from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_prepare_order import PrepareCase


@tagged("post_install", "-at_install")
class TestPrepareCreditNote(PrepareCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wheel, cls.trolley = cls._make_product("Wheel", 10), cls._make_product("Trolley", 100)
        cls.tax = cls.env["account.tax"].create(
            {"name": "21 % incl.", "amount": 21, "price_include_override": "tax_included", "type_tax_use": "sale"}
        )

    def _lines(self, *rows):
        """Lines of an invoice: (product, quantity, price, more)."""
        return [
            Command.create(
                {"product_id": product.id, "quantity": quantity, "price_unit": price, "tax_ids": [Command.clear()]}
                | (more[0] if more else {})
            )
            for product, quantity, price, *more in rows
        ]

    def _bill(self, *rows, **values):
        defaults = {"invoice_line_ids": self._lines(*rows), "invoice_user_id": self.sales.id}
        return self._make_invoice(product=self.wheel, **{**defaults, **values})

    def _make_return(self, invoice, user=None, **values):
        ticket = self._make_ticket(
            **{"measure_id": self.return_.id, "invoice_id": invoice.id, "user_id": self.sales.id, **values}
        )
        return self._as(user or self.sales, ticket)

    def _told(self, note):
        lines = note.invoice_line_ids.sorted(lambda line: (line.sequence, line.id))
        return [(line.name, line.quantity) if line.display_type != "product" else line.quantity for line in lines]

    def test_odoos_wizard_makes_a_draft_of_the_chosen_lines_linked_both_ways(self):
        invoice = self._bill((self.trolley, 2, 100), (self.wheel, 8, 10, {"discount": 10}))
        ticket = self._make_return(invoice, product_id=self.wheel.id)
        wizard = self._open(ticket)
        self.assertEqual(wizard.line_ids.mapped("quantity_left"), [2, 8])
        self.assertEqual(wizard.line_ids.mapped("quantity"), [0, 8])
        self.assertEqual(wizard.line_ids.mapped("price"), [100, 9])
        wizard.line_ids[1].quantity = 3
        action = wizard.action_prepare()
        note = ticket.sudo().credit_note_ids
        self.assertEqual(action["res_id"], note.id)
        self.assertEqual(ticket.prepared_name, note.display_name)
        self.assertEqual((note.state, note.move_type, note.amount_total), ("draft", "out_refund", 27))
        self.assertEqual(note.reversed_entry_id, invoice)
        self.assertEqual(note.ticket_id, ticket)
        self.assertIn(ticket.number, note.ref)
        self.assertEqual(note.invoice_line_ids.discount, 10)
        self.assertEqual(invoice.payment_state, "not_paid", "Nothing is posted nor reconciled")
        note.action_post()
        self.assertEqual(invoice.amount_residual, invoice.amount_total - 27)

    def test_not_more_is_credited_than_was_invoiced_and_not_credited_before(self):
        invoice = self._bill((self.wheel, 8, 10), (self.wheel, 4, 10))
        first = self._prepare(self._make_return(invoice), 5)
        self.assertEqual(self._told(first), [5])
        ticket = self._make_return(invoice)
        wizard = self._open(ticket)
        self.assertEqual(wizard.line_ids.mapped("quantity_left"), [3, 4], "Drafts count, line by line")
        wizard.line_ids[0].quantity = 3.5
        with self.assertRaisesRegex(UserError, "3 left to credit"):
            wizard.action_prepare()
        wizard.line_ids[0].quantity = 3
        wizard.line_ids[1].quantity = 4
        wizard.action_prepare()
        with self.assertRaisesRegex(UserError, "has been credited already"):
            self._make_return(invoice).action_prepare()
        first.button_cancel()
        self.assertEqual(self._open(self._make_return(invoice)).line_ids.mapped("quantity_left"), [5])

    def test_what_accounting_credited_by_itself_counts(self):
        invoice = self._bill((self.trolley, 2, 100), (self.wheel, 8, 10), (self.wheel, 4, 9))
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        wizard = wizard.create({"journal_id": invoice.journal_id.id})
        wizard.reverse_moves()
        note = wizard.new_move_ids
        note.invoice_line_ids[0].unlink()
        note.invoice_line_ids[0].quantity = 3
        note.invoice_line_ids[1].unlink()
        self.assertEqual(list(invoice._get_creditable().values()), [2, 5, 4])
        # one from before, which does not say what it credits: by product and price
        note.invoice_line_ids.credited_line_id = False
        note.invoice_line_ids.price_unit = 9
        self.assertEqual(list(invoice._get_creditable().values()), [2, 8, 1])
        note.invoice_line_ids.quantity = 6
        left = list(invoice._get_creditable().values())
        self.assertEqual(left, [2, 6.2, 0], "What is more is taken off the others, by what it is worth")

    def _credit(self, invoice, *rows, linked=True):
        """A credit note as accounting makes it with Odoo's wizard: all, or with (line, quantity, price) changed."""
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        wizard = wizard.create({"journal_id": invoice.journal_id.id})
        wizard.reverse_moves()
        note = wizard.new_move_ids
        lines = note.invoice_line_ids.sorted(lambda line: (line.sequence, line.id))
        for number, quantity, price in rows:
            lines[number].write({"quantity": quantity, "price_unit": price})
        if rows:
            (lines - lines.browse(lines[number].id for number, *_more in rows)).unlink()
        if not linked:
            note.invoice_line_ids.credited_line_id = False
        return note

    def _left(self, invoice):
        return list(invoice._get_creditable().values())

    def test_what_an_invoice_takes_off_is_not_credited(self):
        rows = (self.wheel, 5, 10), (self.wheel, -1, 10)
        for linked in (True, False):
            with self.subTest(linked=linked):
                invoice = self._bill(*rows)
                self.assertEqual(self._left(invoice), [4])
                note = self._credit(invoice, linked=linked)
                self.assertEqual(note.amount_total, 40)
                self.assertEqual(self._left(invoice), [0])
        invoice = self._bill(*rows)
        self.assertEqual(self._credit(invoice, (0, 3, 10)).amount_total, 30)
        self.assertEqual(self._left(invoice), [1])
        invoice = self._bill(*rows)
        ticket = self._make_return(invoice, product_id=self.wheel.id)
        wizard = self._open(ticket)
        self.assertEqual(wizard.line_ids.quantity, 4)
        wizard.action_prepare()
        self.assertEqual(ticket.sudo().credit_note_ids.amount_total, 40)

    def test_a_line_without_a_product_is_known_by_its_text_and_account(self):
        product = self.env["product.product"]
        rows = (product, 2, 30, {"name": "Work"}), (product, 3, 30, {"name": "Travel"})
        for linked in (True, False):
            with self.subTest(linked=linked):
                invoice = self._bill(*rows)
                self._credit(invoice, (1, 1, 30), linked=linked)
                self.assertEqual(self._left(invoice), [2, 2])
        self._credit(invoice, (0, 2, 30), linked=False)
        self.assertEqual(self._left(invoice), [0, 2])

    def test_a_reduction_of_the_price_counts_by_what_it_is_worth(self):
        for quantity, price, left in ((1, 90, 1), (10, 1, 9), (1, 10, 9), (4, 10, 6), (1, 95, 0.5), (10, 10, 0)):
            for linked in (True, False):
                with self.subTest(quantity=quantity, price=price, linked=linked):
                    invoice = self._bill((self.wheel, 10, 10))
                    self._credit(invoice, (0, quantity, price), linked=linked)
                    self.assertEqual(self._left(invoice), [left])
                    if left:
                        note = self._prepare(self._make_return(invoice), left)
                        self.assertEqual(note.amount_total, 100 - quantity * price)

    def test_no_note_is_above_what_is_left_of_the_invoice(self):
        product = self.env["product.product"]
        invoice = self._bill((self.wheel, 10, 10), (product, 1, -30, {"name": "Discount"}))
        self.assertEqual(self._left(invoice), [10], "A discount is not credited by itself")
        ticket = self._make_return(invoice)
        with self.assertRaisesRegex(UserError, r"70\.00.* left to credit.*100\.00"), self.env.cr.savepoint():
            self._prepare(ticket, 10)
        self.assertEqual(self._prepare(ticket, 5).amount_total, 50)
        with self.assertRaisesRegex(UserError, r"20\.00.* left to credit.*30\.00"), self.env.cr.savepoint():
            self._prepare(self._make_return(invoice), 3)
        self.assertEqual(self._prepare(self._make_return(invoice), 2).amount_total, 20)
        with self.assertRaisesRegex(UserError, "credited already"):
            self._make_return(invoice).action_prepare()

    def test_a_cent_of_rounding_in_each_note_does_not_keep_the_last_piece(self):
        tax = self.tax.copy({"name": "21 % excl.", "price_include_override": "tax_excluded"})
        invoice = self._bill((self.wheel, 5, 0.13, {"tax_ids": [Command.set(tax.ids)]}))
        notes = [self._prepare(self._make_return(invoice), 1) for _number in range(5)]
        self.assertGreater(sum(note.amount_total for note in notes), invoice.amount_total)
        self.assertEqual(self._left(invoice), [0])

    def test_taxes_are_those_of_the_invoice_and_rounded_as_odoo_does(self):
        invoice = self._bill(
            (self.wheel, 3, 9.99, {"tax_ids": [Command.set(self.tax.ids)]}),
            (self.trolley, 1, 33.33, {"tax_ids": [Command.set(self.tax.ids)]}),
        )
        note = self._prepare(self._make_return(invoice), 1)
        self.assertEqual((note.amount_total, note.amount_untaxed, note.amount_tax), (9.99, 8.26, 1.73))
        self.assertEqual(note.invoice_line_ids.tax_ids, self.tax)
        whole = self._prepare(
            self._make_return(self._bill((self.wheel, 3, 9.99, {"tax_ids": [Command.set(self.tax.ids)]}))), 3
        )
        self.assertEqual(whole.amount_total, whole.reversed_entry_id.amount_total)
        self.assertEqual(whole.amount_tax, whole.reversed_entry_id.amount_tax)

    def test_in_foreign_currency_it_is_in_that_of_the_invoice(self):
        currency = self.env["res.currency"].create(
            {"name": "XTC", "symbol": "X", "rate_ids": [Command.create({"name": "2020-01-01", "rate": 4})]}
        )
        invoice = self._bill((self.wheel, 8, 10), currency_id=currency.id)
        note = self._prepare(self._make_return(invoice), 2)
        self.assertEqual((note.currency_id, note.amount_total), (currency, 20))
        self.assertEqual(abs(note.amount_total_signed), 5)

    def test_headings_and_remarks_stay_with_what_they_are_about(self):
        def text(kind, name):
            return Command.create({"display_type": kind, "name": name})

        lines = [
            text("line_section", "Fleet"),
            *self._lines((self.trolley, 2, 100)),
            text("line_note", "Red"),
            text("line_section", "Parts"),
            text("line_subsection", "Wheels"),
            *self._lines((self.wheel, 8, 10)),
            text("line_note", "Rubber"),
            text("line_subsection", "Others"),
            *self._lines((self.trolley, 1, 5)),
        ]
        for number, line in enumerate(lines):
            line[2]["sequence"] = number + 1
        invoice = self._bill(invoice_line_ids=lines)
        note = self._prepare(self._make_return(invoice), 0, 3)
        self.assertEqual(self._told(note), [("Parts", 0), ("Wheels", 0), 3, ("Rubber", 0)])
        self.assertEqual(note.amount_total, 30)

    def test_a_down_payment_that_was_deducted_is_not_given_back_with_the_goods(self):
        order = self._make_order(self.trolley, 2, user_id=self.sales.id)
        order.order_line.tax_ids = False
        order.order_line.qty_delivered = 2
        self.env["sale.advance.payment.inv"].with_context(active_ids=order.ids, active_model="sale.order").create(
            {"advance_payment_method": "fixed", "fixed_amount": 60, "sale_order_ids": [Command.set(order.ids)]}
        ).create_invoices()
        down = order.invoice_ids
        down.action_post()
        final = order._create_invoices(final=True)
        final.action_post()
        self.assertEqual(final.amount_total, 140)
        (down | final).invoice_user_id = self.sales
        ticket = self._make_return(final)
        note = self._prepare(ticket, 1)
        self.assertEqual(note.amount_total, 100)
        self.assertEqual(order.order_line[0].qty_invoiced, 1, "The order knows")
        whole = self._prepare(self._make_return(down), 1)
        self.assertEqual(whole.amount_total, 60, "That of the down payment itself can be credited")

    def test_it_is_made_once_and_again_when_it_was_cancelled_or_deleted(self):
        invoice = self._bill((self.wheel, 8, 10))
        ticket = self._make_return(invoice)
        first, second = self._open(ticket), self._open(ticket)
        for wizard in (first, second):
            wizard.line_ids.quantity = 1
            self.assertEqual(wizard.action_prepare()["res_id"], ticket.sudo().credit_note_ids.id)
        note = ticket.sudo().credit_note_ids
        self.assertEqual(len(note), 1)
        self.assertEqual(ticket.action_prepare()["res_id"], note.id)
        note.button_cancel()
        self.assertFalse(ticket.prepared_name)
        again = self._prepare(ticket, 2)
        self.assertNotEqual(again, note)
        again.unlink()
        self.assertTrue(self._prepare(ticket, 3))

    def test_who_may_not_see_the_invoice_is_told_whom_to_ask(self):
        invoice = self._bill((self.wheel, 8, 10), invoice_user_id=self.other.id)
        for user in (self.sales, self.service):
            with self.subTest(user.login), self.assertRaisesRegex(UserError, "Ask accounting.*cast_other"):
                self._make_return(invoice, user, user_id=user.id).action_prepare()

    def test_a_salesperson_prepares_though_odoo_lets_accountants_alone_make_credit_notes(self):
        invoice = self._bill((self.wheel, 8, 10))
        self.assertFalse(self.env["account.move"].with_user(self.sales).has_access("create"))
        note = self._prepare(self._make_return(invoice), 1)
        self.assertEqual(note.state, "draft")
        self.assertTrue(note.with_user(self.sales).has_access("read"))
        self.assertFalse(note.with_user(self.sales).has_access("write"))
        self.assertEqual(self._as(self.accountant, note).crm_ticket_count, 1)
        action = self._as(self.accountant, note).action_open_crm_tickets()
        self.assertEqual(action["res_id"], note.ticket_id.id)

    def test_without_a_posted_invoice_it_says_what_to_do(self):
        draft = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.customer.id, "invoice_user_id": self.sales.id}
        )
        for invoice, message in ((draft.browse(), "which invoice"), (draft, "not posted")):
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                self._make_return(invoice).action_prepare()

    def test_what_a_dialogue_is_told_by_program_is_checked(self):
        ticket = self._make_return(self._bill((self.wheel, 8, 10)))
        foreign = self._bill((self.wheel, 80, 10), invoice_user_id=self.other.id)
        wizard = self._open(ticket)
        wizard.line_ids.sudo().move_line_id = foreign.invoice_line_ids.id
        wizard.line_ids.quantity = 1
        with self.assertRaisesRegex(UserError, "not on the invoice"):
            wizard.action_prepare()
        wizard.line_ids.sudo().move_line_id = False
        with self.assertRaisesRegex(UserError, "Only lines of the invoice"):
            wizard.action_prepare()

    def test_nobody_sets_by_hand_what_a_line_credits(self):
        invoice, foreign = self._bill((self.wheel, 8, 10)), self._bill((self.wheel, 80, 10))
        theirs = self._as(self.accountant, invoice)
        wizard = self.env["account.move.reversal"].with_user(self.accountant)
        wizard = wizard.with_context(active_model="account.move", active_ids=invoice.ids)
        wizard = wizard.create({"journal_id": invoice.journal_id.id})
        wizard.reverse_moves()
        line = wizard.new_move_ids.invoice_line_ids
        self.assertEqual(
            line.credited_line_id, invoice.invoice_line_ids, "Odoo's own wizard sets it, for accountants too"
        )
        with self.assertRaisesRegex(UserError, "by hand"):
            line.credited_line_id = foreign.invoice_line_ids
        values = {"name": "Foreign", "price_unit": 1, "credited_line_id": foreign.invoice_line_ids.id}
        wizard.new_move_ids.invoice_line_ids = [Command.create(values)]
        self.assertFalse((wizard.new_move_ids.invoice_line_ids - line).credited_line_id)
        context = {"default_credited_line_id": foreign.invoice_line_ids.id}
        note = theirs.with_context(**context).create(
            {
                "move_type": "out_refund",
                "partner_id": self.customer.id,
                "invoice_line_ids": [Command.create({"name": "By default", "price_unit": 1})],
            }
        )
        self.assertFalse(note.line_ids.credited_line_id)

    def test_a_closed_period_does_not_hinder_a_draft_of_today(self):
        invoice = self._bill((self.wheel, 8, 10), invoice_date="2026-01-10")
        invoice.company_id.fiscalyear_lock_date = "2026-01-31"
        note = self._prepare(self._make_return(invoice), 1)
        self.assertEqual(note.date, fields.Date.context_today(note))
