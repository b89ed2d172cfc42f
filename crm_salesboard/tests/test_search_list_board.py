from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestPutOnTheBoard(SalesBoardCase):
    """Customers of a search become projects to begin with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].create([{"name": f"Customer {n}", "is_company": True} for n in range(3)])
        cls.domain = [("id", "in", cls.customers.ids)]

    def _put(self, user=None, domain=None, **kwargs):
        values = {"team_id": self.team.id, "subject": "Autumn campaign", **kwargs}
        # As in life: with its messages and followers.
        context = dict.fromkeys(("tracking_disable", "mail_create_nosubscribe"), False)
        partners = self.env["res.partner"].with_user(user or self.sales).with_context(**context)
        return partners.put_on_salesboard(self.domain if domain is None else domain, **values)

    def _projects(self, partners=None):
        return self.env["crm.lead"].search([("partner_id", "in", (partners or self.customers).ids)])

    def test_each_customer_gets_an_unprocessed_project_of_its_salesperson(self):
        self.customers[0].user_id = self.other
        self.customers[1].user_id = self.env["res.users"].create({"name": "Gone", "login": "gone", "active": False})
        self.assertEqual(self._put(), {"made": 3, "skipped": 0})
        projects = self._projects().sorted("partner_id")
        self.assertEqual(projects.board_column_id, self._column("unprocessed"))
        self.assertEqual(projects.mapped("type"), ["opportunity"] * 3)
        self.assertEqual(set(projects.mapped("name")), {"Autumn campaign"})
        owners = {project.partner_id: project.user_id for project in projects}
        expected = [self.other, self.sales, self.sales]
        self.assertEqual([owners[customer] for customer in self.customers], expected)
        self.assertEqual(projects.create_uid, self.sales)
        self.assertIn("Put on the board", projects[0].message_ids.body)
        self.assertIn(self.other.partner_id, self._projects(self.customers[0]).message_partner_ids)

    def test_nobody_is_put_there_twice(self):
        self._put()
        self.assertEqual(self._put(), {"made": 0, "skipped": 3})
        self.assertEqual(len(self._projects()), 3)

    def test_a_customer_with_an_open_project_is_left_out_whoever_owns_it(self):
        self._make_lead(partner_id=self.customers[0].id, user_id=self.other.id)
        person = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customers[1].id})
        self._make_lead(partner_id=person.id)
        self._close(self._make_lead(partner_id=self.customers[2].id), "lost")
        self.assertEqual(self._put(), {"made": 1, "skipped": 2})
        self.assertEqual(self._projects(self.customers[2]).name, "Autumn campaign")

    def test_a_restricted_project_is_not_given_away_by_being_left_out(self):
        self._make_lead(partner_id=self.customers[0].id, user_id=self.other.id, is_restricted=True)
        self.assertEqual(self._put(), {"made": 3, "skipped": 0})

    def test_a_company_and_its_people_are_one_customer(self):
        people = self.env["res.partner"].create(
            [{"name": name, "parent_id": self.customers[0].id} for name in ("Ann", "Bob")]
        )
        done = self._put(domain=[("id", "in", (self.customers[0] | people).ids)])
        self.assertEqual(done, {"made": 1, "skipped": 2})

    def test_a_project_in_another_process_does_not_count(self):
        process = self.standard.copy({"name": "Renewals"})
        values = {"name": "Renewals", "process_id": process.id, "user_id": self.sales.id}
        team = self.env["crm.team"].create(values)
        self._put()
        self.assertEqual(self._put(team_id=team.id), {"made": 3, "skipped": 0})

    def test_customers_of_another_company_are_left_out(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.team.company_id = self.env.company
        self.sales.company_ids |= company
        self.customers[0].company_id = company
        partners = self.env["res.partner"].with_user(self.sales)
        partners = partners.with_context(allowed_company_ids=(self.env.company | company).ids)
        done = partners.put_on_salesboard(self.domain, self.team.id, "Autumn campaign")
        self.assertEqual(done, {"made": 2, "skipped": 1})

    def test_customers_that_the_user_does_not_see_are_not_touched(self):
        self.env["ir.rule"].create(
            {
                "name": "not the first",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.customers[0].id})]",
            }
        )
        self.assertEqual(self._put(), {"made": 2, "skipped": 0})
        self.assertFalse(self._projects(self.customers[0]))

    def test_only_salespeople_put_customers_there(self):
        accountant = self._make_user("cast_accountant", "account.group_account_invoice")
        for user in (self.outsider, accountant):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self._put(user)
                with self.assertRaises(AccessError):
                    self.env["res.partner"].with_user(user).action_put_on_salesboard(self.domain)
        self.assertFalse(self._projects())

    def test_only_on_a_board_of_ones_own(self):
        other_team = self.env["crm.team"].create({"name": "Not mine", "process_id": self.process.id})
        for team in (other_team, self.native_team):
            with self.subTest(team.name), self.assertRaisesRegex(UserError, "Choose a team of yours"):
                self._put(team_id=team.id)
        with self.assertRaisesRegex(UserError, "Choose a team of yours"):
            self._put(team_id=False)
        self.assertEqual(self._put(self.manager, team_id=other_team.id)["made"], 3)

    def test_the_subject_is_asked_for_and_of_the_process(self):
        for subject in ("", "  ", False, None):
            with self.subTest(subject), self.assertRaisesRegex(UserError, "Say what the projects are about"):
                self._put(subject=subject)
        self.process.subject_list_id = self.env["crm.choice.list"].create(
            {"name": "Subjects", "usage": "subject", "choice_ids": [(0, 0, {"name": "Renewal"})]}
        )
        with self.assertRaisesRegex(UserError, "Choose one of: Renewal"):
            self._put()
        self.assertEqual(self._put(subject="Renewal")["made"], 3)

    def test_the_assistant_says_what_it_did(self):
        self._make_lead(partner_id=self.customers[0].id)
        action = self.env["res.partner"].with_user(self.sales).action_put_on_salesboard(self.domain)
        wizard = self.env[action["res_model"]].with_user(self.sales).with_context(**action["context"]).create({})
        self.assertEqual((wizard.partner_count, wizard.team_id), (3, self.team))
        wizard.subject = "Autumn campaign"
        progress = wizard.action_put()["params"]["progress"]
        self.assertEqual((progress["state"], progress["handled"], progress["total"]), ("running", 0, 3))
        progress = wizard.put_next()
        self.assertEqual((progress["state"], progress["handled"], progress["made"]), ("done", 3, 2))
        self.assertEqual(progress["left_out"], [{"result": "open", "label": "Has an open project there", "count": 1}])

    def test_the_assistant_refuses_what_is_no_search(self):
        for domain in ("", "nonsense", "1", "[1]", '["name"]'):
            with self.subTest(domain), self.assertRaisesRegex(UserError, "not a search for customers"):
                values = {"partner_domain": domain, "team_id": self.team.id, "subject": "Autumn campaign"}
                self.env["crm.board.put"].with_user(self.sales).create(values).action_put()

    def test_the_assistant_says_what_is_missing(self):
        partners = self.env["res.partner"].with_user(self.sales)
        with self.assertRaisesRegex(UserError, "No customer matches"):
            partners.action_put_on_salesboard([("id", "=", 0)])
        self.team.member_ids -= self.sales
        with self.assertRaisesRegex(UserError, "not in a team"):
            partners.action_put_on_salesboard(self.domain)

    def test_two_users_do_not_fill_a_board_at_the_same_time(self):
        values = {"name": "Standard team", "process_id": self.standard.id, "user_id": self.sales.id}
        team = self.env["crm.team"].create(values)
        with self.registry.cursor() as cr:
            self.standard.with_env(self.env(cr=cr)).lock_for_update(allow_referencing=True)
            with self.assertRaisesRegex(UserError, "Try again in a moment"):
                self._put(team_id=team.id)
        self.assertEqual(self._put(team_id=team.id), {"made": 3, "skipped": 0})

    def test_a_thousand_customers_at_once(self):
        customers = self.env["res.partner"].create([{"name": f"Bulk {n}", "is_company": True} for n in range(1000)])
        domain = [("id", "in", customers.ids)]
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(190):
            self.assertEqual(self._put(domain=domain), {"made": 1000, "skipped": 0})
            self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(50):
            self.assertEqual(self._put(domain=domain), {"made": 0, "skipped": 1000})
        self.assertEqual(len(self._projects(customers)), 1000)
