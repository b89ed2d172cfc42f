from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import OutlookCase


@tagged("post_install", "-at_install")
class TestWhose(OutlookCase):
    def test_own_customers_and_their_people_go_to_a_folder_of_their_own(self):
        mine = self.microsoft.add_folder("Friends")
        self._connect()
        self._run_job()
        self.assertEqual(self.microsoft.names, ["Ada Lovelace", "Lovelace Ltd"])
        self.assertEqual(mine["contacts"], {})
        self.assertEqual([folder["name"] for folder in self.microsoft.folders.values()], ["Friends", "Odoo"])
        card = self._card("Ada Lovelace")
        self.assertEqual((card["companyName"], card["jobTitle"]), ("Lovelace Ltd", "Analyst"))
        self.assertEqual(card["emailAddresses"], [{"name": "Ada Lovelace", "address": "ada@lovelace.example"}])
        self.assertEqual(self._card("Lovelace Ltd")["businessPhones"], ["+44 20 7946 0000"])

    def test_customers_of_an_open_project_are_there_and_go_with_it(self):
        lead = self._make_lead()
        self._connect()
        self._run_job()
        self.assertIn("Konex", self.microsoft.names)
        self._close(lead, "lost")
        self._sync()
        self.assertNotIn("Konex", self.microsoft.names)

    def test_neither_addresses_nor_colleagues_nor_customers_of_others(self):
        self._make_customer("Rue de la Loi", parent_id=self.customer.id, type="delivery")
        self._make_customer("Somebody else's", user_id=self.other.id)
        self.other.partner_id.user_id = self.sales
        self._make_lead(user_id=self.other.id)
        self._connect()
        self._run_job()
        self.assertEqual(self.microsoft.names, ["Ada Lovelace", "Lovelace Ltd"])

    def test_only_whom_the_user_may_see(self):
        self.env["ir.rule"].create(
            {
                "name": "Not Ada",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', '!=', {self.person.id})]",
            }
        )
        self._connect()
        self._run_job()
        self.assertEqual(self.microsoft.names, ["Lovelace Ltd"])

    def test_each_user_the_own(self):
        self._make_customer("Babbage", user_id=self.other.id)
        self._connect()
        self.microsoft.tokens.add("token-b")
        self._connect(self.other, token="token-b")
        self._run_job()
        names = {folder["mark"]["value"]: [card["displayName"] for card in folder["contacts"].values()]
                 for folder in self.microsoft.folders.values()}  # fmt: skip
        self.assertEqual(sorted(map(sorted, names.values())), [["Ada Lovelace", "Lovelace Ltd"], ["Babbage"]])


