from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_salesboard.tests.test_sales_board_keyboard import axe_core


class TicketScreen(HttpCase):
    """A small board whose cards the tours know by heart: somebody who works on tickets alone is looking."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        # The cards of the demo data would stand between these.
        for ticket in env["crm.ticket"].search([]):
            ticket.unlink()
        cls.service, cls.colleague = cls._make_colleagues()
        cls.team = env["crm.team"].create({"name": "Tour service", "uses_tickets": True, "company_id": False})
        cls.customer = env["res.partner"].create({"name": "Tour Works", "is_company": True})
        cls.status = {
            name: env.ref(f"crm_serviceticket.crm_ticket_status_{name}")
            for name in ("new", "work", "waiting", "closed")
        }
        now = fields.Datetime.now()
        for name, status, user, hours in (
            ("Alpha breaks", "new", cls.service, 2),
            ("Beta leaks", "new", env["res.users"], -30),
            ("Gamma squeaks", "work", cls.service, 200),
            ("Delta smells", "work", cls.colleague, -2),
        ):
            env["crm.ticket"].create(
                {
                    "name": name,
                    "partner_id": cls.customer.id,
                    "team_id": cls.team.id,
                    "status_id": cls.status[status].id,
                    "user_id": user.id,
                    "date_deadline": now + timedelta(hours=hours),
                }
            )

    @classmethod
    def _make_colleagues(cls):
        return [
            cls.env["res.users"].create(
                {
                    "name": name,
                    "login": login,
                    "password": login,
                    "email": f"{login}@example.com",
                    "tz": "UTC",
                    "group_ids": [(6, 0, cls.env.ref(group).ids)],
                }
            )
            for name, login, group in (
                ("Sofie Tour", "ticket_tour", "crm_serviceticket.group_ticket_user"),
                ("Max Tour", "ticket_colleague", "crm_serviceticket.group_ticket_manager"),
            )
        ]

    def _ticket(self, name):
        return self.env["crm.ticket"].search([("name", "=", name)])

    def _serve_axe_core(self):
        self.env["ir.attachment"].create(
            {
                "name": "axe.min.js",
                "url": "/crm_salesboard/axe.min.js",
                "raw": axe_core(),
                "mimetype": "text/javascript",
                "public": True,
            }
        )

    def _tour(self, name, url="/odoo/tickets"):
        self.start_tour(url, name, login="ticket_tour", timeout=120)


@tagged("post_install", "-at_install")
class TestTicketScreen(TicketScreen):
    def test_a_complaint_is_recorded_by_hand(self):
        self._tour("ticket_create")
        ticket = self._ticket("Handle came off")
        self.assertEqual((ticket.partner_id, ticket.user_id, ticket.priority), (self.customer, self.service, "2"))
        self.assertTrue(self._ticket("Rattles on the way"))

    def test_the_board_is_worked_and_a_card_dropped_on_closed_asks_for_its_result(self):
        self._tour("ticket_board")
        ticket = self._ticket("Gamma squeaks")
        self.assertEqual((ticket.status_id, ticket.result), (self.status["closed"], "Oiled it"))
        self.assertEqual(self._ticket("Alpha breaks").status_id, self.status["work"])

    def test_the_form_closes_with_a_result_and_opens_again(self):
        self._tour("ticket_form")
        ticket = self._ticket("Alpha breaks")
        self.assertEqual(
            (ticket.status_id, ticket.result, ticket.reopened_count), (self.status["work"], "New part sent", 1)
        )

    def test_tickets_are_filtered_by_responsible_and_deadline(self):
        self._tour("ticket_filters")

    def test_the_board_is_worked_with_keys(self):
        self._tour("ticket_keyboard")
        self.assertEqual(self._ticket("Alpha breaks").status_id, self.status["closed"])

    def test_an_empty_board_says_how_tickets_come_about(self):
        self.env["crm.ticket"].search([]).unlink()
        self._tour("ticket_empty")

    def test_nothing_on_board_and_form_keeps_anybody_out(self):
        self._serve_axe_core()
        self._tour("ticket_accessible")


@tagged("post_install", "-at_install")
class TestTicketPhone(TicketScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_the_board_is_worked_on_a_phone(self):
        self._serve_axe_core()
        self._tour("ticket_phone")
        ticket = self._ticket("Alpha breaks")
        self.assertEqual((ticket.status_id, ticket.result), (self.status["closed"], "Swapped on site"))
