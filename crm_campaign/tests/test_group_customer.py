from odoo import Command
from odoo.tests import tagged

from .test_group import GroupCase


@tagged("post_install", "-at_install")
class TestGroupCustomer(GroupCase):
    """What the customer's page and forms say of campaigns."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls._make_person(1, "Konex", is_company=True)
        cls.person = cls._make_person(2, "Paula", parent_id=cls.company.id)

    def _block(self, user=None):
        page = self._as(user or self.sales, self.env["crm.customer.page"]).get_page(self.company.id)
        return next((block for block in page["blocks"] if block["name"] == "campaigns"), None)

    def test_the_page_shows_the_campaigns_with_what_happened(self):
        self.assertFalse(self._block())
        project = self._make_lead(partner_id=self.company.id, company_id=self.home.id, campaign_id=self.campaign.id)
        autumn = self._make_campaign("Autumn")
        member = self._make_members(self.person)
        self._make_members(project, autumn)
        self._make_members(self.company, self._make_campaign("Winter"), state="left_out", reason="removed")
        self._make_dispatches(self._make_step(), member, state="sent")
        block = self._block()
        self.assertEqual(block["count"], 2)
        said = [(line["title"], line["text"]) for line in block["lines"]]
        self.assertEqual(said, [("Autumn", "In the group"), ("Spring Fair", "Paula: Sent, 1 projects")])
        found = self.env[block["action"]["res_model"]].search(block["action"]["domain"])
        self.assertEqual(found, self.campaign | autumn)

    def test_a_membership_that_the_user_may_not_see_is_not_told(self):
        lead = self._make_lead(partner_id=self.company.id, company_id=self.home.id, user_id=self.sales.id)
        self._as(self.sales, lead).is_restricted = True
        self._make_members(lead)
        self.assertTrue(self._block())
        self.assertFalse(self._block(self.manager))
        self.assertEqual(self._as(self.sales, self.company).campaign_member_count, 1)
        self.assertEqual(self._as(self.manager, self.company).campaign_member_count, 0)

    def test_the_page_takes_at_most_40_queries(self):
        for number in range(8):
            campaign = self._make_campaign(f"Campaign {number}")
            self._make_dispatches(self._make_step(campaign=campaign), self._make_members(self.company, campaign))
        self.sales.group_ids = [Command.link(self.env.ref("account.group_account_invoice").id)]
        self._block()
        page = self._as(self.sales, self.env["crm.customer.page"])
        page.get_page(self.company.id)
        self.env.invalidate_all()
        with self.assertQueryCount(40):
            page.get_page(self.company.id)

    def test_buttons_open_what_they_count(self):
        lead = self._make_contact(5)
        members = self._make_members(self.company | self.person)
        of_lead = self._make_members(lead)
        company = self._as(self.sales, self.company)
        self.assertEqual(company.campaign_member_count, 2)
        self.assertEqual(
            company.env["crm.campaign.member"].search(company.action_open_campaign_members()["domain"]), members
        )
        lead = self._as(self.manager, lead)
        self.assertEqual(lead.campaign_member_count, 1)
        self.assertEqual(lead.env["crm.campaign.member"].search(lead.action_open_campaign_members()["domain"]), of_lead)