@tagged("post_install", "-at_install")
class TestChanges(OutlookCase):
    def setUp(self):
        super().setUp()
        self.connection = self._connect()
        self._run_job()
        self.microsoft.calls.clear()

    def test_only_what_changed_is_sent(self):
        self._sync()
        self.assertEqual([self.microsoft.done(method) for method in ("POST", "PATCH")], [[], []])
        self.person.write({"function": False, "email": "ada@new.example"})
        self._sync()
        self.assertEqual(len(self.microsoft.done("PATCH")), 1)
        card = self._card("Ada Lovelace")
        self.assertEqual((card["jobTitle"], card["emailAddresses"][0]["address"]), (None, "ada@new.example"))
        self.assertEqual((self.connection.created_count, self.connection.updated_count), (0, 1))

    def test_archived_deleted_and_given_away_are_removed(self):
        third = self._make_customer("Third")
        self._sync()
        self.person.active = False
        self._sync()
        self.assertEqual(self.microsoft.names, ["Lovelace Ltd", "Third"])
        third.unlink()
        self.assertTrue(self.links.search([("user_id", "=", self.sales.id), ("partner_id", "=", False)]))
        self._sync()
        self.assertEqual(self.microsoft.names, ["Lovelace Ltd"])
        self.customer.user_id = self.other
        self._sync()
        self.assertEqual((self.microsoft.names, self.links.search([("user_id", "=", self.sales.id)]).ids), ([], []))
        self.assertFalse(self.microsoft.done("DELETE"), "nothing stays among the deleted items")

    def test_removals_go_in_one_request_with_the_rest(self):
        third = self._make_customer("Third")
        self._sync()
        self.person.active = third.active = False
        self.customer.phone = "+44 20 7946 0001"
        self._make_customer("Fourth")
        before = self.microsoft.requests
        self._sync()
        self.assertEqual(self.microsoft.names, ["Fourth", "Lovelace Ltd"])
        self.assertEqual(self.microsoft.requests - before, 2)  # the folders, and all that there was to do

    def test_of_merged_customers_one_stays(self):
        double = self._make_customer("Ada L.", parent_id=self.customer.id, email="ada@lovelace.example")
        self._sync()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.person | double).ids, self.person)
        self._sync()
        self.assertEqual(self.microsoft.names, ["Ada Lovelace", "Lovelace Ltd"])

    def test_what_the_user_deletes_in_outlook_comes_back_with_the_next_change(self):
        [folder] = self.microsoft.folders.values()
        folder["contacts"].clear()
        self.person.function = "Countess"
        self._sync()
        self.assertEqual(self.microsoft.names, ["Ada Lovelace"])
        self._sync()
        self.assertEqual(self.microsoft.names, ["Ada Lovelace"])

    def test_a_deleted_folder_comes_back_with_all_that_was_in_it(self):
        self.microsoft.folders.clear()
        self._sync()
        self.assertEqual(self.microsoft.names, ["Ada Lovelace", "Lovelace Ltd"])

    def test_forty_five_take_three_requests_and_few_queries(self):
        self.env["res.partner"].create([{"name": f"Customer {n:02}", "user_id": self.sales.id} for n in range(45)])
        self._sync()
        before = self.microsoft.requests
        self.env["res.partner"].create([{"name": f"More {n:02}", "user_id": self.sales.id} for n in range(45)])
        self._sync()
        self.assertEqual(self.microsoft.requests - before, 1 + 3)  # the folders, and three times up to twenty
        self.assertEqual(len(self.microsoft.contacts), 92)

    def test_the_users_own_folder_of_that_name_is_left_alone(self):
        self.microsoft.folders.clear()
        mine = self.microsoft.add_folder("Odoo")
        self._sync()
        self.assertEqual((mine["name"], mine["contacts"]), ("Odoo", {}))
        self.assertEqual([folder["name"] for folder in self.microsoft.folders.values()], ["Odoo", "Odoo CRM"])

    def test_thousands_are_compared_in_few_queries(self):
        partners = self.env["res.partner"].create([{"name": f"C{n}", "user_id": self.sales.id} for n in range(2000)])
        cards = self.connection._for_owner()["res.partner"]._get_outlook_cards()
        self.links._add_missing(self.sales, cards.keys() - set(self.links.search([]).partner_id.ids))
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(40):
            steps = self.connection._plan()
        self.assertEqual(len(steps), len(partners))


