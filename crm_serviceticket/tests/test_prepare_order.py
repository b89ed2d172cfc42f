from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import TicketCase


class PrepareCase(TicketCase):
    """Tickets whose measure prepares something, and what is entered in the dialogue."""

    def _open(self, ticket):
        """The dialogue as the user of the ticket gets it."""
        action = ticket.action_prepare()
        self.assertEqual(action["res_model"], "crm.ticket.prepare")
        return ticket.env["crm.ticket.prepare"].browse(action["res_id"])

    def _prepare(self, ticket, *quantities):
        """Enter quantities in the lines, in their order, and press the button.

        :return: what was prepared, in sudo
        """
        wizard = self._open(ticket)
        for line, quantity in zip(wizard.line_ids, quantities, strict=False):
            line.quantity = quantity
        wizard.action_prepare()
        return ticket.sudo()._find_prepared(ticket.ticket_prepares)


@tagged("post_install", "-at_install")
class TestPrepareOrder(PrepareCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wheel, cls.trolley = cls._make_product("Wheel", 10), cls._make_product("Trolley", 100)
        lines = [
            Command.create({"display_type": "line_section", "name": "Fleet"}),
            Command.create({"product_id": cls.trolley.id, "product_uom_qty": 2, "name": "Trolley, red"}),
            Command.create({"product_id": cls.wheel.id, "product_uom_qty": 8}),
        ]
        cls.order = cls._make_order(order_line=lines, user_id=cls.sales.id, client_order_ref="PO 7")

    def _make_exchange(self, user=None, **values):
        defaults = {"measure_id": self.exchange.id, "sale_order_id": self.order.id, "user_id": self.sales.id}
        ticket = self._make_ticket(**{**defaults, **values})
        return self._as(user or self.sales, ticket)

    def test_the_lines_of_the_order_are_offered_and_what_the_complaint_is_about_is_filled_in(self):
        wizard = self._open(self._make_exchange(product_id=self.wheel.id))
        self.assertEqual(wizard.about, self.order.name)
        self.assertEqual(wizard.line_ids.mapped("quantity_ordered"), [2, 8])
        self.assertEqual(wizard.line_ids.mapped("quantity"), [0, 8])
        self.assertEqual(self._open(self._make_exchange()).line_ids.mapped("quantity"), [0, 0])

    def test_it_makes_a_draft_at_price_0_of_the_same_customer_linked_both_ways(self):
        ticket = self._make_exchange()
        order = self._prepare(ticket, 1)
        self.assertEqual((order.state, order.amount_total), ("draft", 0))
        self.assertEqual(order.partner_id, self.order.partner_id)
        self.assertEqual(order.pricelist_id, self.order.pricelist_id)
        self.assertEqual(order.currency_id, self.order.currency_id)
        self.assertEqual(order.company_id, ticket.company_id)
        self.assertEqual(order.origin, f"{ticket.number}, {self.order.name}")
        self.assertEqual(order.client_order_ref, "PO 7")
        [line] = order.order_line
        self.assertEqual((line.product_id, line.product_uom_qty, line.name), (self.trolley, 1, "Trolley, red"))
        self.assertEqual(order.ticket_id, ticket)
        self.assertEqual(ticket.sudo().replacement_order_ids, order)
        self.assertIn(order.name, ticket.prepared_name)
        self.assertIn(ticket.number, order.message_ids[0].body)
        self.assertIn(order.name, ticket.sudo().message_ids[0].body)

    def test_the_price_stays_0_whatever_changes(self):
        order = self._prepare(self._make_exchange(), 1, 3)
        pricelist = self.env["product.pricelist"].create(
            {"name": "Dear", "item_ids": [Command.create({"compute_price": "fixed", "fixed_price": 55})]}
        )
        with Form(order) as form, form.order_line.edit(0) as line:
            line.product_uom_qty = 5
        order.pricelist_id = pricelist
        order.action_update_prices()
        order.order_line[0].product_uom_qty = 7
        order.order_line[1].product_id = self._make_product("Better wheel", 20)
        self.assertEqual(order.order_line.mapped("price_unit"), [0, 0])
        self.assertEqual(order.amount_total, 0)
        order.action_confirm()
        self.assertEqual(order.amount_total, 0)

    def test_what_sales_adds_costs_what_it_costs(self):
        order = self._prepare(self._make_exchange(), 1)
        order.order_line = [Command.create({"product_id": self.wheel.id, "product_uom_qty": 2})]
        self.assertEqual(order.amount_untaxed, 20)
        order.order_line[0].price_unit = 12
        order.order_line[0].product_uom_qty = 2
        self.assertEqual(order.order_line[0].price_unit, 12, "A price that somebody types stays")

    def test_a_copy_is_an_order_like_any_other(self):
        copy = self._prepare(self._make_exchange(), 1).copy()
        self.assertFalse(copy.ticket_id)
        copy.action_update_prices()
        self.assertEqual(copy.amount_untaxed, 100)

    def test_without_an_order_it_is_the_product_of_the_ticket_or_what_one_chooses(self):
        order = self._prepare(self._make_exchange(sale_order_id=False, product_id=self.wheel.id))
        self.assertEqual(order.order_line.product_id, self.wheel)
        wizard = self._open(self._make_exchange(sale_order_id=False))
        self.assertFalse(wizard.line_ids)
        view = "crm_serviceticket.crm_ticket_prepare_view_form_order"
        with Form(wizard, view=view) as form, form.line_ids.new() as line:
            line.product_id = self.trolley
        wizard.action_prepare()
        order = wizard.sudo().ticket_id.replacement_order_ids
        self.assertEqual((order.order_line.product_id, order.amount_total), (self.trolley, 0))

    def test_neither_down_payments_nor_discounts_nor_headings_are_offered(self):
        self.order.order_line = [
            Command.create({"product_id": self.wheel.id, "is_downpayment": True, "product_uom_qty": 1}),
            Command.create({"display_type": "line_note", "name": "Handle with care"}),
        ]
        self.env["sale.order.discount"].create(
            {"sale_order_id": self.order.id, "discount_type": "amount", "discount_amount": 5}
        ).action_apply_discount()
        self.assertEqual(self._open(self._make_exchange()).line_ids.product_id, self.trolley | self.wheel)

    def test_it_is_made_once_however_often_it_is_clicked(self):
        ticket = self._make_exchange()
        first, second = self._open(ticket), self._open(ticket)
        for wizard in (first, second, first):
            wizard.line_ids[0].quantity = 1
            action = wizard.action_prepare()
            self.assertEqual(action["res_id"], ticket.sudo().replacement_order_ids.id)
        self.assertEqual(len(ticket.sudo().replacement_order_ids), 1)
        self.assertEqual(ticket.action_prepare()["res_model"], "sale.order")

    def test_cancelled_or_deleted_it_is_prepared_again(self):
        ticket = self._make_exchange()
        first = self._prepare(ticket, 1)
        first.action_cancel()
        second = self._prepare(ticket, 2)
        self.assertNotEqual(first, second)
        # Odoo shows the index's own words
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            first.action_draft()
            self.env.flush_all()
        self.assertIn("Cancel that one first", type(first)._ticket_once.get_error_message(first, None))
        second.unlink()
        self.assertTrue(self._prepare(ticket, 1))

    def test_without_anything_to_go_on_it_says_what_to_do(self):
        table = [
            ({"measure_id": False}, "Decide on a measure"),
            ({"measure_id": self.advice.id}, "prepares nothing"),
            ({"partner_id": False, "contact_id": False, "sale_order_id": False}, "which customer"),
        ]
        for values, message in table:
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                self._make_exchange(**values).action_prepare()
        wizard = self._open(self._make_exchange())
        for quantities, message in (((0, 0), "at least one"), ((-1, 2), "below 0")):
            wizard.line_ids[0].quantity, wizard.line_ids[1].quantity = quantities
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                wizard.action_prepare()

    def test_who_works_on_tickets_alone_prepares_what_sales_goes_on_with(self):
        self.order.user_id = False
        ticket = self._make_exchange(self.service, sale_order_id=False, product_id=self.wheel.id)
        wizard = self._open(ticket)
        action = wizard.action_prepare()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("Sales goes on", action["params"]["message"])
        order = ticket.sudo().replacement_order_ids
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.with_user(self.service).has_access("read"))
        self.assertIn(order.name, ticket.prepared_name)
        with self.assertRaisesRegex(UserError, "may not see the order"):
            self._make_exchange(self.service).action_prepare()

    def test_a_salesperson_can_go_on_with_what_they_prepared(self):
        self.customer.user_id = self.other
        ticket = self._make_exchange()
        order = self._prepare(ticket, 1)
        self.assertTrue(order.with_user(self.sales).has_access("write"))

    def test_who_may_not_change_the_ticket_prepares_nothing(self):
        ticket = self._make_exchange(self.accountant)
        with self.assertRaises(AccessError):
            ticket.action_prepare()
        with self.assertRaises(AccessError):
            ticket._prepare_order([{"product_id": self.wheel.id, "product_uom_qty": 1}])

    def test_another_measure_waits_for_the_draft_to_go(self):
        ticket = self._make_exchange()
        order = self._prepare(ticket, 1)
        for measure in (self.return_, self.advice, self.env["crm.choice"]):
            with self.subTest(measure.name), self.assertRaisesRegex(UserError, order.name):
                ticket.measure_id = measure
        same = self.exchange.copy({"name": "Exchange, small"})
        ticket.measure_id = same
        order.action_confirm()
        ticket.measure_id = self.advice
        self.assertEqual(order.state, "sale")

    def test_a_dialogue_that_was_open_while_the_measure_changed_prepares_nothing(self):
        invoice = self._make_invoice(product=self.trolley, invoice_user_id=self.sales.id)
        ticket = self._make_exchange(invoice_id=invoice.id)
        wizard = self._open(ticket)
        wizard.line_ids[0].quantity = 1
        self._as(self.all_leads, ticket).measure_id = self.return_
        note = self._prepare(ticket, 1)
        self.assertEqual(note._name, "account.move")
        for kind, act in {
            "dialogue": wizard.action_prepare,
            "program": lambda: ticket._prepare_order([{"product_id": self.wheel.id, "product_uom_qty": 1}]),
        }.items():
            with self.subTest(kind), self.assertRaisesRegex(UserError, "another one by now"):
                act()
        self.assertFalse(ticket.sudo().replacement_order_ids)
        note.unlink()
        ticket.measure_id = self.advice
        with self.assertRaisesRegex(UserError, "another one by now"):
            ticket._prepare_credit_note({invoice.invoice_line_ids: 1})

    def test_it_is_replaced_or_credited_and_not_both(self):
        invoice = self._make_invoice(product=self.trolley, invoice_user_id=self.sales.id)
        ticket = self._make_exchange(invoice_id=invoice.id)
        order = self._prepare(ticket, 1)
        order.action_confirm()
        ticket.measure_id = self.return_
        for kind, act in {
            "dialogue": ticket.action_prepare,
            "program": lambda: ticket._prepare_credit_note({invoice.invoice_line_ids: 1}),
        }.items():
            with self.subTest(kind), self.assertRaisesRegex(UserError, order.name):
                act()
        order._action_cancel()
        note = self._prepare(ticket, 1)
        note.action_post()
        ticket.measure_id = self.exchange
        with self.assertRaisesRegex(UserError, note.name):
            ticket.action_prepare()

    def test_managers_say_what_a_measure_prepares(self):
        lists = self.env.ref("crm_serviceticket.crm_choice_list_ticket_measure")
        choices = self.env["crm.choice"].with_user(self.ticket_manager)
        if not choices.has_access("create"):
            choices = self.env["crm.choice"].with_user(self.manager)
        measure = choices.create({"name": "Goodwill", "list_id": lists.id, "ticket_prepares": "order"})
        ticket = self._make_exchange(measure_id=measure.id)
        self.assertTrue(self._prepare(ticket, 1))

    def test_what_a_dialogue_is_told_by_program_is_checked(self):
        secret = self._make_order(user_id=self.other.id).order_line
        ticket = self._make_exchange()
        wizard = self._open(ticket)
        wizard.line_ids[0].sudo().write({"sale_line_id": secret.id, "quantity": 1})
        wizard.line_ids[1].quantity = 0
        wizard.action_prepare()
        line = ticket.sudo().replacement_order_ids.order_line
        self.assertNotEqual(line.name, "Secret")
        self.assertEqual(line.product_id, self.trolley)
        with self.assertRaises(AccessError):
            self._as(self.other, wizard).action_prepare()

    def test_nobody_points_a_dialogue_at_what_they_may_not_see(self):
        hidden = self._make_ticket(name="Secret", user_id=self.other.id)
        secret = self._make_invoice(product=self.trolley, invoice_user_id=self.other.id).invoice_line_ids[0]
        theirs = self._open(self._make_exchange(self.other, sale_order_id=False, user_id=self.other.id))
        for user in (self.outsider, self.accountant, self.sales, self.service):
            wizards, lines = (
                self._as(user, self.env[name]) for name in ("crm.ticket.prepare", "crm.ticket.prepare.line")
            )
            line = [Command.create({"move_line_id": secret.id})]
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    wizards.create({"ticket_id": hidden.id, "kind": "order", "line_ids": line})
                with self.assertRaises(AccessError):
                    wizards.create([{}])
                with self.assertRaises(AccessError):
                    lines.create({"prepare_id": theirs.id, "product_id": self.wheel.id})
        wizard = self._open(self._make_exchange())
        table = [
            (wizard, {"ticket_id": hidden.id}),
            (wizard, {"kind": "credit_note"}),
            (wizard.line_ids[0], {"move_line_id": secret.id}),
            (wizard.line_ids[0], {"sale_line_id": secret.id}),
            (wizard.line_ids[0], {"prepare_id": theirs.id}),
        ]
        for record, values in table:
            [name] = values
            with self.subTest(name), self.assertRaises(AccessError):
                record.write(values)
            if name != "prepare_id":
                with self.subTest(f"{name} in a form"), self.assertRaises(AccessError):
                    record.browse().onchange(values, [name], {name: {"fields": {"display_name": {}}}})
        with self.assertRaises(AccessError):
            wizard.write({"line_ids": [Command.create({"move_line_id": secret.id})]})
        wizard.write({"line_ids": [Command.create({"product_id": self.wheel.id, "quantity": 1})]})

    def test_nobody_sets_by_hand_what_was_prepared_for_a_ticket_nor_reads_its_subject_there(self):
        hidden = self._make_exchange(self.env.user, name="Secret", user_id=self.other.id)
        order = self._as(self.sales, self.order)
        invoice = self._as(self.accountant, self._make_invoice(product=self.trolley))
        number = {"ticket_id": hidden.id}
        spec = {"ticket_id": {"fields": {"display_name": {}}}}
        values = {"partner_id": self.customer.id}
        table = {
            "written": lambda record: record.write(number),
            "made": lambda record: record.create(values | number),
            "by default": lambda record: record.with_context(default_ticket_id=hidden.id).create(values),
            "in a form": lambda record: record.browse().onchange(number, ["ticket_id"], spec),
            "read": lambda record: record.read(["ticket_id"]),
            "searched": lambda record: record.search([("ticket_id.name", "=", "Secret")]),
        }
        for record in (order, invoice):
            for name, act in table.items():
                with self.subTest(name, model=record._name), self.assertRaises(AccessError):
                    act(record)
        with self.assertRaises(AccessError):
            order.order_line[1].is_replacement = True
        ticket = self._make_exchange()
        for command in (Command.link(self.order.id), Command.create(values)):
            with self.subTest("from the ticket"), self.assertRaises(AccessError):
                ticket.replacement_order_ids = [command]
        self.order.order_line.qty_delivered = 1
        bill = order.with_context(default_ticket_id=hidden.id, default_is_replacement=True)._create_invoices()
        self.assertFalse(bill.sudo().ticket_id)
        self.assertFalse(hidden._find_prepared("order") or hidden._find_prepared("credit_note"))
        # who prepares is not hindered by it
        self.assertTrue(self._prepare(ticket, 1))
        self.assertTrue(ticket.read() and order.read())

    def test_what_is_prepared_for_another_company_is_its_own(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.sales.company_ids += elsewhere
        ticket = self._make_ticket(
            measure_id=self.exchange.id, company_id=elsewhere.id, product_id=self.wheel.id, user_id=self.sales.id
        )
        order = self._prepare(self._as(self.sales, ticket))
        self.assertEqual((order.company_id, order.currency_id), (elsewhere, elsewhere.currency_id))
