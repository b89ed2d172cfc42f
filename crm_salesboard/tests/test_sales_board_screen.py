from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger


class SalesBoardScreen(HttpCase):
    """A small board whose figures the tours know by heart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        # The board of every other team would add to the figures.
        for team in env["crm.team"].search([("process_id", "!=", False)]):
            team.switch_process(env["crm.process"])
        cls.process = env.ref("crm_salesboard.crm_process_standard")
        cls.columns = {(column.kind, column.name): column for column in cls.process.column_ids}
        cls.manager = cls._make_user("board_manager", "Mila Board", "sales_team.group_sale_manager")
        cls.sales = cls._make_user("board_sales", "Sanne de Board", "sales_team.group_sale_salesman")
        cls.team = env["crm.team"].create({"name": "Board", "process_id": cls.process.id, "user_id": cls.manager.id})
        cls.team.member_ids = cls.manager | cls.sales
        cls.reason = env["crm.lost.reason"].create({"name": "Too slow"})

    @classmethod
    def _make_user(cls, login, name, group):
        user = (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": name,
                    "login": login,
                    "password": login,
                    "email": f"{login}@example.com",
                    "tz": "UTC",
                    "group_ids": [(6, 0, [cls.env.ref("base.group_user").id, cls.env.ref(group).id])],
                }
            )
        )
        user.group_ids += cls.env.ref("base.group_partner_manager")
        return user.with_env(cls.env)

    @classmethod
    def _make_project(cls, subject, kind, column, value, weight, day=False, owner=None, scored=False, **values):
        lead = cls.env["crm.lead"].create(
            {
                "name": subject,
                "type": "opportunity",
                "team_id": cls.team.id,
                "user_id": (owner or cls.manager).id,
                "expected_revenue": value,
                "board_column_id": cls.columns[kind, column].id,
                **values,
            }
        )
        if kind == "status":
            lead.write({"probability": weight, "automated_probability": weight if scored else 1, "date_deadline": day})
        else:
            lead.date_closed = f"{day} 12:00:00"
        return lead

    @classmethod
    def _make_board(cls):
        make = cls._make_project
        make("Alpha rollout", "status", "Prospect", 1000, 20, "2024-05-01")
        make("Beta replacement", "status", "Prospect", 2000, 20, False, cls.sales, scored=True)
        make("Gamma data room", "status", "Offer", 5000, 50, "2030-01-15")
        make("Delta fleet", "order", "Order", 900, 100, "2024-04-11", cls.sales, actual_revenue=800)
        make("Epsilon pilot", "lost", "Lost", 700, 0, "2024-07-24", lost_reason_id=cls.reason.id)
        cls.env["crm.lead"].create(
            {"name": "Web form", "type": "lead", "team_id": cls.team.id, "user_id": cls.manager.id}
        )


@tagged("post_install", "-at_install")
class TestSalesBoardScreen(SalesBoardScreen):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_board()

    def _tour(self, name, login="board_manager", url="/odoo/sales-board"):
        self.start_tour(url, name, login=login)

    def test_cards_are_dragged_closed_undone_and_the_sums_follow(self):
        self._tour("salesboard_moves")

    def test_cancelling_and_the_column_switches_are_remembered_per_user(self):
        self._tour("salesboard_cancel_and_switches")
        self._tour("salesboard_switches_remembered")

    def test_period_and_owner_filter_the_board_and_its_list_alike(self):
        self._tour("salesboard_period_and_owner")

    def test_a_click_on_a_sum_opens_the_list_that_adds_up_to_it(self):
        self._tour("salesboard_sum_opens_its_list")

    def test_value_and_weight_are_edited_on_the_card(self):
        self._tour("salesboard_edit_on_card")

    def test_who_moves_a_card_that_somebody_else_has_moved_is_told(self):
        with mute_logger("odoo.http"):  # the server logs what it tells the user
            self._tour("salesboard_two_users")
        lead = self.env["crm.lead"].search([("name", "=", "Gamma data room")])
        self.assertEqual(lead.board_column_id, self.columns["status", "Prospect"])

    def test_a_project_is_made_in_the_column_it_is_typed_into(self):
        self._tour("salesboard_quick_create")
        lead = self.env["crm.lead"].search([("name", "=", "Zeta extension")])
        self.assertEqual(lead.board_column_id, self.columns["status", "Prospect"])
        self.assertEqual(lead.team_id, self.team)

    def test_the_crm_app_opens_with_the_board_for_a_team_on_a_process(self):
        self._tour("salesboard_app_opens_board", login="board_sales", url="/odoo")


@tagged("post_install", "-at_install")
class TestSalesBoardPhone(SalesBoardScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_the_bar_works_on_a_phone(self):
        self._make_board()
        self.start_tour("/odoo/sales-board", "salesboard_phone", login="board_manager")


@tagged("post_install", "-at_install")
class TestSalesBoardOff(SalesBoardScreen):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.switch_process(cls.env["crm.process"])
        stage = cls.env["crm.stage"].search([("name", "=", "Proposition")], limit=1)
        stage = stage or cls.env["crm.stage"].create({"name": "Proposition"})
        cls.lead = cls.env["crm.lead"].create(
            {"name": "From before", "type": "opportunity", "team_id": cls.team.id, "stage_id": stage.id}
        )

    def test_the_empty_board_offers_a_manager_to_switch_teams_on(self):
        self.start_tour("/odoo/sales-board", "salesboard_switch_on", login="board_manager")
        self.assertEqual(self.team.process_id, self.process)
        self.assertEqual(self.lead.board_column_id.kind, "status")

    def test_the_empty_board_tells_a_salesperson_whom_to_ask(self):
        self.start_tour("/odoo/sales-board", "salesboard_off_for_salesperson", login="board_sales")


@tagged("post_install", "-at_install")
class TestSalesBoardUnits(HttpCase):
    def test_javascript_units(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&filter=@crm_salesboard",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
        )


@tagged("post_install", "-at_install")
class TestSalesBoardManyCards(SalesBoardScreen):
    """A column of 65 cards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].create(
            [
                {"name": f"Project {number:02}", "type": "opportunity", "team_id": cls.team.id, "expected_revenue": 10}
                | {"date_deadline": f"2030-01-{1 + number // 3:02}", "user_id": cls.manager.id}
                for number in range(65)
            ]
        )

    def test_the_board_loads_what_is_seen_and_the_rest_on_scrolling(self):
        self.start_tour("/odoo/sales-board", "salesboard_scroll", login="board_manager")
