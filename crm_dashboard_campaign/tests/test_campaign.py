from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.crm_campaign.tests.test_campaign_success import SuccessCase


@tagged("post_install", "-at_install")
class TestCampaignFigures(SuccessCase):
    """What the dashboard sums up is what the page of success shows."""

    def setUp(self):
        super().setUp()
        self._tell()
        self.campaign.cost_planned = 500

    def _sum(self, model, name, domain, user=None):
        records = self._as(user or self.manager, self.env[model]).with_context(active_test=False)
        [(value,)] = records._read_group(domain, [], [f"{name}:sum"])
        return value

    def test_the_won_value_is_that_of_the_page_of_success(self):
        leads = [("campaign_id", "=", self.campaign.id)]
        self.assertEqual(self._sum("crm.lead", "campaign_value", leads), 1250)
        self.assertEqual(self._success()["values"]["won"], 1250)
        self.assertEqual([self.won.campaign_value, self.lost.campaign_value, self.lead.campaign_value], [1000, 0, 0])

    def test_a_won_project_without_a_process_counts_with_its_projected_value(self):
        native = self._make_campaign_lead(self.people[2], team_id=False, expected_revenue=70)
        native.action_set_won()
        self.assertFalse(native.order_basis)
        self.assertEqual(native.campaign_value, 70)
        self.assertEqual(self._sum("crm.lead", "campaign_value", [("id", "=", native.id)]), 70)
        self.assertEqual(self._success()["values"]["won"], 1320)

    def test_the_planned_cost_counts_until_there_is_an_actual_one(self):
        mine = [("id", "=", self.campaign.id)]
        self.assertEqual((self.campaign.cost, self._sum("utm.campaign", "cost", mine)), (500, 500))
        self.campaign.cost_actual = 400
        self.assertEqual((self.campaign.cost, self._sum("utm.campaign", "cost", mine)), (400, 400))

    def test_costs_of_other_currencies_are_added_up_in_that_of_the_present_company(self):
        currency = self.env["res.currency"].create({"name": "QQQ", "symbol": "Q"})
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "company_id": False, "name": "2000-01-01", "rate": 4}
        )
        self.away.currency_id = currency
        self.manager.company_ids |= self.away
        foreign = self._make_campaign("Foire", company_id=self.away.id, cost_planned=400)
        campaigns = self.env["utm.campaign"].with_user(self.manager)
        both = [("id", "in", (self.campaign | foreign).ids)]
        companies = self.home | self.away
        campaigns = campaigns.with_context(allowed_company_ids=companies.ids, salesboard_one_currency=True)
        converted = currency._convert(400, self.home.currency_id, self.away, fields.Date.today(), round=False)
        self.assertNotEqual(converted, 400)
        for name in ("cost", "cost_to_return"):
            [(total,)] = campaigns._read_group(both, [], [f"{name}:sum"])
            self.assertAlmostEqual(total, 500 + converted, 2, name)

    def test_the_cost_of_a_return_is_for_who_sees_all_that_it_brought(self):
        mine = [("id", "=", self.campaign.id)]
        self.assertEqual(self._as(self.manager, self.campaign).cost_to_return, 500)
        self.assertEqual(self._as(self.marketing, self.campaign).cost_to_return, 0)
        self.assertEqual(self._sum("utm.campaign", "cost_to_return", mine, user=self.marketing), 0)
        self.assertEqual(self._sum("utm.campaign", "cost_to_return", mine), 500)

    def test_the_list_shows_won_value_and_return_of_the_page_of_success(self):
        campaign = self._as(self.manager, self.campaign)
        values = self._success()["values"]
        self.assertEqual(campaign.success_value, values["won"])
        self.assertEqual(campaign.success_return, values["return"] / 100)
        self.assertEqual(campaign.success_return, 1.5)

    def test_cost_and_return_are_for_those_who_make_campaigns(self):
        for name in ("cost", "success_value", "success_return"):
            with self.assertRaises(AccessError):
                self._as(self.sales, self.campaign)[name]
        with self.assertRaises(AccessError):
            self._sum("utm.campaign", "cost", [("id", "=", self.campaign.id)], user=self.sales)

    def test_campaigns_of_companies_that_one_does_not_work_in_are_left_out(self):
        away = self._make_campaign("Foire", company_id=self.away.id)
        free = self._make_campaign("Everywhere", company_id=False)
        all_three = self._as(self.manager, self.campaign | away | free)
        of_mine = all_three.search([("id", "in", all_three.ids), ("is_of_my_companies", "=", True)])
        self.assertEqual(set(of_mine.ids), {self.campaign.id, free.id})
        self.assertEqual(all_three.filtered("is_of_my_companies"), self._as(self.manager, self.campaign | free))
        self.assertEqual(
            all_three.search([("id", "in", all_three.ids), ("is_of_my_companies", "=", False)]).ids, away.ids
        )
