from lxml import etree
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestChoice(SalesBoardCase):
    """Choice lists: an administrator maintains them, and everybody else chooses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kinds = cls.env.ref("crm_salesboard.crm_choice_list_kind")
        cls.kind, cls.other_kind = cls.kinds.choice_ids[:2]
        cls.chances = cls.env.ref("crm_salesboard.crm_choice_list_chance")
        cls.half = cls.chances.choice_ids.filtered(lambda chance: chance.percentage == 50)
        cls.quarter = cls.chances.choice_ids.filtered(lambda chance: chance.percentage == 25)

    def _offered(self, name="", **context):
        found = self.env["crm.choice"].with_user(self.sales).with_context(**context)
        return [label for _id, label in found.name_search(name, [("usage", "=", "kind")])]

    # ------------------------------------------------------------
    # Maintaining
    # ------------------------------------------------------------

    def test_a_manager_maintains_a_list(self):
        with Form(self.env["crm.choice.list"].with_user(self.manager)) as form:
            form.name = "Sector"
            for name, short in (("Public services", "Public"), ("Industry", False)):
                with form.choice_ids.new() as choice:
                    choice.name = name
                    choice.short_name = short
                    choice.background_color = "#DBEAFE"
                    choice.text_color = "#1e40af"
        sector = form.record
        public, industry = sector.choice_ids
        self.assertEqual((public.short_name, public.text_color), ("Public", "#1e40af"))
        industry.sequence, public.sequence = 1, 2
        sector.invalidate_recordset()
        self.assertEqual(sector.choice_ids.mapped("name"), ["Industry", "Public services"])

    def test_the_order_of_the_list_is_the_order_offered(self):
        names = self.kinds.choice_ids.mapped("name")
        self.assertEqual(self._offered()[: len(names)], names)
        self.kinds.choice_ids[-1].sequence = -1
        self.assertEqual(self._offered()[0], names[-1])

    def test_an_archived_choice_stays_and_is_offered_no_more(self):
        lead = self._make_lead(kind_id=self.kind.id)
        self.kind.with_user(self.manager).action_archive()
        self.assertNotIn(self.kind.name, self._offered())
        self.assertNotIn(self.kind.name, self._offered(self.kind.name))
        self.assertEqual(lead.with_user(self.sales).kind_id, self.kind)
        spec = {"kind_id": {"fields": {"display_name": {}, "background_color": {}}}}
        read = lead.with_user(self.sales).web_read(spec)[0]["kind_id"]
        self.assertEqual(read["display_name"], self.kind.name)
        lead.with_user(self.sales).expected_revenue = 5
        self.assertEqual(lead.kind_id, self.kind)

    def test_a_used_choice_is_not_deleted_and_the_uses_are_counted_by_model(self):
        self._make_lead(kind_id=self.kind.id)
        self._close(self._make_lead(kind_id=self.kind.id, user_id=self.other.id), "lost")
        uses = self.env["crm.lead"].with_context(active_test=False).search_count([("kind_id", "=", self.kind.id)])
        with self.assertRaisesRegex(UserError, rf"{self.kind.name} is used by {uses} × Lead.*[Aa]rchive") as caught:
            self.kind.with_user(self.manager).unlink()
        self.assertNotIn("crm.lead", str(caught.exception))
        self.assertEqual(self.kind.use_count, uses)
        with self.assertRaises(UserError):
            self.kinds.with_user(self.manager).unlink()

    def test_an_unused_choice_is_deleted(self):
        choice = self.kinds.choice_ids.create({"list_id": self.kinds.id, "name": "Passing"})
        choice.with_user(self.manager).unlink()
        self.assertFalse(choice.exists())

    def test_the_uses_of_many_choices_are_counted_in_a_query_per_field(self):
        fields_count = len(self.env["crm.choice"]._using_fields())
        choices = self.env["crm.choice"].create(
            [{"list_id": self.kinds.id, "name": f"Kind {number}"} for number in range(100)]
        )
        self._make_lead(kind_id=choices[7].id)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(fields_count + 2):
            self.assertEqual(sum(choices.mapped("use_count")), 1)

    def test_a_used_choice_stays_in_its_list(self):
        self._make_lead(kind_id=self.kind.id)
        with self.assertRaisesRegex(UserError, "Leave it in its list"):
            self.kind.with_user(self.manager).list_id = self.chances
        self.kind.list_id = self.kinds

    def test_a_list_keeps_its_use(self):
        with self.assertRaisesRegex(UserError, "holds choices already"):
            self.kinds.with_user(self.manager).usage = "chance"

    def test_a_copied_list_has_the_same_choices(self):
        copy = self.kinds.with_user(self.manager).copy()
        self.assertEqual(copy.choice_ids.mapped("name"), self.kinds.choice_ids.mapped("name"))
        self.assertEqual(copy.name, f"{self.kinds.name} (copy)")
        self.assertFalse(copy.choice_ids & self.kinds.choice_ids)
        self.assertEqual(self.kind.copy().name, f"{self.kind.name} (copy)")

    # ------------------------------------------------------------
    # Bad input
    # ------------------------------------------------------------

    def test_bad_names_are_refused(self):
        create = self.env["crm.choice"].with_user(self.manager).create
        for name in ("", "   ", self.kind.name, f" {self.kind.name.upper()} "):
            with self.subTest(name=name), self.assertRaisesRegex(ValidationError, "already|has no name"):
                create({"list_id": self.kinds.id, "name": name})
        with self.assertRaises(IntegrityError), self.cr.savepoint(), mute_logger("odoo.sql_db"):
            create({"list_id": self.kinds.id, "name": False})
        with self.assertRaisesRegex(ValidationError, "already. Choose another name"):
            self.other_kind.with_user(self.manager).name = self.kind.name
        with self.assertRaisesRegex(ValidationError, "has no name"):
            self.other_kind.with_user(self.manager).name = " "

    def test_the_same_name_in_two_lists_and_after_archiving_is_fine(self):
        self.env["crm.choice"].create({"list_id": self.chances.id, "name": self.kind.name})
        self.kind.active = False
        twin = self.env["crm.choice"].create({"list_id": self.kinds.id, "name": self.kind.name})
        with self.assertRaisesRegex(ValidationError, "already"):
            self.kind.active = True
        self.assertTrue(twin.active)

    def test_names_of_any_kind_are_kept(self):
        for name in ("x" * 500, "🚀 Rocket", "<script>alert(1)</script>", "100 % ' \" ; --"):
            self.kind.with_user(self.manager).name = name
            self.assertEqual(self.kind.name, name)
            self.assertIn(name, self._offered(name))

    def test_colours_are_hex_values(self):
        for color in ("red", "#12345", "#1234567", "#GGGGGG", "rgb(0,0,0)", "#fff; position: fixed", "123456"):
            for name in ("text_color", "background_color"):
                with self.subTest(color=color), self.assertRaisesRegex(ValidationError, "is not a colour"):
                    self.kind.with_user(self.manager).write({name: color})
        self.kind.write({"text_color": False, "background_color": False})

    def test_a_weight_lies_between_0_and_100(self):
        for percentage in (-1, 100.01):
            with (
                self.subTest(percentage=percentage),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                self.half.percentage = percentage
                self.env.flush_all()

    def test_only_choices_of_the_right_list_are_accepted(self):
        lead = self._make_lead().with_user(self.sales)
        for values in ({"kind_id": self.half.id}, {"chance_id": self.kind.id}, {"subject_id": self.kind.id}):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, "is not offered as"):
                lead.write(values)

    def test_a_choice_that_is_not_there_is_an_error_of_the_caller(self):
        lead = self._make_lead().with_user(self.sales)
        for name in ("kind_id", "chance_id", "subject_id"):
            with (
                self.subTest(name=name),
                self.assertRaises(MissingError),
                self.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                lead.write({name: 2**31 - 1})
                self.env.flush_all()

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    def test_others_read_the_lists_and_change_nothing(self):
        for user in (self.sales, self.all_leads, self.outsider):
            choice = self.kind.with_user(user)
            self.assertTrue(choice.name)
            for model, values in (
                ("crm.choice", {"name": "Mine", "list_id": self.kinds.id}),
                ("crm.choice.list", {"name": "Mine"}),
            ):
                record = (self.kind if model == "crm.choice" else self.kinds).with_user(user)
                with self.subTest(user=user.login, model=model):
                    for change in (
                        lambda record=record, values=values: record.create(values),
                        lambda record=record: record.write({"name": "Mine"}),
                        lambda record=record: record.unlink(),
                    ):
                        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
                            change()

    def test_settings_lead_a_manager_where_the_menus_lead(self):
        view = self.env["res.config.settings"].get_view(self.env.ref("base.res_config_settings_view_form").id, "form")
        block = etree.fromstring(view["arch"]).find(".//app[@name='crm']//block[@name='salesboard_setting_container']")
        actions = {int(button.get("name")) for button in block.iter("button")}
        menus = self.env["ir.ui.menu"].search([("parent_id", "child_of", self.env.ref("crm.crm_menu_config").id)])
        menus = menus.filtered("action")
        self.assertLessEqual(actions, {menu.action.id for menu in menus})
        self.assertIn(self.env.ref("crm_salesboard.crm_choice_list_action").id, actions)
        for user, allowed in ((self.manager, True), (self.sales, False), (self.outsider, False)):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            for name in ("crm_process_menu", "crm_choice_list_menu", "crm_custom_field_menu"):
                menu = self.env.ref(f"crm_salesboard.{name}")
                self.assertEqual(menu.id in visible, allowed, f"{name} for {user.login}")

    # ------------------------------------------------------------
    # Search panel
    # ------------------------------------------------------------

    def test_the_search_panel_knows_the_colours(self):
        self._make_lead(kind_id=self.kind.id)
        leads = self.env["crm.lead"].with_user(self.sales)
        domain = [("team_id", "=", self.team.id)]
        wanted = {
            "id": self.kind.id,
            "display_name": self.kind.name,
            "text_color": self.kind.text_color,
            "background_color": self.kind.background_color,
            "__count": 1,
        }
        one = leads.search_panel_select_range("kind_id", search_domain=domain, enable_counters=True)
        self.assertEqual(one["values"], [wanted])
        several = leads.search_panel_select_multi_range("kind_id", search_domain=domain, enable_counters=True)
        self.assertEqual(several["values"], [wanted])
        everything = leads.search_panel_select_range("kind_id", expand=True, search_domain=domain)["values"]
        self.assertGreaterEqual(len(everything), len(self.kinds.choice_ids))
        teams = leads.search_panel_select_range("team_id", search_domain=domain)["values"]
        self.assertEqual([(team["id"], "text_color" in team) for team in teams], [(self.team.id, False)])
        self.assertIn("error_msg", leads.search_panel_select_range("kind_id", expand=True, limit=1))

    def test_the_search_panel_asks_once_for_the_colours(self):
        for number in range(20):
            choice = self.kinds.choice_ids.create({"list_id": self.kinds.id, "name": f"Kind {number}"})
            self._make_lead(kind_id=choice.id)
        leads = self.env["crm.lead"].with_user(self.sales)
        domain = [("team_id", "=", self.team.id)]
        leads.search_panel_select_range("kind_id", search_domain=domain)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            self.assertEqual(len(leads.search_panel_select_range("kind_id", search_domain=domain)["values"]), 20)
