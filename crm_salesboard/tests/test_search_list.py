from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SalesBoardCase


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
