from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SalesBoardCase
from .test_sales_board_screen import SalesBoardScreen


@tagged("post_install", "-at_install")
class TestSearchFields(SalesBoardCase):
    """What administrators offer to search by, and what users find with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fields = cls.env["crm.search.field"]
        cls.fields.search([]).unlink()
        cls.accountant = cls._make_user("cast_accountant", "account.group_account_invoice")

    @classmethod
    def _field(cls, model, path):
        name, _dot, sub_name = path.partition(".")
        get = cls.env["ir.model.fields"]._get
        field = get(model, name)
        return field, get(field.relation, sub_name) if sub_name else cls.env["ir.model.fields"]

    @classmethod
    def _offer(cls, model, path, user=None, **values):
        field, sub_field = cls._field(model, path)
        search_fields = cls.fields.with_user(user) if user else cls.fields
        return search_fields.create({"model": model, "field_id": field.id, "sub_field_id": sub_field.id, **values})

    def _values(self, search_field, user, domain=(), **kwargs):
        values = search_field.with_user(user).get_values(list(domain), **kwargs)["values"]
        return {value["label"]: value["count"] for value in values}

    # Configuring

    def test_a_manager_offers_a_field_and_everyone_in_sales_gets_its_control(self):
        self._offer("res.partner", "city", self.manager)
        controls = self.fields.with_user(self.sales).get_controls("res.partner")
        self.assertEqual(
            [(control["path"], control["label"], control["type"], control["mode"]) for control in controls],
            [("city", "City", "char", "dropdown")],
        )
        self.assertEqual(self.fields.with_user(self.sales).get_controls("crm.lead"), [])

    def test_a_manager_finds_the_fields_to_offer(self):
        fields = self.env["ir.model.fields"].with_user(self.manager)
        domain = [("model", "=", "res.partner")]
        self.assertIn("Industry", [name.split(" (")[0] for _id, name in fields.name_search("Industry", domain)])
        with self.assertRaises(AccessError):
            fields.search([*domain, ("name", "=", "city")]).field_description = "Town"

    def test_only_managers_choose_what_can_be_searched(self):
        search_field = self._offer("res.partner", "city")
        for user in (self.sales, self.all_leads, self.outsider, self.accountant):
            with self.subTest(user.login), self.assertRaises(AccessError):
                search_field.with_user(user).mode = "text"
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._offer("res.partner", "name", user)

    def test_the_way_to_search_suits_the_field(self):
        cases = {
            ("res.partner", "name"): "dropdown",
            ("res.partner", "category_id"): "dropdown",
            ("res.partner", "is_company"): "dropdown",
            ("crm.lead", "expected_revenue"): "range",
            ("crm.lead", "date_deadline"): "range",
            ("crm.lead", "partner_id.country_id"): "dropdown",
        }
        for (model, path), mode in cases.items():
            with self.subTest(path):
                self.assertEqual(self._offer(model, path).mode, mode)

    def test_fields_that_cannot_be_searched_are_refused_by_name(self):
        for model, path in (
            ("res.partner", "child_ids"),
            ("res.partner", "image_1920"),
            ("res.partner", "comment"),
            ("res.partner", "contact_address"),
            ("crm.lead", "lead_properties"),
        ):
            label = self._field(model, path)[0].field_description
            with self.subTest(path), self.assertRaisesRegex(ValidationError, f"{label} cannot be searched by"):
                self._offer(model, path)

    def test_a_way_to_search_that_does_not_suit_the_field_is_refused(self):
        for path, mode in (("city", "range"), ("is_company", "text"), ("color", "text")):
            with self.subTest(path), self.assertRaisesRegex(ValidationError, "Choose one of"):
                self._offer("res.partner", path, mode=mode)

    def test_a_field_of_another_list_or_link_is_refused(self):
        city = self._field("res.partner", "city")[0]
        with self.assertRaisesRegex(ValidationError, "not a field of this search list"):
            self.fields.create({"model": "crm.lead", "field_id": city.id})
        for path, sub_field in (("team_id", city), ("name", city)):
            field = self._field("crm.lead", path)[0]
            with self.subTest(path), self.assertRaisesRegex(ValidationError, "not a field of what"):
                search_field = self.fields.create({"model": "crm.lead", "field_id": field.id})
                search_field.sub_field_id = sub_field

    @mute_logger("odoo.sql_db")
    def test_a_field_is_offered_once(self):
        self._offer("res.partner", "city").active = False
        with self.assertRaises(UniqueViolation), self.cr.savepoint():
            self._offer("res.partner", "city")
        self._offer("crm.lead", "partner_id")
        self._offer("crm.lead", "partner_id.city")

    def test_a_custom_field_can_be_searched_and_takes_its_control_along_when_it_goes(self):
        field = self.env["ir.model.fields"].create(
            {
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "name": "x_search_size",
                "field_description": "Fleet size",
                "ttype": "integer",
            }
        )
        self.addCleanup(self.registry.reset_changes)
        self.partner.x_search_size = 7
        search_field = self.fields.create({"model": "res.partner", "field_id": field.id, "mode": "dropdown"})
        self.assertEqual(search_field.display_name, "Fleet size")
        self.assertEqual(self._values(search_field, self.sales, [("id", "=", self.partner.id)]), {"7": 1})
        field.unlink()
        self.assertFalse(search_field.exists())
        self.assertEqual(self.fields.get_controls("res.partner"), [])

    # Rights

    def test_no_control_for_who_may_not_read_the_field(self):
        # Moves are for managers, which a group on a field says; a country anybody may read.
        self._offer("res.partner", "country_id")
        hidden = self._offer("res.partner", "city")
        field = self.env["res.partner"]._fields["city"]
        self.addCleanup(setattr, field, "groups", field.groups)
        field.groups = "base.group_system"
        controls = self.fields.with_user(self.sales).get_controls("res.partner")
        self.assertEqual([control["path"] for control in controls], ["country_id"])
        with self.assertRaisesRegex(UserError, "cannot search by this field"):
            hidden.with_user(self.sales).get_values([])

    def test_no_control_for_records_that_a_user_may_not_read(self):
        search_field = self._offer("crm.lead", "partner_id.city")
        self._offer("crm.lead", "partner_id")
        access = self.env["ir.model.access"].search([("model_id.model", "=", "res.partner")])
        access.perm_read = False
        self.assertEqual(self.fields.with_user(self.sales).get_controls("crm.lead"), [])
        with self.assertRaisesRegex(UserError, "cannot search by this field"):
            search_field.with_user(self.sales).get_values([])

    def test_outsiders_learn_nothing_about_projects(self):
        search_field = self._offer("crm.lead", "partner_id")
        for user in (self.outsider, self.accountant):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self.fields.with_user(user).get_controls("crm.lead")
                with self.assertRaises(AccessError):
                    search_field.with_user(user).get_values([])

    def test_values_come_only_from_projects_that_a_user_sees(self):
        search_field = self._offer("crm.lead", "name")
        self._make_lead(name="Mine")
        self._make_lead(name="Theirs", user_id=self.other.id)
        domain = [("team_id", "=", self.team.id)]
        self.assertEqual(self._values(search_field, self.sales, domain), {"Mine": 1})
        self.assertEqual(self._values(search_field, self.sales, domain, term="their"), {})
        self.assertEqual(self._values(search_field, self.manager, domain), {"Mine": 1, "Theirs": 1})

    def test_values_of_linked_records_follow_the_rules_of_these(self):
        secret = self.env["res.partner"].create({"name": "Secret Ltd", "city": "Secretville"})
        self._make_lead(partner_id=secret.id)
        self._make_lead()
        self.partner.city = "Aachen"
        direct = self._offer("crm.lead", "partner_id")
        by_city = self._offer("crm.lead", "partner_id.city")
        self.env["ir.rule"].create(
            {
                "name": "not the secret one",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {secret.id})]",
            }
        )
        domain = [("team_id", "=", self.team.id)]
        self.assertEqual(self._values(direct, self.sales, domain), {"Konex": 1})
        self.assertNotIn("Secretville", self._values(by_city, self.sales, domain))
        self.assertEqual(self._values(by_city, self.sales, domain, term="secret"), {})

    # Values

    def test_a_dropdown_holds_the_values_in_use_with_their_number(self):
        partners = self.env["res.partner"].create(
            [
                {"name": "A", "city": "Bonn", "is_company": True},
                {"name": "B", "city": "aachen"},
                {"name": "C", "city": "Bonn"},
                {"name": "D", "city": ""},
                {"name": "E"},
            ]
        )
        tags = self.env["res.partner.category"].create([{"name": "Hot"}, {"name": "Cold"}, {"name": "Unused"}])
        partners[0].category_id = tags[0] | tags[1]
        partners[1].category_id = tags[0]
        partners[0].country_id = self.env.ref("base.nl")
        domain = [("id", "in", partners.ids)]
        cases = {
            "city": {"aachen": 1, "Bonn": 2, "Not set": 2},
            "category_id": {"Cold": 1, "Hot": 2, "Not set": 3},
            "country_id": {"Netherlands": 1, "Not set": 4},
            "is_company": {"Yes": 1, "No": 4},
            "type": {"Contact": 5},
        }
        for path, expected in cases.items():
            with self.subTest(path):
                found = self._values(self._offer("res.partner", path), self.sales, domain)
                self.assertEqual(list(found.items()), list(expected.items()))

    def test_every_value_finds_as_many_records_as_it_says(self):
        partners = self.env["res.partner"].create(
            [{"name": "A", "city": "Bonn", "color": 3}, {"name": "B", "city": ""}, {"name": "C"}]
        )
        partners[0].category_id = self.env["res.partner.category"].create({"name": "Hot"})
        base = [("id", "in", partners.ids)]
        for path in ("city", "category_id", "is_company", "color", "user_id", "type"):
            search_field = self._offer("res.partner", path, mode="dropdown")
            for value in search_field.with_user(self.sales).get_values(base)["values"]:
                with self.subTest(path, value=value["label"]):
                    found = self.env["res.partner"].search_count([*base, (path, "in", [value["value"]])])
                    self.assertEqual(found, value["count"])

    def test_choices_come_in_their_order_and_colours(self):
        kinds = self.env["crm.choice"].search([("usage", "=", "kind")])[:2]
        kinds[0].write({"sequence": 99})
        kinds[1].write({"sequence": 1, "background_color": "#123456"})
        self._make_lead(kind_id=kinds[0].id)
        self._make_lead(kind_id=kinds[1].id)
        search_field = self._offer("crm.lead", "kind_id")
        values = search_field.with_user(self.sales).get_values([("team_id", "=", self.team.id)])["values"]
        self.assertEqual([value["value"] for value in values], [kinds[1].id, kinds[0].id])
        self.assertEqual(values[0]["background_color"], "#123456")

    def test_of_many_values_the_first_hundred_and_those_typed_for(self):
        partners = self.env["res.partner"].create([{"name": f"N{n}", "city": f"Town {n:03}"} for n in range(150)])
        domain = [("id", "in", partners.ids)]
        search_field = self._offer("res.partner", "city").with_user(self.sales)
        values = search_field.get_values(domain)
        self.assertEqual((len(values["values"]), values["more"]), (100, True))
        typed = search_field.get_values(domain, "town 14")
        self.assertEqual((len(typed["values"]), typed["more"]), (10, False))

    def test_opening_a_list_or_a_dropdown_takes_few_queries(self):
        for path in ("name", "city", "country_id", "industry_id", "category_id", "user_id"):
            self._offer("res.partner", path)
        search_fields = self.fields.with_user(self.sales)
        search_fields.get_controls("res.partner")
        self.env.invalidate_all()
        with self.assertQueryCount(3):
            controls = search_fields.get_controls("res.partner")
        self.assertEqual(len(controls), 6)
        for control in controls:
            search_field = search_fields.browse(control["id"])
            search_field.get_values([])
            self.env.invalidate_all()
            with self.subTest(control["path"]), self.assertQueryCount(6):
                search_field.get_values([])


@tagged("post_install", "-at_install")
class TestPutOnTheBoard(SalesBoardCase):
    """Customers of a search become projects to begin with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].create(
            [{"name": f"Customer {n}", "is_company": True} for n in range(3)]
        )
        cls.domain = [("id", "in", cls.customers.ids)]

    def _put(self, user=None, domain=None, **kwargs):
        values = {"team_id": self.team.id, "subject": "Autumn campaign", **kwargs}
        partners = self.env["res.partner"].with_user(user or self.sales)
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
        message = wizard.action_put()["params"]["message"]
        self.assertIn("2 projects were put on the board", message)
        self.assertIn("1 customers were left out", message)

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

    def test_a_thousand_customers_at_once(self):
        customers = self.env["res.partner"].create([{"name": f"Bulk {n}", "is_company": True} for n in range(1000)])
        domain = [("id", "in", customers.ids)]
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(100):
            self.assertEqual(self._put(domain=domain), {"made": 1000, "skipped": 0})
            self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(20):
            self.assertEqual(self._put(domain=domain), {"made": 0, "skipped": 1000})
        self.assertEqual(len(self._projects(customers)), 1000)


