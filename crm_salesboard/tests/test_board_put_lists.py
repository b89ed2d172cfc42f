from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_board_put import BoardPutCase


@tagged("post_install", "-at_install")
class TestBoardPutFromLists(BoardPutCase):
    """From any list of customers, and from one customer."""

    def _ask(self, user=None, **context):
        action = self.env.ref("crm_salesboard.res_partner_action_put_on_salesboard")
        context = {"active_model": "res.partner", **context}
        action = action.with_user(user or self.sales).with_context(**context).run()
        wizard = self.env[action["res_model"]].with_user(user or self.sales).with_context(**action["context"])
        return wizard.create({"subject": "Autumn", "team_id": self.team.id})

    def test_it_is_in_the_menu_of_lists_cards_and_forms_of_customers(self):
        for user, found in ((self.sales, True), (self.manager, True), (self.outsider, False)):
            bindings = self.env["ir.actions.actions"].with_user(user).get_bindings("res.partner")["action"]
            mine = [
                b for b in bindings if b["id"] == self.env.ref("crm_salesboard.res_partner_action_put_on_salesboard").id
            ]
            with self.subTest(user.login):
                self.assertEqual([b["binding_view_types"] for b in mine], ["list,kanban,form"] if found else [])

    def test_the_selected_customers_are_asked_for_also_archived_ones(self):
        self.customers[1].active = False
        ids = self.customers[:2].ids
        wizard = self._ask(active_id=ids[0], active_ids=ids, active_domain=[])
        self.assertEqual(wizard.partner_count, 2)
        wizard.action_put()
        self.assertEqual(self._reasons(wizard.put_next()), {"archived": 1})

    def test_all_of_a_list_is_its_search_where_the_web_client_cuts_the_ids_off(self):
        self.env["ir.config_parameter"].set_param("web.active_ids_limit", "3")
        self.customers[6].active = False
        domain = [("id", "in", self.customers.ids)]
        cut = {"active_id": self.customers[0].id, "active_ids": self.customers[:3].ids, "active_domain": domain}
        self.assertEqual(self._ask(**cut).partner_count, 6)
        self.assertEqual(self._ask(**cut, active_test=False).partner_count, 7)

    def test_others_than_salespeople_are_refused(self):
        accountant = self._make_user("cast_accountant", "account.group_account_invoice")
        for user in (self.outsider, accountant):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self._ask(user, active_id=self.customers[0].id, active_ids=self.customers.ids)
                with self.assertRaises(AccessError):
                    self.env["crm.board.put"].with_user(user).create({"subject": "Autumn"})

    def test_every_salesperson_may(self):
        self.team.member_ids |= self.all_leads
        for number, user in enumerate((self.sales, self.all_leads, self.manager)):
            with self.subTest(user.login):
                self.assertEqual(self._put(user, self.customers[number])["made"], 1)
