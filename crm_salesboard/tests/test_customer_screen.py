from odoo.tests import tagged

from .test_sales_board_screen import SalesBoardScreen


class CustomerScreen(SalesBoardScreen):
    """A customer with two open projects and a closed one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Tour Customer", "is_company": True})
        make, values = cls._make_project, {"partner_id": cls.customer.id}
        cls.alpha = make("Alpha rollout", "status", "Prospect", 1000, 20, "2030-05-01", **values)
        make("Beta replacement", "status", "Prospect", 2000, 20, "2030-06-01", **values)
        make("Delta fleet", "order", "Order", 900, 100, "2024-04-11", actual_revenue=800, **values)
        done = cls.alpha.activity_schedule(
            "mail.mail_activity_data_call", summary="Ask for the plan", user_id=cls.sales.id
        )
        done.action_feedback("Wants it in May")
        cls.alpha.activity_schedule("mail.mail_activity_data_call", summary="Call Ann", user_id=cls.manager.id)


@tagged("post_install", "-at_install")
class TestCustomerScreen(CustomerScreen):
    def test_projects_are_seen_changed_closed_opened_and_made_on_the_customers_form(self):
        self.start_tour(f"/odoo/res.partner/{self.customer.id}", "crm_customer_projects", login="board_manager")
        beta = self.env["crm.lead"].search([("name", "=", "Beta replacement")])
        self.assertEqual((beta.won_status, beta.expected_revenue, beta.actual_revenue), ("won", 2500, 2400))
        zeta = self.env["crm.lead"].search([("name", "=", "Zeta extension")])
        self.assertEqual(zeta.partner_id, self.customer)

    def test_activities_appointments_and_quotations_are_worked_on_the_projects_form(self):
        product = self.env["product.product"].create({"name": "GTX"})
        self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "opportunity_id": self.alpha.id,
                "user_id": self.manager.id,
                "order_line": [(0, 0, {"product_id": product.id, "price_unit": 1500, "tax_ids": False})],
            }
        )
        self.start_tour(f"/odoo/crm.lead/{self.alpha.id}", "crm_project_agenda", login="board_manager", timeout=120)
        self.assertEqual((self.alpha.won_status, self.alpha.actual_revenue), ("won", 1500))
        event = self.alpha.calendar_event_ids
        self.assertEqual(event.partner_ids, self.manager.partner_id | self.customer)

    def test_the_forecast_opens_the_projects_behind_a_figure(self):
        self._make_project("Gamma data room", "status", "Offer", 5000, 50, "2030-01-15")
        self.start_tour("/odoo/sales-forecast", "crm_sales_forecast", login="board_manager")


@tagged("post_install", "-at_install")
class TestCustomerPhone(CustomerScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_project_is_opened_from_the_customer_on_a_phone(self):
        self.start_tour(f"/odoo/res.partner/{self.customer.id}", "crm_customer_phone", login="board_manager")
