from odoo.tests import tagged

from .test_sales_board_screen import SalesBoardScreen


@tagged("post_install", "-at_install")
class TestContactScreen(SalesBoardScreen):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.customer = partners.create({"name": "Tour Works", "is_company": True})
        cls.persons = partners.create(
            [{"name": f"{name} Tour", "parent_id": cls.customer.id} for name in ("Anna", "Bert", "Carla")]
        )
        partners.create({"name": "Somebody Elsewhere"})
        cls.project = cls._make_project(
            "Tour project", "status", "Prospect", 1000, 20, owner=cls.sales, partner_id=cls.customer.id
        )

    def test_contact_persons_are_picked_and_a_one_off_becomes_one(self):
        self.start_tour(f"/odoo/crm/{self.project.id}", "salesboard_contacts", login="board_sales")
        self.assertEqual(self.project.contact_ids.partner_id, self.persons)
        self.assertEqual(self.env["res.partner"].search_count([("parent_id", "=", self.customer.id)]), 3)

    def test_waiting_calls_are_assigned_in_the_list(self):
        call = self.env["crm.call"].create(
            {
                "direction": "in",
                "number": "+31 6 87654321",
                "duration": 63,
                "user_id": self.sales.id,
                "recording_url": "https://pbx.example.com/r/1",
                "source": "pbx",
            }
        )
        self.start_tour("/odoo/calls", "salesboard_calls", login="board_sales")
        self.assertEqual((call.partner_id, call.lead_id), (self.customer, self.project))
        self.assertEqual(call.note, "Wants to be called back")

    def test_a_call_is_added_by_hand_on_the_project(self):
        self.start_tour(f"/odoo/crm/{self.project.id}", "salesboard_call_by_hand", login="board_sales")
        self.assertEqual(self.project.call_ids.duration, 150)
        self.assertEqual(self.project.call_ids.partner_id, self.customer)
