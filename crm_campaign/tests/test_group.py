from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import tagged

from .common import CampaignCase


class GroupCase(CampaignCase):
    def _reasons(self, members):
        return {member.name: member.reason or "in" for member in members}

    def _open(self, records, user=None, **context):
        """The dialogue as the menu of a list opens it."""
        wizards = self._as(user or self.manager, self.env["crm.campaign.add"]).with_context(**context)
        action = wizards.action_open_for(records.with_env(wizards.env))
        return wizards.browse(action["res_id"])

    def _open_search(self, model, domain, user=None, is_board=False, **context):
        wizards = self._as(user or self.manager, self.env["crm.campaign.add"]).with_context(**context)
        return wizards.browse(wizards.action_open_for_search(model, domain, is_board)["res_id"])


@tagged("post_install", "-at_install")
class TestGroup(GroupCase):
    def test_chosen_customers_are_in_once_however_often_they_are_added(self):
        people = self._make_people(3)
        members = self._add(people[:2])
        self.assertEqual(members.partner_id, people[:2])
        self.assertEqual(members.mapped("state"), ["in", "in"])
        self.assertEqual(members.company_id, self.home)
        self.assertEqual(members.added_by_id, self.manager)
        again = self._add(people)
        self.assertEqual(len(again), 3)
        self.assertEqual(again - members, again.filtered(lambda member: member.partner_id == people[2]))

    def test_everybody_who_is_left_out_is_listed_with_the_reason(self):
        good = self._make_person(1, "Good")
        away = self._make_person(2, "Away", company_id=self.away.id)
        archived = self._make_person(3, "Archived", active=False)
        no_mail = self._make_person(4, "No advertising")
        self.env["mail.blacklist"]._add(no_mail.email)
        no_calls = self._make_person(5, "No calls")
        self.env["phone.blacklist"]._add([no_calls.phone_sanitized])
        members = self._add(good | away | archived | no_mail | no_calls)
        expected = {
            "Good": "in",
            "Away": "out_of_reach",
            "Archived": "archived",
            "No advertising": "blacklisted",
            "No calls": "in",
        }
        self.assertEqual(self._reasons(members), expected)
        self.assertEqual(members.filtered("reason").mapped("state"), ["left_out"] * 3)

    def test_the_same_person_is_in_once(self):
        anna = self._make_person(1, "Anna Meier")
        again = self._make_person(2, "anna  meier", email="PERSON1@example.com")
        number = self._make_person(3, "Anna Meier", email="else@example.com", phone=anna.phone)
        colleague = self._make_person(4, "Bert Meier", email=anna.email)
        members = self._add(anna | again | number | colleague)
        self.assertEqual([member.reason or "in" for member in members], ["in", "double", "double", "in"])

    def test_a_lead_is_the_customer_that_it_has_and_else_whoever_has_its_address_or_number(self):
        anna = self._make_person(1, "Anna Meier")
        project = self._make_lead(partner_id=anna.id, company_id=self.home.id)
        other = self._make_lead(partner_id=anna.id, company_id=self.home.id)
        by_email = self._make_contact(2, email_from=anna.email)
        by_number = self._make_contact(3, phone=anna.phone)
        alone = self._make_contact(4)
        members = self._add(by_email | project | other | by_number | alone)
        of_lead = {member.lead_id: member.reason or "in" for member in members}
        self.assertEqual(
            of_lead, {project: "in", other: "double", by_email: "double", by_number: "double", alone: "in"}
        )
        self.assertEqual(members.filtered(lambda member: member.lead_id == project).partner_id, anna)
        # The customer is there by the project.
        self.assertEqual(self._add(anna), members)

    def test_a_lost_project_does_not_speak_against_its_contact_and_one_put_aside_does(self):
        lost, aside = self._make_contact(1, type="opportunity"), self._make_contact(2)
        lost.action_set_lost()
        aside.active = False
        members = self._add(lost | aside)
        self.assertEqual({member.lead_id: member.reason for member in members}, {lost: False, aside: "archived"})

    def test_of_another_company_nobody_is_in(self):
        lead = self._make_contact(1, company_id=self.away.id, user_id=False)
        person = self._make_person(2, company_id=self.away.id)
        self.assertEqual(self._add(lead).reason, "out_of_reach")
        self.manager.company_ids = [Command.link(self.away.id)]
        campaign = self._make_campaign("Both")
        companies = [self.home.id, self.away.id]
        members = self.env["crm.campaign.member"].with_user(self.manager).with_context(allowed_company_ids=companies)
        for records in (lead, person):
            members._add(campaign.with_env(members.env), records.with_env(members.env))
        found = members.search([("campaign_id", "=", campaign.id)])
        self.assertEqual(found.mapped("reason"), ["company", "company"])

    def test_reasons_are_asked_again_of_everybody_at_once(self):
        people = self._make_people(4) | self._make_person(9, "Nobody's")
        members = self._add(people)
        self.assertFalse(members._get_reasons())
        self.env["mail.blacklist"]._add(people[0].email)
        people[1].active = False
        people[2].company_id = self.away
        people[3].write({"name": people[4].name, "email": people[4].email})
        expected = dict(zip(members.ids, ["blacklisted", "archived", "company"], strict=False)) | {
            members[4].id: "double"
        }
        self.assertEqual(members._get_reasons(), expected)
        self._as(self.manager, members[4:]).action_remove()
        self.assertEqual(members._get_reasons()[members[4].id], "removed")

    def test_tens_of_thousands_cost_as_many_queries_as_a_few(self):
        few, many = self._make_people(3, 2000), self._make_people(40, 3000)
        campaign = self._as(self.manager, self.campaign)
        members = self.env["crm.campaign.member"].with_env(campaign.env)

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            records, start = records.with_env(campaign.env), self.cr.sql_log_count
            members._add(campaign, records)
            found = members.search([("campaign_id", "=", campaign.id)])
            found._get_reasons()
            return self.cr.sql_log_count - start

        count(few[:1])
        self.assertLessEqual(count(many), count(few[1:]) + 2)

    def test_an_evaluated_campaign_takes_nobody_any_more(self):
        self._evaluate(self.campaign)
        with self.assertRaisesRegex(UserError, "evaluated"):
            self._add(self._make_people(1))

    def test_another_companys_campaign_takes_nobody(self):
        campaign = self._make_campaign("Away", company_id=self.away.id)
        with self.assertRaisesRegex(UserError, "another company"):
            self._add(self._make_people(1), campaign)


