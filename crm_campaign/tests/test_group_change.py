from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_group import GroupCase


@tagged("post_install", "-at_install")
class TestTakingOut(GroupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls._make_people(3)
        cls.members = cls._make_members(cls.people)

    def test_taken_out_by_hand_and_put_back(self):
        theirs = self._as(self.marketing, self.members[:1])
        theirs.action_remove()
        self.assertEqual((self.members[0].state, self.members[0].reason), ("left_out", "removed"))
        self._add(self.people)
        self.assertEqual(self.members[0].reason, "removed", "adding the list again does not bring them back")
        self.assertFalse(theirs.action_put_back())
        self.assertEqual((self.members[0].state, self.members[0].reason), ("in", False))

    def test_who_was_taken_out_does_not_come_back_through_a_project(self):
        self._as(self.manager, self.members[:1]).action_remove()
        project = self._make_lead(partner_id=self.people[0].id, company_id=self.home.id)
        added = self._add(project) - self.members
        self.assertEqual((added.lead_id, added.reason), (project, "removed"))

    def test_who_is_put_back_is_asked_for_reasons_and_the_user_told(self):
        self._as(self.manager, self.members).action_remove()
        self.people[0].active = False
        self.env["mail.blacklist"]._add(self.people[1].email)
        action = self._as(self.manager, self.members).action_put_back()
        self.assertEqual(self.members.mapped("reason"), ["archived", "blacklisted", False])
        self.assertIn("1", action["params"]["title"])
        self.assertIn("Wants no advertising: 1", action["params"]["message"])
        self.people[0].active = True
        self._as(self.manager, self.members[:1]).action_put_back()
        self.assertEqual(self.members[0].state, "in")

    def test_of_two_who_are_one_person_one_is_put_back(self):
        twin = self._make_members(self._make_person(9, self.people[0].name, email=self.people[0].email))
        both = self.members[0] | twin
        self._as(self.manager, both).action_remove()
        self._as(self.manager, both).action_put_back()
        self.assertEqual(both.mapped("reason"), [False, "double"])

    def test_who_was_addressed_stays(self):
        step = self._make_step()
        self._make_dispatches(step, self.members[:1])
        self._make_dispatches(step, self.members[1:2], state="left_out", reason="no_email")
        with self.assertRaisesRegex(UserError, "Person 1000"):
            self._as(self.manager, self.members).action_remove()
        with self.assertRaisesRegex(UserError, "addressed"):
            self._as(self.manager, self.members).unlink()
        self._as(self.manager, self.members[1:]).action_remove()
        self.assertEqual(self.members.mapped("state"), ["in", "left_out", "left_out"])

    def test_of_an_evaluated_campaign_nothing_is_changed(self):
        self._evaluate(self.campaign)
        with self.assertRaisesRegex(UserError, "evaluated"):
            self._as(self.manager, self.members).action_remove()

    def test_the_list_is_frozen_for_everybody(self):
        other = self._make_person(8)
        for values in ({"state": "left_out", "reason": "removed"}, {"partner_id": other.id}, {"reason": False}):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, "frozen"):
                self._as(self.manager, self.members[:1]).write(values)

    def test_they_are_found_by_what_they_are_called_and_by_what_happened(self):
        lead = self._make_members(self._make_contact(5))
        step, mine = self._make_step(), [("campaign_id", "=", self.campaign.id)]
        sent = self._make_dispatches(step, self.members[:2], state="sent")
        later = self._make_step("phone")
        self._make_dispatches(later, self.members[:1])
        found = self._as(self.manager, self.env["crm.campaign.member"])
        self.assertEqual(found.search([*mine, ("name", "ilike", "contact 5")]), lead)
        self.assertEqual(found.search([*mine, ("email", "ilike", "person1001@")]), self.members[1])
        self.assertEqual(found.search([*mine, ("phone", "ilike", "23001002")]), self.members[2])
        self.assertEqual(found.search([*mine, ("email", "not ilike", "person")]), lead)
        self.assertEqual(sent.mapped("outcome"), ["sent", "sent"])
        self.assertEqual(self.members.mapped("outcome"), ["sent", "sent", False])
        self.assertEqual(found.search([*mine, ("outcome", "=", "sent")]), self.members[:2])
        self.assertEqual(found.search([*mine, ("outcome", "=", False)]), self.members[2] | lead)
        self.assertEqual(found.search([*mine, ("outcome", "=", "waiting")]), found.browse())

    def test_they_are_exported_with_what_happened(self):
        self._make_dispatches(self._make_step(), self.members[:1], state="sent")
        self.manager.group_ids |= self.env.ref("base.group_allow_export")
        fields = ["name", "email", "phone", "state", "reason", "outcome"]
        rows = self._as(self.manager, self.members).export_data(fields)["datas"]
        self.assertEqual(rows[0][:2], ["Person 1000", "person1000@example.com"])
        self.assertEqual(rows[0][3:], ["In the Group", "", "Sent"])


