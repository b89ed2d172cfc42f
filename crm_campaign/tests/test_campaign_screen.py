from odoo.tests import tagged

from odoo.addons.crm_salesboard.tests.test_sales_board_keyboard import axe_core
from odoo.addons.crm_salesboard.tests.test_sales_board_screen import SalesBoardScreen


class CampaignScreen(SalesBoardScreen):
    """A campaign of six people whose figures the tours know by heart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        env["utm.campaign"].search([]).active = False
        cls.campaign = env["utm.campaign"].create(
            {
                "title": "Tour Fair",
                "stage_id": env.ref("crm_campaign.utm_stage_running").id,
                "user_id": cls.manager.id,
                "cost_actual": 500,
                "team_id": cls.team.id,
            }
        )
        people = env["res.partner"].create(
            [{"name": f"Tour Person {n}", "email": f"tour{n}@example.com", "user_id": cls.manager.id} for n in range(6)]
        )
        company_id = env.company.id
        cls.members = env["crm.campaign.member"].create(
            [{"campaign_id": cls.campaign.id, "company_id": company_id, "partner_id": person.id} for person in people]
        )
        cls.members[5].write({"state": "left_out", "reason": "blacklisted"})
        cls._make_tour_letters()
        (cls.step | cls._make_tour_calls()).state = "done"
        env["crm.lead"].create(
            {
                "name": "Found the fair",
                "type": "lead",
                "campaign_id": cls.campaign.id,
                "email_from": "x@example.com",
                "user_id": cls.manager.id,
            }
        )

    @classmethod
    def _make_tour_letters(cls):
        env = cls.env
        cls.step = env["crm.campaign.step"].create(
            {"campaign_id": cls.campaign.id, "name": "Tour Letter", "channel": "letter", "user_id": cls.manager.id}
        )
        outcomes = ("sent", "sent", "sent", "failed")
        env["crm.campaign.dispatch"].create(
            [
                {
                    "step_id": cls.step.id,
                    "member_id": member.id,
                    "campaign_id": cls.campaign.id,
                    "channel": "letter",
                    "state": state,
                }
                for member, state in zip(cls.members, outcomes, strict=False)
            ]
        )

    @classmethod
    def _make_tour_calls(cls):
        env = cls.env
        call = env["crm.campaign.step"].create(
            {"campaign_id": cls.campaign.id, "name": "Tour Calls", "channel": "phone", "user_id": cls.manager.id}
        )
        interested = env.ref("crm_campaign.crm_choice_campaign_result_interested")
        env["crm.campaign.dispatch"].create(
            {
                "step_id": call.id,
                "member_id": cls.members[0].id,
                "campaign_id": cls.campaign.id,
                "channel": "phone",
                "state": "sent",
                "result_id": interested.id,
            }
        )
        return call

    def _serve_axe_core(self):
        self.env["ir.attachment"].create(
            {
                "name": "axe.min.js",
                "url": "/crm_salesboard/axe.min.js",
                "raw": axe_core(),
                "mimetype": "text/javascript",
                "public": True,
            }
        )


@tagged("post_install", "-at_install")
class TestCampaignScreen(CampaignScreen):
    def test_a_campaign_is_planned_from_nothing_to_its_steps_and_evaluated(self):
        self.start_tour("/odoo/campaigns", "campaign_plan", login="board_manager", timeout=120)
        campaign = self.env["utm.campaign"].search([("title", "=", "Open Day")])
        self.assertEqual((campaign.cost_planned, campaign.phase), (300, "evaluated"))
        self.assertEqual(campaign.step_ids.mapped("channel"), ["phone"])
        self.assertIn("Start earlier", campaign.conclusion)

    def test_the_success_is_looked_at_down_to_the_members_and_a_reaction_becomes_a_project(self):
        self._serve_axe_core()
        self.start_tour(f"/odoo/campaigns/{self.campaign.id}", "campaign_success", login="board_manager", timeout=120)
        self.assertEqual(self.members[0].result_lead_id.type, "opportunity")
        self.assertEqual(self.members[0].result_lead_id.campaign_id, self.campaign)

    def test_a_salesperson_reads_the_campaign_and_changes_nothing_of_it(self):
        self.start_tour(f"/odoo/campaigns/{self.campaign.id}", "campaign_salesperson", login="board_sales", timeout=120)


@tagged("post_install", "-at_install")
class TestCampaignPhone(CampaignScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_the_success_is_read_and_opened_on_a_phone(self):
        self._serve_axe_core()
        self.start_tour(
            f"/odoo/campaigns/{self.campaign.id}", "campaign_success_phone", login="board_manager", timeout=120
        )
