from itertools import product
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .common import FunnelCase

SPECS = ("user_id", "board_column_id", "won_status", "board_date:month", "funnel_date:quarter", "lost_reason_id")
SUMS = ["__count", "expected_revenue:sum", "actual_revenue:sum"]


@tagged("post_install", "-at_install")
class TestGroups(FunnelCase):
    """Dashboards count the smallest groups alone, and get what Odoo would have counted one group after the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # names that sort otherwise than ids do, and one that has no project
        for name, user in zip(("Zoe", "Ada"), (cls.sales, cls.other), strict=True):
            user.name = name
        for amount, user in enumerate((cls.sales, cls.other, cls.env["res.users"]), 1):
            cls._make_lead(user_id=user.id, expected_revenue=amount, date_deadline=f"2026-0{amount}-15")
            cls._make_lead(user_id=user.id, expected_revenue=10.1 * amount, board_column_id=cls.at_offer.id)
        won = cls._make_lead(user_id=cls.sales.id, expected_revenue=500)
        won.write({"board_column_id": cls.at_order.id})
        lost = cls._make_lead(user_id=cls.sales.id, expected_revenue=7)
        lost.write({"board_column_id": cls._column("lost").id, "lost_reason_id": cls.reason.id})

    def _leads(self, **context):
        return self.env["crm.lead"].with_user(self.manager).with_context(active_test=False, **context)

    def _as_natively(self):
        """Let PostgreSQL do all of it again."""
        return patch.object(type(self.env["crm.lead"]), "_get_group_order", lambda *_args: None)

    def _both(self, method, *args, **kwargs):
        leads = self._leads(salesboard_one_currency=True)
        with self._as_natively():
            natively = getattr(leads, method)(self.domain, *args, **kwargs)
        return getattr(leads, method)(self.domain, *args, **kwargs), natively

    def test_groups_of_groups_are_the_same_and_in_the_same_order(self):
        for first, second in product(SPECS, SPECS):
            if first == second:
                continue
            sets = [[], [first], [second], [first, second]]
            for order in ("", f"{first}, {second}", f"{second} desc, {first}", f"{first} DESC, {second} asc"):
                with self.subTest(first=first, second=second, order=order):
                    ours, natively = self._both("formatted_read_grouping_sets", sets, SUMS, order=order)
                    self.assertEqual(ours, natively)

    def test_groups_are_the_same_and_in_the_same_order(self):
        for spec, direction in product(SPECS, ("", " desc", " asc nulls first")):
            with self.subTest(spec=spec, direction=direction):
                ours, natively = self._both("formatted_read_group", [spec], SUMS, order=spec + direction)
                self.assertEqual(ours, natively)

    def test_salespeople_are_in_the_order_of_their_names_and_nobody_comes_last(self):
        ours, _natively = self._both("_read_group", ["user_id"], ["__count"], order="user_id")
        self.assertEqual([user.name for user, _count in ours], ["Ada", "Zoe", False])

    def test_whose_projects_are_seen_is_in_order_also_where_the_salesperson_is_not_to_be_seen(self):
        self.env["ir.rule"].create(
            {
                "name": "Not Ada",
                "model_id": self.env.ref("base.model_res_users").id,
                "domain_force": f"[('id', '!=', {self.other.id})]",
            }
        )
        self.env.invalidate_all()
        self.assertFalse(self.env["res.users"].with_user(self.manager).search([("id", "=", self.other.id)]))
        for spec in ("user_id", "user_id desc"):
            with self.subTest(order=spec):
                ours, natively = self._both("_read_group", ["user_id"], ["__count"], order=spec)
                self.assertEqual(ours, natively)
                self.assertIn(self.other.id, [user.id for user, _count in ours])

    def test_the_biggest_groups_a_page_of_groups_and_a_condition_on_them_are_left_to_postgresql(self):
        for kwargs in (
            {"order": "expected_revenue:sum desc"},
            {"order": "user_id", "limit": 1},
            {"order": "user_id", "offset": 1, "limit": 1},
            {"order": "user_id", "having": [("__count", ">", 2)]},
        ):
            with self.subTest(**kwargs):
                ours, natively = self._both("formatted_read_group", ["user_id"], SUMS, **kwargs)
                self.assertTrue(ours)
                self.assertEqual(ours, natively)

    def test_what_does_not_add_up_is_counted_group_by_group(self):
        aggregates = ["expected_revenue:avg", "partner_id:count_distinct", "expected_revenue:max"]
        sets = [[], ["user_id"], ["user_id", "won_status"]]
        ours, natively = self._both("formatted_read_grouping_sets", sets, aggregates)
        self.assertEqual(ours, natively)

    def test_a_project_with_two_tags_is_counted_once_in_the_total(self):
        tags = self.env["crm.tag"].create([{"name": "Group one"}, {"name": "Group two"}])
        self._make_lead(tag_ids=[Command.set(tags.ids)])
        ours, natively = self._both("formatted_read_grouping_sets", [[], ["tag_ids"]], ["__count"])
        self.assertEqual(ours, natively)

    def test_where_there_is_nothing_there_is_a_total_of_nothing_as_natively(self):
        leads = self._leads(salesboard_one_currency=True)
        sets = [[], ["user_id"]]
        domain = [("team_id", "=", self.team.id), ("name", "=", "there is none of this name")]
        ours = leads.formatted_read_grouping_sets(domain, sets, SUMS)
        with self._as_natively():
            self.assertEqual(ours, leads.formatted_read_grouping_sets(domain, sets, SUMS))

    def test_groups_that_nobody_asked_to_be_in_one_currency_are_odoos_own(self):
        leads = self._leads()
        self.assertIsNone(leads._get_group_order(["user_id"], "user_id"))

    def test_one_query_counts_and_one_more_sorts_by_names(self):
        leads = self._leads(salesboard_one_currency=True)
        sets = [[], ["user_id"], ["won_status"], ["user_id", "won_status"]]
        leads._read_grouping_sets(self.domain, sets, SUMS, order="won_status,user_id")
        with self.assertQueryCount(2):
            leads._read_grouping_sets(self.domain, sets, SUMS, order="won_status,user_id")

    def test_the_list_of_a_dashboard_does_not_count_what_it_does_not_show(self):
        specification = {"name": {}}
        shown = self._leads(dashboard_list=True).web_search_read(self.domain, specification, limit=2)
        self.assertEqual((len(shown["records"]), shown["length"]), (2, 2))
        listed = self._leads().web_search_read(self.domain, specification, limit=2)
        self.assertEqual((len(listed["records"]), listed["length"]), (2, 8))