@tagged("post_install", "-at_install")
class TestSwitchedOff(OutlookCase):
    def setUp(self):
        super().setUp()
        self.connection = self._connect()
        self._run_job()

    def _switch_off(self, what):
        self.env["crm.outlook.disconnect"].with_user(self.sales).create({"what": what}).action_confirm()

    def _tokens(self):
        settings = self.sales.res_users_settings_ids.sudo()
        return [settings.outlook_contacts_token, settings.outlook_contacts_rtoken]

    def test_the_folder_goes_and_nothing_stays_here(self):
        self._switch_off("remove")
        self.assertEqual(self.sales.with_user(self.sales).outlook_contacts_state, "leaving")
        self._run_job()
        self.assertFalse(self.microsoft.folders)
        self.assertFalse(self.connection.exists() | self.connections.search([("user_id", "=", self.sales.id)]))
        self.assertFalse(self.links.search([("user_id", "=", self.sales.id)]))
        self.assertEqual(self._tokens(), [False, False])

    def test_the_contacts_stay_where_so_chosen_and_are_not_doubled_when_it_is_connected_again(self):
        self._switch_off("leave")
        self.assertEqual(self._tokens(), [False, False])
        self._run_job()
        self.assertEqual(self.microsoft.names, ["Ada Lovelace", "Lovelace Ltd"])
        self._connect()
        self._run_job()
        self.assertEqual(self.microsoft.names, ["Ada Lovelace", "Lovelace Ltd"])
        self.person.function = "Countess"
        self._make_customer("Third")
        self._sync()
        self.assertEqual(self.microsoft.names, ["Ada Lovelace", "Lovelace Ltd", "Third"])
        self.assertEqual(self._card("Ada Lovelace")["jobTitle"], "Countess")

    def test_what_was_left_there_and_is_no_business_of_the_user_any_more_goes_when_it_is_connected_again(self):
        for name in ("Third", "Fourth", "Fifth"):  # more than a page
            self._make_customer(name)
        self._sync()
        [folder] = self.microsoft.folders.values()
        own = folder["contacts"]["own"] = {"displayName": "A friend", "mark": None}
        double = dict(self._card("Third"))
        folder["contacts"]["double"] = double
        self._switch_off("leave")
        self.person.active = False
        self.env["res.partner"].search([("name", "=", "Fourth")]).unlink()
        self.env["res.partner"].search([("name", "=", "Fifth")]).user_id = self.other
        connection = self._connect()
        self._run_job()
        self.assertEqual(self.microsoft.names, ["A friend", "Lovelace Ltd", "Third"])
        self.assertIs(folder["contacts"]["own"], own)
        self.assertEqual(self.microsoft.folders, {connection.sudo().folder_ref: folder})
        rows = self.links.search([("user_id", "=", self.sales.id)])
        self.assertEqual(sorted(rows.partner_id.mapped("name")), ["Lovelace Ltd", "Third"])

    def test_while_odoo_is_not_let_in_they_can_only_stay_there(self):
        self.connection.write({"state": "broken", "error": "grant"})
        wizard = self.env["crm.outlook.disconnect"].with_user(self.sales)
        self.assertEqual(wizard.default_get(["what"])["what"], "leave")
        self.assertIn("connect again", wizard.new({}).problem)
        with self.assertRaisesRegex(UserError, "connect again"):
            self._switch_off("remove")
        self.assertEqual(self.connection.state, "broken")
        self._switch_off("leave")
        self.assertFalse(self.connection.exists())

    def test_switched_off_while_microsoft_asks_to_wait_it_waits(self):
        until = fields.Datetime.now() + timedelta(minutes=30)
        self.connection.write({"error": "throttled", "next_sync": until})
        before = self.microsoft.requests
        self._switch_off("remove")
        self._run_job()
        self.assertEqual((self.microsoft.requests - before, self.connection.next_sync), (0, until))
        self._sync()
        self.assertFalse(self.microsoft.folders)

    def test_who_is_no_salesperson_any_more_has_none_of_the_customers(self):
        self.sales.group_ids -= self.env.ref("sales_team.group_sale_salesman")
        self._sync()
        self.assertFalse(self.microsoft.folders)
        self.assertEqual(self._tokens(), [False, False])

    def test_who_leaves_the_company_has_none_of_its_customers_any_more(self):
        self.sales.active = False
        self._sync()
        self.assertFalse(self.microsoft.folders)
        self.assertEqual(self._tokens(), [False, False])

    def test_nothing_is_sent_while_an_administrator_has_it_switched_off(self):
        self.env["ir.config_parameter"].set_param("crm_mailplugin_contacts.enabled", "False")
        self.microsoft.calls.clear()
        self._sync()
        self.assertFalse(self.microsoft.calls)
