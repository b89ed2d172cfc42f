from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.crm_campaign.models.crm_campaign_figures import DELIVERED, REACTED
from odoo.addons.crm_campaign.tests.test_campaign_success import SuccessCase
from odoo.addons.crm_dashboard.tests.common_dashboard import DashboardCase

DASHBOARD = "crm_dashboard_campaign.spreadsheet_dashboard_campaigns"
VALUE = "CASE WHEN order_basis IS NULL THEN expected_revenue ELSE actual_revenue END"


class CampaignsCase(DashboardCase, SuccessCase):
    """The demo company, and the story of a campaign that is running, with a planned cost."""

    heads = {"Won Value": "campaign_value"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in cls.manager | cls.marketing:
            user.password = user.login

    def setUp(self):
        super().setUp()
        self._tell()
        running = self.env.ref("crm_campaign.utm_stage_running")
        self.campaign.write({"cost_planned": 500, "date_start": fields.Date.today(), "stage_id": running.id})
        self.env.flush_all()

    def _ask(self, what, table, where="TRUE"):
        """Ask for what is there of campaigns that people made, in the company of the manager."""
        self.env.flush_all()
        self.env.cr.execute(
            f"""SELECT {what} FROM utm_campaign campaign JOIN {table}
                 WHERE campaign.is_auto_campaign IS NOT TRUE
                   AND date_part('year', campaign.date_start) = date_part('year', CURRENT_DATE)
                   AND ({where})""",
            {"companies": self.manager.company_id.ids, "delivered": DELIVERED, "reacted": REACTED},
        )
        return self.env.cr.fetchone()[0] or 0

    def _expected(self):
        """``{title: (what a click adds up, value)}`` by queries of our own."""
        dispatch = """crm_campaign_dispatch dispatch ON dispatch.campaign_id = campaign.id
            JOIN crm_campaign_member member ON member.id = dispatch.member_id"""
        lead = "crm_lead lead ON lead.campaign_id = campaign.id"
        here = "lead.company_id IS NULL OR lead.company_id = ANY(%(companies)s)"
        project = f"({here}) AND lead.type = 'opportunity'"
        reached = "member.company_id = ANY(%(companies)s) AND outcome IN %({})s"
        cost = "sum(CASE WHEN cost_actual > 0 THEN cost_actual ELSE cost_planned END)"
        stage = "utm_stage stage ON stage.id = campaign.stage_id"
        mine = "campaign.company_id IS NULL OR campaign.company_id = ANY(%(companies)s)"
        active = f"({mine}) AND campaign.active AND stage.phase = 'running'"
        won = self._ask(f"sum({VALUE})", lead, f"{project} AND won_status = 'won'")
        spent = self._ask(cost, stage, mine)
        return {
            "Running": ("__count", self._ask("count(*)", stage, active)),
            "Reached": ("__count", self._ask("count(DISTINCT member.id)", dispatch, reached.format("delivered"))),
            "Reacted": ("__count", self._ask("count(DISTINCT member.id)", dispatch, reached.format("reacted"))),
            "Leads and Projects": ("__count", self._ask("count(*)", lead, here)),
            "Projects": ("__count", self._ask("count(*)", lead, project)),
            "Won Value": ("campaign_value", won),
            "Cost": ("cost", spent),
            "Return": (None, (won - float(spent)) / float(spent)),
        }

    def _of_the_story(self):
        return {"Responsible": {"operator": "in", "ids": self.manager.ids}}

    def _points(self, figures, title):
        """``{(bar, part of it): number}`` of the first form of a chart."""
        return {
            (point["label"], dataset["label"]): point["value"]
            for dataset in figures["charts"][title][0]["datasets"]
            for point in dataset["points"]
            if point["value"]
        }


@tagged("post_install", "-at_install")
class TestCampaigns(CampaignsCase):
    def test_a_sales_manager_reads_figures_that_a_query_confirms_each_with_its_records(self):
        main = self.env.ref("base.main_company")
        self.manager.write({"company_id": main.id, "company_ids": main.ids})
        figures = self.read(DASHBOARD, self.manager.login)
        self.assertFalse(figures["sample"])
        self.assert_scorecards(figures, self.manager.login, self._expected())
        self.assertGreater(self.assert_all_open(figures, self.manager.login), 15)

    def test_one_campaign_s_figures_are_those_of_its_page_of_success_if_it_began_in_the_period(self):
        figures, before = self.read_each(
            DASHBOARD, self.manager.login, [self._of_the_story(), {"Started": {"type": "year", "year": 2001}}]
        )
        self._assert_story(figures)
        cards = {title: card["value"] for title, card in before["scorecards"].items()}
        self.assertEqual([cards[title] for title in ("Running", "Reached", "Won Value", "Cost")], [1, 0, 0, 0])
        cards = {title: card["value"] for title, card in figures["scorecards"].items()}
        success = self._success()
        funnel = {row["key"]: row for row in success["funnel"]}
        self.assertEqual(
            (cards["Reached"], cards["Reacted"]), (funnel["delivered"]["count"], funnel["reacted"]["count"])
        )
        for title, key in (("Leads and Projects", "leads"), ("Projects", "projects")):
            self.assertEqual(cards[title], funnel[key]["count"] + funnel[key]["others"])
        values = success["values"]
        self.assertEqual((cards["Won Value"], cards["Cost"]), (values["won"], values["cost"]))
        self.assertEqual(cards["Return"], values["return"] / 100)
        [line] = self.table(figures, "Campaigns", 12)
        self.assertEqual(line[0], self.campaign.title)
        self.assertEqual(line[2:], [funnel["reacted"]["count"], values["won"], values["return"] / 100])

    def _assert_story(self, figures):
        """Charts and the table tell campaigns and channels apart."""
        name = self.campaign.title
        self.assertEqual(list(self._points(figures, "Won Value by Campaign").values()), [1250])
        happened = self._points(figures, "What Happened, by Campaign")
        self.assertEqual(sum(happened.values()), 11, "Eight e-mails and three calls")
        self.assertEqual({campaign for campaign, _outcome in happened}, {name})
        channels = self._points(figures, "What Happened, by Channel")
        self.assertEqual(channels["E-mail", "Answered"], 1)
        self.assertEqual(channels["Phone Call", "Answered"], 1)
        parts = self._points(figures, "Leads and Projects by Campaign")
        self.assertEqual(sorted(parts.values()), [2, 4])
        self.assertEqual(self._points(figures, "Campaigns by Phase"), {("Running", "Count"): 1})
        lines = {line[0]: line[1:] for line in self.table(figures, "What They Brought, by Channel")}
        self.assertEqual(lines["Email"], [2, 1, "", 1000])
        self.assertEqual(lines["Total"], [6, 2, 1, 1250])

    def test_what_one_may_not_see_is_in_no_figure(self):
        """Campaigns and leads of other companies, and restricted projects."""
        away = self._make_campaign("Foire", company_id=self.away.id, cost_planned=9000, date_start=fields.Date.today())
        self._make_campaign_lead(
            self.people[0], campaign_id=away.id, company_id=self.away.id, team_id=False, user_id=False
        )
        self.won.write({"user_id": self.sales.id, "is_restricted": True})
        figures = self.read(DASHBOARD, self.manager.login, self._of_the_story())
        cards = {title: card["value"] for title, card in figures["scorecards"].items()}
        self.assertEqual((cards["Leads and Projects"], cards["Cost"], cards["Won Value"]), (5, 500, 250))

    def test_an_archived_campaign_counts_with_its_cost_and_with_what_it_brought(self):
        self.campaign.active = False
        figures = self.read(DASHBOARD, self.manager.login, self._of_the_story())
        cards = {title: card["value"] for title, card in figures["scorecards"].items()}
        self.assertEqual([cards[title] for title in ("Running", "Reached", "Won Value", "Cost")], [0, 6, 1250, 500])
        self.assertEqual(cards["Return"], 1.5)
        self.assertEqual(self.opened(figures["scorecards"]["Cost"]["opens"], self.manager.login), self.campaign)

    def test_there_is_no_return_without_a_cost_nor_for_who_sees_their_own_leads_alone(self):
        """As on the page of success, where it would be without a cost; it would be a loss for the other."""
        self.marketing.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        own = self.read(DASHBOARD, self.marketing.login, self._of_the_story())["scorecards"]
        self.assertEqual((own["Cost"]["value"], own["Return"]["value"]), (500, ""))
        self.campaign.cost_planned = 0
        figures = self.read(DASHBOARD, self.manager.login, self._of_the_story())
        self.assertEqual(figures["scorecards"]["Return"]["value"], "")
        [line] = self.table(figures, "Campaigns", 12)
        self.assertEqual(line[3:], [1250, ""])

    def test_what_leads_of_a_campaign_of_another_company_brought_is_left_out_as_its_cost_is(self):
        away = self._make_campaign("Foire", company_id=self.away.id, cost_planned=9000, date_start=fields.Date.today())
        self._make_campaign_lead(self.people[0], campaign_id=away.id)
        cards = self.read(DASHBOARD, self.manager.login, self._of_the_story())["scorecards"]
        self.assertEqual((cards["Leads and Projects"]["value"], cards["Cost"]["value"]), (6, 500))

    def test_more_campaigns_than_a_table_has_lines_are_in_its_total(self):
        for number in range(12):
            campaign = self._make_campaign(f"Fair {number}", date_start=fields.Date.today())
            won = self._make_campaign_lead(None, campaign_id=campaign.id)
            self._close(won, "order", actual_revenue=100 + number)
        self.env.flush_all()
        figures = self.read(DASHBOARD, self.manager.login, self._of_the_story())
        total, *lines = self.chart_table(figures, "Campaign", "Number", "Won Value", limit=10)
        self.assertEqual(total[:3], ["Total", 14, 1250 + sum(range(100, 112))])
        self.assertEqual([line[2] for line in lines], [1250, *range(111, 102, -1)])

    def test_who_makes_campaigns_and_sells_nothing_sees_whom_they_reached_and_no_leads(self):
        # the server says that it has refused the figures of leads
        with mute_logger("odoo.http"):
            figures = self.read(DASHBOARD, self.marketing.login, self._of_the_story())
        cards = figures["scorecards"]
        self.assertEqual((cards["Running"]["value"], cards["Reached"]["value"], cards["Cost"]["value"]), (1, 6, 500))
        self.assertEqual(cards["Return"]["value"], "")
        for title in ("Projects", "Won Value"):
            self.assertNotEqual(cards[title]["type"], "number", title)
            self.assertIsNone(cards[title]["opens"])
        self.assertFalse(self._points(figures, "Won Value by Campaign"))
        [line] = self.table(figures, "Campaigns", 12)
        self.assertEqual(line[3:], [1250, 1.5], "as on the page of success")

    def test_it_is_offered_to_who_makes_campaigns_and_to_nobody_else(self):
        dashboard = self.env.ref(DASHBOARD)
        for user, is_offered in (
            (self.manager, True),
            (self.marketing, True),
            (self.all_leads, False),
            (self.sales, False),
        ):
            with self.subTest(user=user.login):
                found = self.env["spreadsheet.dashboard"].with_user(user).search([("id", "=", dashboard.id)])
                self.assertEqual(bool(found), is_offered)

    def test_before_there_is_a_campaign_of_people_a_sample_shows_what_will_be_seen(self):
        dashboard = self.env.ref(DASHBOARD).with_user(self.manager)
        self.env["crm.campaign.member"].search([]).unlink()
        self.assertFalse(dashboard._dashboard_is_empty())
        campaigns = self.env["utm.campaign"].with_context(active_test=False).search([])
        campaigns.is_auto_campaign = True
        figures = self.read(DASHBOARD, self.manager.login)
        self.assertTrue(figures["sample"])
        self.assertEqual(figures["scorecards"]["Reached"]["value"], 412)
        self.assertAlmostEqual(figures["scorecards"]["Return"]["value"], (48600 - 9400) / 9400)
        for title, charts in figures["charts"].items():
            for chart in charts:
                self.assertTrue(any(point["value"] for point in chart["datasets"][0]["points"]), title)