@tagged("post_install", "-at_install")
class TestAdding(GroupCase):
    def test_how_many_come_in_and_who_does_not_and_why_is_shown_before(self):
        people = self._make_people(3)
        self._add(people[:1])
        self.env["mail.blacklist"]._add(people[1].email)
        wizard = self._open(people)
        self.assertEqual(wizard.campaign_id, self.campaign)
        self.assertEqual((wizard.chosen_count, wizard.in_count), (3, 1))
        for text in ("Come into the group", "Are on the list already", "Are left out", "Wants no advertising"):
            self.assertIn(text, wizard.summary)
        self.assertEqual(len(self.env["crm.campaign.member"].search([("campaign_id", "=", self.campaign.id)])), 1)
        action = wizard.action_add()
        members = self.env["crm.campaign.member"].search(action["domain"])
        self.assertEqual(members.partner_id, people)
        self.assertEqual(members.mapped("state"), ["in", "left_out", "in"])

    def test_who_was_deleted_since_they_were_chosen_keeps_nobody_else_out(self):
        people, leads = self._make_people(3), self._make_contact(1) | self._make_contact(2)
        for records in (people, leads):
            wizard = self._open(records)
            records[1].unlink()
            self.env.invalidate_all()
            self.assertEqual(wizard.in_count, len(records) - 1)
            wizard.action_add()
        members = self.env["crm.campaign.member"].search([("campaign_id", "=", self.campaign.id)])
        self.assertEqual(members.partner_id, people.exists())
        self.assertEqual(members.lead_id, leads.exists())

    def test_a_new_campaign_is_made_by_its_name(self):
        people = self._make_people(1)
        wizard = self._open(people, self.marketing)
        self.assertEqual((wizard.target, wizard.in_count), ("new", 1))
        with self.assertRaisesRegex(UserError, "name"):
            wizard.action_add()
        wizard.new_name = " Autumn "
        members = self.env["crm.campaign.member"].search(wizard.action_add()["domain"])
        self.assertEqual(members.campaign_id.title, "Autumn")
        self.assertEqual((members.campaign_id.user_id, members.campaign_id.company_id), (self.marketing, self.home))
        self.assertFalse(members.campaign_id.is_auto_campaign)

    def test_all_of_a_list_are_its_search_where_the_web_client_cuts_the_ids_off(self):
        self.env["ir.config_parameter"].set_param("web.active_ids_limit", "2")
        people = self._make_people(5)
        domain = [("id", "in", people.ids)]
        self.assertEqual(self._open(people[:2], active_domain=domain).chosen_count, 5)
        self.assertEqual(self._open(people[:1], active_domain=domain).chosen_count, 1)
        people[4].active = False
        self.assertEqual(self._open(people[:2], active_domain=domain).chosen_count, 4)
        self.assertEqual(self._open(people[:2], active_domain=domain, active_test=False).chosen_count, 5)

    def test_all_that_a_list_shows(self):
        people = self._make_people(3)
        self.assertEqual(self._open_search("res.partner", [("id", "in", people.ids)]).in_count, 3)
        with self.assertRaisesRegex(UserError, "nobody"):
            self._open_search("res.partner", [("id", "=", 0)])
        for model in ("res.users", "no.such"):
            with self.assertRaisesRegex(UserError, "Only customers and leads"):
                self._open_search(model, [])
        for domain in ("x", [["no"]], [("name", "!", 1)]):
            with self.subTest(domain=domain), self.assertRaises(UserError):
                self._open_search("res.partner", domain)

    def test_all_that_the_board_shows_also_what_is_closed_and_nothing_else(self):
        people = self._make_people(3)
        common = {"company_id": self.home.id, "team_id": self.team.id}
        leads = [self._make_lead(partner_id=person.id, **common) for person in people]
        self._close(leads[1], "lost")
        self._make_native_lead(partner_id=self._make_person(9).id, company_id=self.home.id)
        domain = list(Domain("partner_id", "!=", False) & Domain("company_id", "=", self.home.id))
        wizard = self._open_search("crm.lead", domain, is_board=True)
        self.assertEqual(wizard.chosen_count, 3)
        wizard.write({"target": "existing", "campaign_id": self.campaign.id})
        members = self.env["crm.campaign.member"].search(wizard.action_add()["domain"])
        self.assertEqual(members.filtered(lambda member: member.state == "in").partner_id, people)

    def test_only_who_makes_campaigns_may_add(self):
        person = self._make_people(1)
        for user in (self.sales, self.all_leads, self.outsider, self.accountant):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._open(person, user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._add(person, user=user)
        for user in (self.marketing, self.manager):
            with self.subTest(user=user.login):
                self.assertTrue(self._open(person, user))

    def test_a_dialogue_is_its_users_alone(self):
        wizard = self._open(self._make_people(1))
        self.assertFalse(self._as(self.marketing, wizard).has_access("read"))

    def test_what_was_chosen_over_rpc_is_asked_for_with_the_users_rights(self):
        hidden = self._make_lead(company_id=self.home.id)
        self._as(self.sales, hidden).is_restricted = True
        wizard = self._open(self._make_contact(1))
        wizard.write({"record_ids": hidden.ids, "target": "existing", "campaign_id": self.campaign.id})
        wizard.action_add()
        members = self.env["crm.campaign.member"].search([("campaign_id", "=", self.campaign.id)])
        self.assertEqual(members.reason, "out_of_reach")
        self.assertFalse(self._as(self.manager, members).search([("id", "in", members.ids)]))
