from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import SalesBoardCase

OUTCOMES = ("order", "lost", "cancelled")


@tagged("post_install", "-at_install")
class TestClosing(SalesBoardCase):
    def setUp(self):
        super().setUp()
        self.lead = self._make_lead(stage_id=self.offer.id)
        self.lead.write({"probability": 60, "automated_probability": 10})

    # Closing

    def test_each_outcome_has_its_native_meaning(self):
        cases = {"order": ("won", True), "lost": ("lost", False), "cancelled": ("cancelled", False)}
        for kind, (won_status, active) in cases.items():
            with self.subTest(kind):
                lead = self._close(self._make_lead(), kind)
                self.assertEqual((lead.won_status, lead.active), (won_status, active))
                self.assertEqual(lead.board_column_id, self._column(kind))
                self.assertTrue(lead.date_closed)

    def test_lost_and_cancelled_need_a_reason_whichever_way_they_come_about(self):
        ways = {
            "column": lambda lead: lead.write({"board_column_id": self._column("lost").id}),
            "cancelled column": lambda lead: lead.write({"board_column_id": self._column("cancelled").id}),
            "native action": lambda lead: lead.action_set_lost(),
            "plain write": lambda lead: lead.write({"active": False, "probability": 0}),
            "cancel action": lambda lead: lead.action_set_cancelled(),
            "create": lambda lead: self._make_lead(active=False, probability=0),
            "create in the column": lambda lead: self._make_lead(board_column_id=self._column("lost").id),
            "wizard": lambda lead: self.env["crm.lead.lost"].create({"lead_ids": lead.ids}).action_lost_reason_apply(),
        }
        for name, close in ways.items():
            with self.subTest(name), self.assertRaisesRegex(ValidationError, "Why was"), self.cr.savepoint():
                close(self.lead)
            self.env.invalidate_all()
            self.assertEqual(self.lead.board_column_id.kind, "status")

    def test_the_reason_of_a_lost_project_cannot_be_taken_away(self):
        self._close(self.lead, "lost")
        with self.assertRaisesRegex(ValidationError, "Why was"):
            self.lead.lost_reason_id = False

    def test_a_team_without_a_process_loses_without_a_reason_as_ever(self):
        lead = self._make_native_lead()
        lead.action_set_lost()
        self.assertEqual(lead.won_status, "lost")
        self.assertFalse(lead.board_column_id)

    def test_the_native_buttons_close_the_project_too(self):
        self.lead.action_set_won()
        self.assertEqual((self.lead.board_column_id.kind, self.lead.actual_revenue), ("order", 1000))
        self.lead.action_set_lost(lost_reason_id=self.reason.id)
        self.assertEqual((self.lead.board_column_id.kind, self.lead.actual_revenue), ("lost", 0))

    def test_import_closes_projects_with_their_date_and_value(self):
        result = self.env["crm.lead"].load(
            ["name", "team_id/.id", "board_column_id/.id", "date_closed", "actual_revenue", "lost_reason_id/.id"],
            [
                ["Won", self.team.id, self._column("order").id, "2017-03-01 12:00:00", 4514, False],
                ["Lost", self.team.id, self._column("lost").id, "2017-04-02 12:00:00", 0, self.reason.id],
            ],
        )
        self.assertFalse(result["messages"])
        won, lost = self.env["crm.lead"].browse(result["ids"])
        self.assertEqual((won.actual_revenue, str(won.board_date)), (4514, "2017-03-01"))
        self.assertEqual((lost.won_status, str(lost.board_date)), ("lost", "2017-04-02"))

    # The actual value

    def test_the_actual_value_is_the_one_given_or_the_projected_one(self):
        self.assertEqual(self._close(self._make_lead(), "order").actual_revenue, 1000)
        self.assertEqual(self._close(self._make_lead(), "order", actual_revenue=900).actual_revenue, 900)

    def test_the_actual_value_follows_the_orders(self):
        self._close(self.lead, "order", actual_revenue=900)
        product = self.env["product.product"].create({"name": "GTX", "list_price": 700, "taxes_id": False})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "opportunity_id": self.lead.id,
                "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 1, "price_unit": 700})],
            }
        )
        self.assertEqual(self.lead.actual_revenue, 900, "an offer is no order yet")
        order.action_confirm()
        self.assertEqual(self.lead.actual_revenue, 700)
        order.order_line.price_unit = 750
        self.assertEqual(self.lead.actual_revenue, 750)
        self.lead.actual_revenue = 800
        self.lead.name = "Renamed"
        self.assertEqual(self.lead.actual_revenue, 800, "typed by hand, and no order has changed")

    def test_an_order_confirmed_before_the_project_is_closed_fills_the_actual_value(self):
        product = self.env["product.product"].create({"name": "GTX", "list_price": 700, "taxes_id": False})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "opportunity_id": self.lead.id,
                "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 1, "price_unit": 700})],
            }
        )
        order.action_confirm()
        self.assertEqual(self.lead.actual_revenue, 0)
        wizard = self.env["crm.lead.order"].create({"lead_id": self.lead.id})
        self.assertEqual(wizard.actual_revenue, 700)
        wizard.action_apply()
        self.assertEqual(self.lead.actual_revenue, 700)

    def _make_order(self, amount, **values):
        product = self.env["product.product"].create({"name": "GTX", "list_price": amount, "taxes_id": False})
        line = {"product_id": product.id, "product_uom_qty": 1, "price_unit": amount}
        return self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "opportunity_id": self.lead.id,
                "order_line": [Command.create(line)],
                **values,
            }
        )

    def test_a_value_written_stays_until_the_confirmed_orders_change(self):
        first = self._make_order(700)
        first.action_confirm()
        self._close(self.lead, "order", actual_revenue=650)
        steps = {
            "an offer is made": (lambda: self._make_order(99), 650),
            "the projected value changes": (lambda: self.lead.write({"expected_revenue": 5000}), 650),
            "a second order is confirmed": (lambda: self._make_order(300).action_confirm(), 1000),
            "zero is written": (lambda: self.lead.write({"actual_revenue": 0}), 0),
            "another offer is made": (lambda: self._make_order(98), 0),
            "the first order is cancelled": (lambda: first._action_cancel(), 300),
            "and so are the others": (lambda: self.lead.order_ids._action_cancel(), 5000),
        }
        for name, (step, value) in steps.items():
            with self.subTest(name):
                step()
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertEqual(self.lead.actual_revenue, value)

    def test_an_order_in_another_currency_counts_at_its_own_date(self):
        currency = self.env["res.currency"].create({"name": "XGT", "symbol": "G"})
        self.env["res.currency.rate"].create(
            [
                {"currency_id": currency.id, "name": day, "rate": rate}
                for day, rate in (("2026-01-01", 2), ("2026-03-01", 4))
            ]
        )
        pricelist = self.env["product.pricelist"].create({"name": "G", "currency_id": currency.id})
        order = self._make_order(800, pricelist_id=pricelist.id)
        order.action_confirm()
        order.date_order = "2026-02-01 12:00:00"
        self._close(self.lead, "order")
        self.assertEqual(self.lead.actual_revenue, 400)

    def test_a_colleagues_order_counts_too(self):
        self._make_order(700, user_id=self.other.id).action_confirm()
        self._close(self.lead.with_user(self.sales), "order")
        self.assertEqual(self.lead.actual_revenue, 700)

    # The closing date

    def test_a_salesperson_closes_now_whichever_way(self):
        ways = {
            "column": lambda lead: self._close(lead, "order"),
            "button": lambda lead: lead.action_set_won(),
            "status bar": lambda lead: lead.write({"stage_id": self.order.id}),
            "lost": lambda lead: self._close(lead, "lost"),
            "cancelled": lambda lead: self._close(lead, "cancelled"),
        }
        for name, close in ways.items():
            with self.subTest(name):
                lead = self._make_lead(stage_id=self.offer.id).with_user(self.sales)
                close(lead)
                self.assertAlmostEqual(lead.date_closed, datetime.now(), delta=timedelta(minutes=1))
        won = (
            self.env["crm.lead"]
            .with_user(self.sales)
            .create({"name": "Won", "stage_id": self.order.id, "team_id": self.team.id})
        )
        self.assertTrue(won.won_status == "won" and won.date_closed)

    def test_a_manager_says_when_a_project_was_closed_together_with_closing_it(self):
        day = datetime(2026, 3, 15, 12)
        for kind in OUTCOMES:
            with self.subTest(kind):
                lead = self._close(self._make_lead().with_user(self.manager), kind, date_closed=day)
                self.assertEqual((lead.date_closed, str(lead.board_date)), (day, "2026-03-15"))

    def test_a_manager_moves_a_deal_to_the_month_it_was_won_in(self):
        self._close(self.lead, "order")
        self.lead.with_user(self.manager).date_closed = "2026-03-31 12:00:00"
        self.assertEqual(str(self.lead.board_date), "2026-03-31")

    def test_a_salesperson_does_not_set_the_closing_date(self):
        lead = self.lead.with_user(self.sales)
        with self.assertRaisesRegex(AccessError, "sales manager"):
            self._close(lead, "order", date_closed="2026-03-15 12:00:00")
        with self.assertRaisesRegex(AccessError, "sales manager"):
            lead.date_closed = "2026-03-15 12:00:00"
        with self.assertRaisesRegex(AccessError, "sales manager"):
            self.env["crm.lead"].with_user(self.sales).create(
                {"name": "Late", "team_id": self.team.id, "date_closed": "2026-03-15 12:00:00"}
            )

    # Cancelled

    def test_a_cancelled_project_counts_neither_as_won_nor_as_lost(self):
        Frequency = self.env["crm.lead.scoring.frequency"]

        def counts():
            self.env.flush_all()
            rows = Frequency.search([("team_id", "=", self.team.id)])
            return sum(rows.mapped("won_count")), sum(rows.mapped("lost_count"))

        before = counts()
        self._close(self.lead, "cancelled")
        self.assertEqual(counts(), before)
        everything = self.env["crm.lead"].with_context(active_test=False)
        for status in ("won", "lost"):
            self.assertNotIn(self.lead, everything.search([("won_status", "=", status)]))
        self._close(self._make_lead(), "lost")
        self.assertNotEqual(counts(), before, "a lost one does count")

    def test_a_project_of_a_native_team_is_not_cancelled(self):
        with self.assertRaisesRegex(Exception, "on no process"):
            self._make_native_lead().action_set_cancelled(cancel_reason_id=self.cancel_reason.id)

    # Reopening

    def test_reopening_brings_back_status_and_weight_and_clears_the_closing(self):
        ways = {
            "button": lambda lead: lead.action_reopen(),
            "drag": lambda lead: lead.write({"board_column_id": self._column("status", self.offer).id}),
            "native restore": lambda lead: lead.action_restore(),
            "plain write": lambda lead: lead.write({"active": True, "stage_id": self.offer.id}),
        }
        for kind in OUTCOMES:
            for name, reopen in ways.items():
                for weight, scored in ((60, 10), (35, 35)):
                    with self.subTest(f"{kind} by {name}, weight {weight}"):
                        lead = self._make_lead(stage_id=self.offer.id)
                        lead.write({"probability": weight, "automated_probability": scored})
                        before = self._state(lead)
                        self._close(lead, kind)
                        reopen(lead)
                        self.assertEqual(self._state(lead), before)
                        closing = lead.move_ids.filtered("from_column_id").sorted("id")[0]
                        self.assertEqual(closing.to_column_id, self._column(kind), "the history keeps it")

    def test_unarchiving_reopens_too(self):
        for kind in ("lost", "cancelled"):
            with self.subTest(kind):
                lead = self._close(self._make_lead(stage_id=self.offer.id), kind)
                lead.action_unarchive()
                self.assertEqual(lead.board_column_id, self._column("status", self.offer))
                self.assertFalse(lead.lost_reason_id or lead.cancel_reason_id or lead.date_closed)

    def test_a_won_project_goes_straight_to_lost_and_back(self):
        self._close(self.lead, "order")
        self._close(self.lead, "lost")
        self.assertEqual(self.lead.stage_id, self.offer)
        self.lead.action_reopen()
        self.assertEqual((self.lead.stage_id, self.lead.probability), (self.offer, 60))

    def test_a_move_that_was_undone_is_not_where_a_project_comes_from(self):
        for end in ("reopened", "lost"):
            with self.subTest(end):
                lead = self._make_lead(stage_id=self.prospect.id, probability=15)
                self._close(lead, "order")
                by_mistake = self._column("status", self.offer)
                lead.write({"board_column_id": by_mistake.id, "probability": 70})
                lead.action_undo_move(self._column("order").id, by_mistake.id)
                if end == "lost":
                    self._close(lead, "lost")
                    self.assertEqual(lead.stage_id, self.prospect)
                lead.action_reopen()
                self.assertEqual((lead.stage_id, lead.probability), (self.prospect, 15))

    def test_a_lost_lead_that_was_never_qualified_goes_back_to_unprocessed(self):
        lead = self._make_lead(type="lead")
        self.assertEqual(lead.board_column_id.kind, "unprocessed")
        self._close(lead, "lost")
        lead.action_reopen()
        self.assertEqual((lead.board_column_id.kind, lead.type), ("unprocessed", "lead"))

    # The weight

    def test_a_weight_set_by_hand_survives_a_change_of_status_and_is_known_as_such(self):
        self.lead.stage_id = self.prospect
        self.assertEqual(self.lead.probability, 60)
        self.assertFalse(self.lead.is_automated_probability)

    def test_the_form_closes_with_the_value_asked_for(self):
        form = Form(self.env["crm.lead.order"].with_context(default_lead_id=self.lead.id))
        self.assertEqual(form.actual_revenue, 1000)
        form.actual_revenue = 850
        form.save().action_apply()
        self.assertEqual((self.lead.won_status, self.lead.actual_revenue), ("won", 850))
