from odoo.tests import Form, tagged

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestOrderProposal(SalesBoardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create({"name": "GTX", "list_price": 100})
        cls.lead = cls._make_lead()

    def _make_order(self, price=1500, lead=None, user=None):
        return self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "opportunity_id": (lead or self.lead).id,
                "user_id": (user or self.sales).id,
                "order_line": [(0, 0, {"product_id": self.product.id, "price_unit": price, "tax_ids": False})],
            }
        )

    def _confirm(self, order, user=None):
        """As the button of the form does."""
        return order.with_user(user or self.sales).with_context(crm_propose_order=True).action_confirm()

    def test_confirming_proposes_order_with_the_untaxed_amount(self):
        action = self._confirm(self._make_order())
        self.assertEqual(self.lead.won_status, "pending")
        self.assertEqual((action["res_model"], action["target"]), ("crm.lead.order", "new"))
        wizard = self.env["crm.lead.order"].with_user(self.sales).with_context(**action["context"])
        with Form(wizard) as form:
            self.assertEqual(form.actual_revenue, 1500)
        form.record.action_apply()
        self.assertEqual((self.lead.won_status, self.lead.actual_revenue), ("won", 1500))

    def test_a_program_that_confirms_is_asked_nothing_and_the_project_says_so_later(self):
        order = self._make_order()
        self.assertIs(order.with_user(self.sales).action_confirm(), True)
        self.assertEqual(self.lead.won_status, "pending")
        self.assertTrue(self.lead.with_user(self.sales).is_order_proposed)

    def test_nothing_is_proposed_where_there_is_nothing_to_close(self):
        closed = self._close(self._make_lead(), "order")
        native = self._make_native_lead()
        for lead in (closed, native, self.env["crm.lead"]):
            with self.subTest(lead.name):
                order = self._make_order(lead=lead or self.lead)
                order.opportunity_id = lead
                self.assertIs(self._confirm(order, self.manager), True)
                self.assertFalse(lead.is_order_proposed)

    def test_who_may_not_see_the_project_confirms_the_order_all_the_same(self):
        order = self._make_order(user=self.other)
        self.assertFalse(self.lead.with_user(self.other).has_access("read"))
        self.assertIs(self._confirm(order, self.other), True)
        self.assertEqual((order.state, self.lead.expected_revenue), ("sale", 1500))
        self.assertTrue(self.lead.with_user(self.sales).is_order_proposed)

    def test_cancelling_the_last_order_takes_the_value_back_and_asks_the_owner(self):
        order = self._make_order(price=1500)
        self._confirm(order)
        self._close(self.lead, "order")
        self.lead.expected_revenue = 1000
        self.assertEqual(self.lead.actual_revenue, 1500)
        order.with_user(self.manager).action_cancel()
        self.assertEqual((self.lead.actual_revenue, self.lead.won_status), (1000, "won"))
        activity = self.lead.activity_ids
        self.assertEqual((len(activity), activity.user_id), (1, self.sales))
        self.lead.with_user(self.sales).action_reopen()
        self.assertEqual((self.lead.won_status, self.lead.actual_revenue), ("pending", 0))

    def test_while_another_order_is_left_the_value_follows_and_nobody_is_asked(self):
        orders = self._make_order(1500) | self._make_order(500)
        orders.action_confirm()
        self._close(self.lead, "order")
        orders[0].action_cancel()
        self.assertEqual((self.lead.actual_revenue, self.lead.won_status), (500, "won"))
        self.assertFalse(self.lead.activity_ids)

    def test_cancelling_a_quotation_or_the_order_of_an_open_project_asks_nothing(self):
        order = self._make_order()
        order.action_confirm()
        order.action_cancel()
        self._close(self.lead, "order")
        self._make_order().action_cancel()
        self.assertFalse(self.lead.activity_ids)

    def test_who_may_not_see_the_project_cancels_the_order_all_the_same(self):
        order = self._make_order(user=self.other)
        order.action_confirm()
        self._close(self.lead, "order")
        order.with_user(self.other).action_cancel()
        self.assertEqual(self.lead.activity_ids.user_id, self.sales)

    def test_quotations_of_a_project_are_listed_and_made_from_it(self):
        draft, sent = self._make_order(), self._make_order()
        sent.action_quotation_sent()
        lead = self.lead.with_user(self.sales)
        self.assertEqual((lead.order_ids, lead.quotation_count), (sent + draft, 2))
        context = lead.action_sale_quotations_new()["context"]
        self.assertEqual(context["default_opportunity_id"], lead.id)
        self.assertEqual(context["default_partner_id"], self.partner.id)

    def test_the_buttons_of_the_form_ask_for_the_proposal(self):
        arch = self.env["sale.order"].get_views([(False, "form")])["views"]["form"]["arch"]
        self.assertEqual(arch.count("crm_propose_order"), arch.count('name="action_confirm"'))
