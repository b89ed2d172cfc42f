from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FunnelCase


@tagged("post_install", "-at_install")
class TestFunnelRights(FunnelCase):
    """Everybody counts what they may see, and nothing else; no figure is made with other rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._make_user("cast_accountant", "account.group_account_invoice")
        cls.member = cls._make_user("cast_member", "sales_team.group_sale_salesman")

    def _count(self, user, **context):
        steps = list(self._steps(user, **context).values())
        return steps[0]["reached"]["count"] if steps else 0

    def _days(self, user):
        return self.env["crm.lead"].with_user(user).get_funnel_days(self.domain)

    def test_each_role_counts_what_it_sees(self):
        with self.at("2026-03-01 12:00:00"):
            mine = self._through(self.at_prospect)
            self._through(self.at_prospect, user_id=self.other.id)
            self._through(self.at_prospect, user_id=False)
            self._through(self.at_prospect, user_id=self.manager.id)
        with self.at("2026-03-05 12:00:00"):
            self._put(mine, self.at_offer)
        counts = {
            self.sales: 2,  # own, and what nobody owns
            self.other: 2,
            self.all_leads: 4,
            self.manager: 4,
            self.accountant: 4,
        }
        for user, count in counts.items():
            with self.subTest(user.login):
                self.assertEqual(self._count(user), count)
                self.assertEqual(self._days(user), {} if user == self.other else {self.at_prospect.id: 4.0})

    def test_who_has_nothing_to_do_with_sales_gets_no_figure(self):
        self._through(self.at_prospect)
        leads = self.env["crm.lead"].with_user(self.outsider)
        for call in (leads.get_funnel, leads.get_funnel_days):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
                call(self.domain)

    def test_a_project_that_is_shared_counts_for_whom_it_is_shared_with(self):
        lead = self._through(self.at_prospect)
        self.assertEqual(self._count(self.other), 0)
        lead.linked_user_ids = [Command.create({"user_id": self.other.id})]
        self.assertEqual(self._count(self.other), 1)

    def test_a_restricted_project_is_in_nobody_elses_figures(self):
        group = self.env["res.groups"].create({"name": "Directors", "user_ids": self.member.ids})
        with self.at("2026-03-01 12:00:00"):
            lead = self._through(self.at_prospect)
        with self.at("2026-03-05 12:00:00"):
            self._put(lead, self.at_offer, self._column("lost"))
        lead.write({"is_restricted": True, "access_group_ids": [Command.link(group.id)]})
        for user in (self.sales, self.member):
            self.assertEqual(self._count(user), 1, user.login)
            self.assertEqual(self._days(user)[self.at_prospect.id], 4)
        for user in (self.manager, self.all_leads, self.other, self.accountant):
            with self.subTest(user.login):
                self.assertEqual(self._count(user), 0)
                self.assertEqual(self._days(user), {})
                leads = self.env["crm.lead"].with_user(user).with_context(active_test=False)
                action = leads.action_open_funnel(self.domain, self.at_offer.id, "dropped")
                self.assertFalse(leads.search(action["domain"]))

    def test_no_filter_gets_around_the_rights(self):
        self._through(self.at_prospect, user_id=self.other.id)
        leads = self.env["crm.lead"].with_user(self.sales)
        for domain in ([], [(1, "=", 1)], ["|", ("id", "!=", False), ("team_id", "=", self.team.id)]):
            funnel = leads.get_funnel(domain)
            self.assertNotIn(self.process.id, [process["id"] for process in funnel["processes"]])

    def test_the_history_itself_stays_the_managers(self):
        lead = self._through(self.at_prospect, self.at_offer)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            lead.move_ids.with_user(self.sales).read(["days"])
        self.assertTrue(lead.move_ids.with_user(self.manager).read(["days"]))

    # ------------------------------------------------------------
    # Companies
    # ------------------------------------------------------------

    def _make_companies(self):
        dollar, euro = self.env.ref("base.USD"), self.env.ref("base.EUR")
        (dollar | euro).active = True
        mine, theirs = self.env["res.company"].create(
            [{"name": "Mine", "currency_id": euro.id}, {"name": "Theirs", "currency_id": dollar.id}]
        )
        self.env["res.currency.rate"].search([]).unlink()
        for day, rate in (("2026-01-01", 2.0), ("2026-06-01", 4.0)):
            self.env["res.currency.rate"].create(
                [
                    {"currency_id": dollar.id, "company_id": mine.id, "name": day, "rate": rate},
                    {"currency_id": euro.id, "company_id": theirs.id, "name": day, "rate": 1 / rate},
                ]
            )
        self.manager.write({"company_ids": [Command.link(mine.id), Command.link(theirs.id)]})
        self.team.company_id = False
        return mine, theirs

    def _make_in(self, company, *columns, **values):
        return self._through(
            *columns,
            partner_id=False,
            company_id=company.id,
            user_id=self.manager.id,
            expected_revenue=100,
            **values,
        )

    def test_only_the_companies_that_are_switched_on_count(self):
        mine, theirs = self._make_companies()
        self._make_in(mine, self.at_offer)
        self._make_in(theirs, self.at_offer)
        for companies, count in (([mine.id], 1), ([theirs.id], 1), ([mine.id, theirs.id], 2)):
            self.assertEqual(self._count(self.manager, allowed_company_ids=companies), count)

    def test_values_of_other_currencies_are_converted_as_on_the_board(self):
        mine, theirs = self._make_companies()
        self._make_in(mine, self.at_offer)
        for day in ("2026-02-01", "2026-07-01"):
            lead = self._make_in(theirs, self.at_offer)
            self._put(lead, self._column("lost"), date_closed=f"{day} 12:00:00")
            lead = self._make_in(theirs, self.at_offer)
            self._put(lead, self.at_order, date_closed=f"{day} 12:00:00")
        funnel = self._funnel(allowed_company_ids=[mine.id, theirs.id])
        offer = {step["column_id"]: step for step in funnel["steps"]}[self.at_offer.id]
        self.assertEqual((offer["reached"]["count"], offer["open"]["count"], offer["dropped"]["count"]), (5, 1, 2))
        self.assertAlmostEqual(offer["dropped"]["projected"], 50 + 25)
        self.assertAlmostEqual(offer["reached"]["projected"], 100 + 2 * (50 + 25))
        self.assertAlmostEqual(funnel["won"]["actual"], 50 + 25)
        (reason,) = offer["reasons"]
        self.assertEqual(reason["count"], 2)
        board = self.env["crm.lead"].with_user(self.manager)
        board = board.with_context(allowed_company_ids=[mine.id, theirs.id]).get_salesboard(self.domain)
        self.assertAlmostEqual(board["total"]["projected"], offer["reached"]["projected"])