@tagged("post_install", "-at_install")
class TestSearchListScreen(SalesBoardScreen):
    """The pages as people use them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zebras = cls.env["res.partner"].create(
            [
                {"name": f"Zebra {number}", "city": city, "is_company": True}
                for number, city in enumerate(("Köln", "Köln", "Köln", "Bonn"))
            ]
        )
        cls.env["res.partner"].create({"name": "Zebra, Zoe", "city": "Bonn"})

    def test_search_save_reload_and_put_on_the_board(self):
        self.start_tour("/odoo/search-customers", "crm_salesboard_search_list", login="board_sales")
        favorite = self.env["ir.filters"].search([("name", "=", "Zebras in \"Köln's\"")])
        self.assertEqual(favorite.user_ids, self.sales)
        self.assertEqual(len(self.env["res.partner"].search(favorite._get_eval_domain())), 3)
        self.start_tour("/odoo/search-customers", "crm_salesboard_search_list_saved", login="board_sales")
        projects = self.env["crm.lead"].search([("partner_id", "in", self.zebras.ids)])
        self.assertEqual(projects.mapped("board_column_id.kind"), ["unprocessed"])
        self.assertEqual((projects.mapped("name"), projects.user_id), (["Autumn campaign"] * 4, self.sales))

    def test_projects_by_status_and_value(self):
        self._make_project("Zebra one", "status", "Prospect", 500, 20, "2024-05-01")
        self._make_project("Zebra two", "order", "Order", 2000, 100, "2024-05-02")
        self.start_tour("/odoo/search-projects", "crm_salesboard_search_projects", login="board_manager")
