from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_campaign_success import SuccessCase


@tagged("post_install", "-at_install")
class TestReaction(SuccessCase):
    """A reaction becomes a lead or a project, once, with the campaign on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.write({"answer_makes": "project", "team_id": cls.team.id})
        cls.person = cls._make_person(1, user_id=cls.sales.id)
        cls.member = cls._make_members(cls.person)

    def _leads(self):
        return self.env["crm.lead"].with_context(active_test=False).search([("campaign_id", "=", self.campaign.id)])

    # ------------------------------------------------------------
    # By itself
    # ------------------------------------------------------------

    def test_an_answer_becomes_a_project_of_the_customer_the_team_and_the_salesperson(self):
        step = self._make_step("mail")
        self._send(step, self.member, "reply")
        self.member._on_reaction()
        project = self.member.result_lead_id
        self.assertEqual((project.name, project.type), ("Spring Fair: Person 1", "opportunity"))
        self.assertEqual((project.partner_id, project.user_id, project.team_id), (self.person, self.sales, self.team))
        self.assertEqual((project.campaign_id, project.medium_id), (self.campaign, self.mail))
        self.assertEqual(project.source_id, step.mailing_id.source_id)
        self.assertEqual((project.email_from, project.company_id), (self.person.email, self.home))
        self.assertEqual((project.process_id, project.stage_id), (self.process, self.prospect))
        self.assertIn("Spring Fair", project.message_ids[0].body)

    def test_the_medium_is_that_of_the_channel_of_the_reaction(self):
        call = self._make_step("phone")
        self._make_dispatches(call, self.member, state="sent", result_id=self.interested.id)
        self.member._on_reaction()
        self.assertEqual(self.member.result_lead_id.medium_id, self.phone)

    def test_it_becomes_what_the_campaign_says_an_answer_makes(self):
        for number, (makes, expected) in enumerate((("nothing", []), ("lead", ["lead"]), ("project", ["opportunity"]))):
            self.campaign.answer_makes = makes
            member = self._make_members(self._make_person(20 + number))
            member._on_reaction()
            with self.subTest(makes=makes):
                self.assertEqual(member.result_lead_id.mapped("type"), expected)

    def test_however_often_somebody_reacts_it_is_made_once(self):
        for _time in range(3):
            self.member._on_reaction()
        self.member.with_user(self.env.ref("base.public_user"))._on_reaction()
        self.assertEqual(len(self._leads()), 1)

    def test_whoever_clicks_has_no_rights_and_it_is_made_all_the_same(self):
        self.member.with_user(self.env.ref("base.public_user"))._on_reaction()
        self.assertTrue(self.member.result_lead_id)
        self.assertEqual(self.member.result_lead_id.create_uid, self.env.ref("base.user_root"))

    def test_a_member_that_is_a_lead_gets_no_second_one_and_becomes_the_project(self):
        lead = self._make_contact(1)
        member = self._make_members(lead)
        member._on_reaction()
        self.assertEqual(member.result_lead_id, lead)
        self.assertEqual((lead.type, lead.campaign_id, lead.team_id), ("opportunity", self.campaign, self.team))
        self.assertEqual(self._leads(), lead)

    def test_a_project_of_another_campaign_stays_of_that(self):
        other = self._make_campaign("Autumn")
        project = self._make_lead(campaign_id=other.id, company_id=self.home.id)
        member = self._make_members(project)
        member._on_reaction()
        self.assertEqual((member.result_lead_id, project.campaign_id), (project, other))

    def test_without_a_salesperson_nobody_is_made_responsible_and_a_contact_has_that_of_its_company(self):
        company = self._make_person(5, is_company=True, user_id=self.other.id)
        contact = self._make_members(self._make_person(6, parent_id=company.id, user_id=False))
        alone = self._make_members(self._make_person(7))
        (contact | alone)._on_reaction()
        self.assertEqual(contact.result_lead_id.user_id, self.other)
        self.assertFalse(alone.result_lead_id.user_id)

    def test_what_cannot_be_made_is_told_to_whoever_is_responsible_and_the_answer_is_kept(self):
        self.campaign.team_id = self.env["crm.team"].create({"name": "Abroad", "company_id": self.away.id})
        self.member._on_reaction()
        self.assertFalse(self.member.result_lead_id)
        self.assertIn("nothing could be made of it", "".join(self.member.message_ids.mapped("body")))
        told = self.env["mail.message"].search([("subject", "=", "A reaction to Spring Fair")])
        self.assertIn(self.manager.partner_id, told.notified_partner_ids)
        self.campaign.team_id = self.team
        self.member._on_reaction()
        self.assertTrue(self.member.result_lead_id)

    def test_a_result_that_is_a_reaction_makes_it_and_others_do_not(self):
        members = self.member | self._make_members(self._make_person(2))
        step = self._make_step("phone")
        self._as(self.manager, step).action_start()
        self._in_worker("crm.campaign.step", "_share_out_waiting")
        for member, result in zip(members, (self.interested, self.not_interested), strict=True):
            dispatch = member.dispatch_ids
            self._as(dispatch.user_id, dispatch).action_set_result(result.id)
        self.assertTrue(members[0].result_lead_id)
        self.assertFalse(members[1].result_lead_id)

    # ------------------------------------------------------------
    # By hand
    # ------------------------------------------------------------

    def test_by_hand_it_is_made_and_opened_and_pressed_again_it_is_the_same(self):
        self.campaign.answer_makes = "nothing"
        member = self._as(self.sales, self.member)
        action = member.action_make_lead()
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", self.member.result_lead_id.id))
        self.assertEqual(self.member.result_lead_id.type, "lead")
        self.assertEqual(member.action_make_lead()["res_id"], action["res_id"])
        self.assertEqual(member.action_make_project()["res_id"], action["res_id"], "The lead becomes the project")
        self.assertEqual(self.member.result_lead_id.type, "opportunity")
        self.assertEqual(member.action_open_result()["res_id"], action["res_id"])

    def test_many_are_made_at_once_and_opened_as_a_list(self):
        members = self.member | self._make_members(self._make_people(4))
        self.member._on_reaction()
        action = self._as(self.manager, members).action_make_project()
        made = self.env["crm.lead"].search(action["domain"])
        self.assertEqual(made, members.result_lead_id)
        self.assertEqual(len(made), 5)
        self.assertEqual(set((made - self.member.result_lead_id).user_id.ids), {self.manager.id}, "Whoever makes it")

    def test_making_many_costs_few_queries_each(self):
        members = self._make_members(self._make_people(40))
        self._make_members(self._make_person(99))._make_leads("lead")
        members = self._as(self.manager, members)
        before = self.env.cr.sql_log_count
        members.action_make_lead()
        self.assertLess(self.env.cr.sql_log_count - before, 40 * 12)

    def test_what_is_somebody_elses_is_made_and_said_whose_it_is(self):
        self.person.user_id = self.other
        action = self._as(self.sales, self.member).action_make_project()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn(self.other.name, action["params"]["message"])
        self.assertEqual(self.member.result_lead_id.user_id, self.other)

    def test_a_lead_that_is_somebody_elses_to_change_is_not_made_a_project_by_hand(self):
        self.person.user_id = self.other
        self.member._make_leads("lead")
        lead = self.member.result_lead_id
        action = self._as(self.sales, self.member).action_make_project()
        self.assertIn(self.other.name, action["params"]["message"])
        self.assertEqual((lead.type, lead.user_id), ("lead", self.other))
        self._as(self.other, self.member).action_make_project()
        self.assertEqual(lead.type, "opportunity")

    def test_a_lead_that_may_be_read_alone_is_not_changed_by_hand(self):
        lead = self._make_contact(1)
        member = self._make_members(lead)
        rules = self.env["ir.rule"].create(
            {
                "name": "Read alone",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "domain_force": "[('type', '!=', 'lead')]",
                "perm_read": False,
                "perm_create": False,
                "perm_unlink": False,
            }
        )
        action = self._as(self.manager, member).action_make_project()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual((lead.type, lead.campaign_id.id), ("lead", False))
        rules.unlink()
        self._as(self.manager, member).action_make_project()
        self.assertEqual(lead.type, "opportunity")

    def test_who_may_make_no_leads_or_not_see_the_member_makes_none(self):
        for user in (self.marketing, self.outsider, self.accountant):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, self.member).action_make_lead()
        hidden = self._make_lead(company_id=self.home.id)
        member = self._make_members(hidden)
        self._as(self.sales, hidden).is_restricted = True
        for user in (self.manager, self.other):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, member).action_make_project()
        self.assertFalse(member.result_lead_id)

    def test_a_salesperson_who_does_not_work_in_the_company_is_not_asked_for(self):
        stranger = self._make_user("cast_stranger", "sales_team.group_sale_salesman")
        stranger.write({"company_id": self.away.id, "company_ids": [Command.set(self.away.ids)]})
        self.person.user_id = stranger
        with mute_logger("odoo.models"):
            self.member._on_reaction()
        self.assertTrue(self.member.result_lead_id)
        self.assertFalse(self.member.result_lead_id.user_id)

    def test_a_member_does_not_tell_the_restricted_project_it_became(self):
        self.member._on_reaction()
        project = self.member.result_lead_id
        self._as(self.sales, project).is_restricted = True
        [told] = self._as(self.other, self.member).read(["seen_lead_id", "has_result"])
        self.assertEqual((told["seen_lead_id"], told["has_result"]), (False, True))
        self.assertEqual(self._as(self.sales, self.member).seen_lead_id, project)
        action = self._as(self.other, self.member).action_open_result()
        self.assertEqual(action["tag"], "display_notification")
        for secret in (project.name, self.sales.name):
            self.assertNotIn(secret, str(action))
