from odoo import Command
from odoo.tests import tagged

from .test_sales_board_screen import SalesBoardScreen


@tagged("post_install", "-at_install")
class TestChoiceScreen(SalesBoardScreen):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_board()
        cls.gamma = cls.env["crm.lead"].search([("name", "=", "Gamma data room")])

    def test_kind_and_chance_are_picked_in_their_colours_and_shown_on_the_card(self):
        self.start_tour("/odoo/sales-board", "crm_choice_on_project", login="board_manager")
        self.assertEqual((self.gamma.kind_id.name, self.gamma.chance_id.name), ("Renewal", "25 %"))

    def test_the_panel_beside_the_list_filters_by_kind(self):
        self.gamma.kind_id = self.env.ref("crm_salesboard.crm_choice_kind_renewal")
        self.start_tour("/odoo/sales-board", "crm_choice_panel", login="board_manager")

    def test_fixed_subjects_are_chosen_and_fixed_weights_follow_the_chance(self):
        self.process.subject_list_id = self.env["crm.choice.list"].create(
            {
                "name": "Subjects",
                "usage": "subject",
                "choice_ids": [Command.create({"name": "Fleet"}), Command.create({"name": "Printers"})],
            }
        )
        self.process.chance_list_id = self.env.ref("crm_salesboard.crm_choice_list_chance")
        self.start_tour("/odoo/sales-board", "crm_choice_fixed", login="board_manager")
        lead = self.env["crm.lead"].search([("name", "=", "Fleet"), ("team_id", "=", self.team.id)])
        self.assertEqual((lead.subject_id.name, lead.probability), ("Fleet", 90))

    def test_settings_lead_to_the_choice_lists(self):
        self.start_tour("/odoo/settings#crm", "crm_choice_settings", login="admin")
        self.assertTrue(
            self.env.ref("crm_salesboard.crm_choice_list_kind").choice_ids.filtered_domain([("name", "=", "Tender")])
        )
