from odoo.tests import tagged

from odoo.addons.crm_salesboard.tests.test_sales_board_screen import SalesBoardScreen


class GroupScreen(SalesBoardScreen):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["utm.campaign"].search([]).write({"active": False})
        cls.people = cls.env["res.partner"].create(
            [{"name": f"Tour Guest {number}", "email": f"guest{number}@example.com"} for number in range(3)]
        )
        cls.env["mail.blacklist"]._add("guest2@example.com")
        cls.env.ref("mass_mailing.group_mass_mailing_user").user_ids |= cls.manager

    def _members(self):
        campaign = self.env["utm.campaign"].search([("title", "=", "Tour Fair")])
        return self.env["crm.campaign.member"].search([("campaign_id", "=", campaign.id)])


@tagged("post_install", "-at_install")
class TestGroupScreen(GroupScreen):
    def test_selected_customers_of_a_list_come_into_a_new_campaign_and_one_is_taken_out(self):
        self.start_tour(
            "/odoo/action-base.action_partner_form?view_type=list", "campaign_add_selected", login="board_manager"
        )
        states = {member.name: member.reason or "in" for member in self._members()}
        self.assertEqual(states, {"Tour Guest 0": "in", "Tour Guest 1": "removed", "Tour Guest 2": "blacklisted"})

    def test_all_that_the_board_shows_with_its_filter_by_owner(self):
        own = [
            self._make_project(f"Fair {number}", "status", "Prospect", 100, 20, partner_id=person.id)
            for number, person in enumerate(self.people[:2])
        ]
        self._make_project("Colleague's", "status", "Prospect", 100, 20, owner=self.sales, partner_id=self.people[2].id)
        self.start_tour("/odoo/crm", "campaign_add_board", login="board_manager")
        self.assertEqual(set(self._members().lead_id), set(own))
        self.assertEqual(self._members().partner_id, self.people[:2])


@tagged("post_install", "-at_install")
class TestGroupPhone(GroupScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_customer_is_added_on_a_phone(self):
        self.start_tour(f"/odoo/res.partner/{self.people[0].id}", "campaign_add_phone", login="board_manager")
        self.assertEqual(self._members().partner_id, self.people[0])
