from ast import literal_eval

from odoo.tests import tagged
from odoo.tools import SQL

from ..hooks import uninstall_hook
from .common import CampaignCase


@tagged("post_install", "-at_install")
class TestUninstall(CampaignCase):
    """What becomes of campaigns when the addon is about to go."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.registry.reset_changes)

    def test_stages_and_media_in_use_stay_and_are_the_companys_own(self):
        letter = self.env.ref("crm_campaign.utm_medium_letter")
        lead = self._make_lead(medium_id=letter.id)
        running = [("stage_id", "=", self.env.ref("crm_campaign.utm_stage_running").id)]
        self.env["utm.campaign"].with_context(active_test=False).search(running).stage_id = self.stage
        uninstall_hook(self.env)
        names = self.env["ir.model.data"].search([("module", "=", "crm_campaign")]).mapped("name")
        self.assertEqual((self.campaign.stage_id, lead.medium_id), (self.stage, letter))
        self.assertNotIn("utm_stage_planned", names)
        self.assertNotIn("utm_medium_letter", names)
        self.assertIn("utm_stage_running", names, "nothing is in it")

    def test_what_was_sent_was_sent_to_customers_and_leads_and_what_was_not_is_a_draft_to_nobody(self):
        lead = self._make_contact(7)
        members = self._make_members(self.customer) | self._make_members(lead)
        sent, waiting = (self._make_step(name=name) for name in ("Sent", "Waiting"))
        for step in (sent, waiting):
            step._make_mailing()
        sent.mailing_id.state, waiting.mailing_id.state = "done", "in_queue"
        traces = self.env["mailing.trace"].create(
            [
                {"mass_mailing_id": sent.mailing_id.id, "model": "crm.campaign.member", "res_id": member.id}
                for member in members
            ]
        )
        mailings = sent.mailing_id | waiting.mailing_id
        uninstall_hook(self.env)
        of_traces = [(trace.model, trace.res_id) for trace in traces]
        self.assertEqual(of_traces, [("res.partner", self.customer.id), ("crm.lead", lead.id)])
        self.assertEqual(mailings.mapped("mailing_model_id.model"), ["res.partner"])
        self.assertEqual(mailings.mapped("state"), ["done", "draft"])
        self.cr.execute(SQL("SELECT DISTINCT mailing_domain FROM mailing_mailing WHERE id IN %s", mailings._ids))
        [[domain]] = self.cr.fetchall()
        self.assertFalse(self.env["res.partner"].search_count(literal_eval(domain)), domain)

    def test_results_of_calls_can_be_deleted_though_members_have_them(self):
        choice = self.env.ref("crm_campaign.crm_choice_campaign_result_later")
        step = self._make_step("phone")
        [dispatch] = self._make_dispatches(step, self._make_members(self.customer), result_id=choice.id)
        uninstall_hook(self.env)
        self.assertFalse(dispatch.result_id)
        self.assertTrue(choice.get_external_id()[choice.id], "used by campaigns alone, it goes with them")

    def test_the_menu_of_campaigns_is_shown_to_whom_odoo_shows_it(self):
        menu = self.env.ref("mass_mailing.menu_email_campaigns")
        group = self.env.ref("mass_mailing.group_mass_mailing_user")
        self.assertIn(group, menu.group_ids)
        uninstall_hook(self.env)
        self.assertEqual(menu.group_ids, self.env.ref("mass_mailing.group_mass_mailing_campaign"))