@tagged("post_install", "-at_install")
class TestBecomingOne(GroupCase):
    def _merge(self, destination, source):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((destination | source).ids, destination, extra_checks=False)
        self.env.invalidate_all()

    def test_customers_who_are_merged_are_one_member_the_one_who_was_addressed(self):
        people = self._make_people(2)
        first, second = self._make_members(people)
        self._make_dispatches(self._make_step(), second, state="sent")
        self._merge(people[0], people[1])
        self.assertEqual((first | second).partner_id, people[0])
        self.assertEqual(
            [(first.state, first.reason), (second.state, second.reason)], [("left_out", "double"), ("in", False)]
        )

    def test_what_a_reaction_became_is_kept_and_not_made_again(self):
        people = self._make_people(2)
        first, second = self._make_members(people)
        self._make_dispatches(self._make_step(), first, state="sent")
        second._make_leads("lead")
        lead = second.result_lead_id
        self._merge(people[0], people[1])
        self.assertEqual((second.state, first.result_lead_id), ("left_out", lead))
        self.assertEqual(first._make_leads("lead"), lead)

    def test_what_waits_for_both_is_sent_to_one(self):
        people = self._make_people(2)
        first, second = self._make_members(people)
        mail, phone = self._make_step(), self._make_step("phone")
        of_first, of_second = self._make_dispatches(mail, first | second)
        call = self._make_dispatches(phone, second)
        other = self._make_dispatches(self._make_step("todo"), first)
        more = self._make_dispatches(self._make_step("letter"), second)
        self._merge(people[0], people[1])
        self.assertEqual(second.state, "in", "who is addressed the most stays")
        self.assertEqual((of_second | call | more).mapped("state"), ["waiting"] * 3)
        self.assertEqual((of_first.state, of_first.reason), ("left_out", "double"))
        self.assertEqual((other.member_id, other.state), (second, "waiting"))

    def test_a_merge_with_somebody_who_is_left_out_keeps_who_is_in(self):
        people = self._make_people(2)
        out = self._make_members(people[:1], state="left_out", reason="archived")
        member = self._make_members(people[1:])
        self._merge(people[0], people[1])
        self.assertEqual((out.state, member.state, member.partner_id), ("left_out", "in", people[0]))

    def test_who_was_taken_out_by_hand_stays_out_when_they_are_merged(self):
        people = self._make_people(2)
        member, out = self._make_members(people[:1]), self._make_members(people[1:])
        waiting = self._make_dispatches(self._make_step(), member)
        sent = self._make_dispatches(self._make_step("sms"), member, state="sent")
        self._as(self.manager, out).action_remove()
        self._merge(people[1], people[0])
        self.assertEqual((member | out).mapped("reason"), ["removed", "removed"])
        self.assertEqual(
            [(waiting.state, waiting.reason), (sent.state, sent.reason)], [("left_out", "removed"), ("sent", False)]
        )
        # Put back they are in, also when somebody else becomes them.
        self._as(self.manager, out).action_put_back()
        self.assertEqual(
            [(member.state, member.reason), (out.state, out.reason)], [("left_out", "double"), ("in", False)]
        )
        third = self._make_person(8)
        self._make_members(third)
        self._merge(people[1], third)
        self.assertEqual(out.state, "in")

    def test_a_lead_that_becomes_a_customer_who_was_taken_out_is_out(self):
        person, lead = self._make_person(7), self._make_contact(1)
        out, member = self._make_members(person), self._make_members(lead)
        self._as(self.manager, out).action_remove()
        lead.partner_id = person
        self.assertEqual(member._get_reasons(), {member.id: "removed"})

    def test_projects_of_different_customers_that_are_merged_leave_both_in(self):
        people = self._make_people(2)
        leads = self.env["crm.lead"].union(
            *(self._make_lead(partner_id=person.id, company_id=self.home.id, type="opportunity") for person in people)
        )
        members = self._make_members(leads)
        step = self._make_step("phone")
        calls = self._make_dispatches(step, members)
        further = self._make_members(
            self._make_lead(partner_id=people[1].id, company_id=self.home.id), state="left_out", reason="company"
        )
        merged = (leads | further.lead_id).merge_opportunity()
        self.env.invalidate_all()
        self.assertEqual(members.mapped("state"), ["in", "in"])
        self.assertEqual(members.mapped("partner_id"), people)
        self.assertEqual(calls.mapped("member_id"), members)
        self.assertEqual(calls.mapped("state"), ["waiting", "waiting"])
        by_partner = {member.partner_id: member.lead_id for member in members}
        other = people - merged.partner_id
        self.assertEqual(by_partner, {merged.partner_id: merged, other: self.env["crm.lead"]})

    def test_a_member_without_a_customer_is_that_of_the_project_that_has_one(self):
        person = self._make_person(7)
        values = {"type": "opportunity", "user_id": False, "team_id": self.team.id}
        project = self._make_lead(partner_id=person.id, company_id=self.home.id, **values)
        members = self._make_members(project) | self._make_members(self._make_contact(1, **values))
        merged = members.lead_id.merge_opportunity()
        self.env.invalidate_all()
        self.assertEqual((members.lead_id, merged.partner_id), (merged, person))
        self.assertEqual(sorted(members.mapped("state")), ["in", "left_out"])

    def test_leads_that_are_merged_are_one_member(self):
        values = {"type": "opportunity", "user_id": False, "team_id": self.team.id}
        leads = self._make_contact(1, **values) | self._make_contact(2, **values)
        members = self._make_members(leads)
        merged = leads.merge_opportunity()
        self.env.invalidate_all()
        members = members.exists()
        self.assertEqual(members.lead_id, merged)
        self.assertEqual(sorted(members.mapped("state")), ["in", "left_out"])

    def test_a_lead_that_gets_a_customer_is_the_same_member(self):
        lead, person = self._make_contact(1), self._make_person(7)
        member = self._make_members(lead)
        lead.partner_id = person
        self.assertFalse(member._get_reasons())
        self.assertEqual((member.partner_id, member.lead_id), (person, lead))
        self.assertEqual(self._add(person), member)

    def test_leads_of_whom_both_get_a_customer_who_is_in_are_doubles(self):
        person = self._make_person(7)
        leads = self._make_contact(1) | self._make_contact(2)
        member, members = self._make_members(person), self._make_members(leads)
        leads.partner_id = person
        self.assertEqual(members._get_reasons(), dict.fromkeys(members.ids, "double"))
        self.assertEqual((member.state, *members.mapped("reason")), ("in", "double", "double"))
        self.assertEqual(members.partner_id, person)

    def test_deleting_the_project_leaves_the_customer_in(self):
        person, contact = self._make_person(7), self._make_contact(1)
        project = self._make_lead(partner_id=person.id)
        member, other = self._make_members(project | contact)
        self._make_dispatches(self._make_step(), other, state="sent")
        messages = other._message_log(body="A word")
        (project | contact).unlink()
        self.assertEqual((member.exists(), member.lead_id), (member, self.env["crm.lead"]))
        self.assertFalse(other.exists())
        self.assertFalse(messages.exists())

    def test_deleting_the_customer_deletes_the_member_and_what_was_written_on_it(self):
        person = self._make_person(7)
        member = self._make_members(person)
        message = member._message_log(body="A word")
        person.unlink()
        self.assertFalse(member.exists())
        self.assertFalse(message.exists())
