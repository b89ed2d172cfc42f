from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_group import GroupCase


@tagged("post_install", "-at_install")
class TestGroupRights(GroupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.abroad = cls._make_user("cast_abroad", "sales_team.group_sale_manager")
        cls.abroad.write({"company_ids": [Command.set(cls.away.ids)], "company_id": cls.away.id})

    def _seen(self, user, members):
        """Those that the user sees, asked in every way there is."""
        theirs = self._as(user, members)
        if user == self.abroad:
            theirs = theirs.with_context(allowed_company_ids=self.away.ids)
        found = theirs.search([("id", "in", members.ids)])
        self.assertEqual(theirs._filtered_access("read"), found, user.login)
        self.assertEqual(theirs.search_count([("id", "in", members.ids)]), len(found))
        groups = theirs._read_group([("id", "in", members.ids)], [], ["__count"])
        self.assertEqual(groups[0][0], len(found))
        for member in theirs - found:
            with self.assertRaises(AccessError):
                member.read(["name"])
        return found.sudo(False).with_env(self.env)

    def test_a_member_is_seen_by_who_may_see_the_customer_and_the_project(self):
        self.env["crm.private.customers"]._switch(True, "everybody")
        mine = self._make_person(1, user_id=self.sales.id)
        theirs = self._make_person(2, user_id=self.other.id)
        lead = self._make_contact(3, user_id=self.sales.id)
        restricted = self._make_contact(4, user_id=self.sales.id)
        self._as(self.sales, restricted).is_restricted = True
        members = self._make_members(mine | theirs) | self._make_members(lead | restricted)
        of_mine, of_theirs, of_lead, of_restricted = members
        self.assertEqual(self._seen(self.sales, members), of_mine | of_lead | of_restricted)
        self.assertEqual(self._seen(self.other, members), of_theirs)
        self.assertEqual(self._seen(self.manager, members), of_mine | of_theirs | of_lead)
        # Who sells nothing reads no leads, and no private customers.
        self.assertFalse(self._seen(self.marketing, members) & (of_lead | of_restricted))
        self.assertFalse(self._seen(self.abroad, members))

    def test_a_marketing_user_who_sells_nothing_works_with_customers(self):
        people = self._make_people(2)
        members = self._add(people, user=self.marketing)
        theirs = self._as(self.marketing, members)
        self.assertEqual(theirs.mapped("name"), people.mapped("name"))
        theirs[:1].action_remove()
        theirs[:1].action_put_back()
        self.assertEqual(members.mapped("state"), ["in", "in"])
        self.assertFalse(theirs.search([("name", "ilike", "nobody of that name")]))
        views = theirs.get_views([(False, "list"), (False, "search"), (False, "kanban")])
        self.assertIn("outcome", views["models"]["crm.campaign.member"]["fields"])
        theirs.web_search_read([("id", "in", members.ids)], {"name": {}, "lead_id": {"fields": {}}, "outcome": {}})

    def test_shares_are_those_of_a_step_that_the_user_may_change_and_that_does_not_run(self):
        abroad = self._make_campaign("Abroad", company_id=self.away.id)
        foreign = self._make_step("phone", abroad, company_id=self.away.id).user_ids
        step = self._make_step("phone")
        theirs = self._as(self.marketing, step.user_ids | foreign).with_context(allowed_company_ids=self.home.ids)
        self.assertEqual(theirs.search([("id", "in", theirs.ids)]), theirs[:1])
        new = {"user_id": self.manager.id}
        for call in (
            lambda: theirs[1:].read(["per_day"]),
            lambda: theirs[1:].write({"per_day": 1}),
            lambda: theirs[1:].unlink(),
            lambda: theirs.create({**new, "step_id": foreign.step_id.id}),
            lambda: theirs[:1].write({"step_id": foreign.step_id.id}),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                call()
        self.env.invalidate_all()
        mine, other = theirs[:1], self._as(self.marketing, self._make_step("phone")).user_ids
        update = {"user_ids": [Command.update(mine.id, {"per_day": 8})]}
        calls = (
            lambda: mine.write({"per_day": 7}),
            lambda: self._as(self.marketing, step).write(update),
            lambda: mine.create({**new, "step_id": step.id}).unlink(),
            lambda: mine.unlink(),
            lambda: other.write({"step_id": step.id, "user_id": self.other.id}),
        )
        for state, may in (("draft", True), ("planned", False), ("running", False), ("stopped", True), ("done", False)):
            step.state = state
            for call in calls[:3] if may else calls:
                with self.subTest(state=state):
                    if may:
                        call()
                        continue
                    with self.assertRaisesRegex(UserError, "Stop the step"), self.env.cr.savepoint():
                        call()
                    self.env.invalidate_all()

    def test_what_a_reaction_became_is_written_by_nobody_and_read_by_who_may_read_it(self):
        secret = self._make_lead(name="Top Secret", company_id=self.home.id, user_id=self.other.id)
        member = self._make_members(self._make_person(1))
        for user in (self.marketing, self.manager):
            with self.subTest(user=user.login), self.assertRaisesRegex(UserError, "frozen"):
                self._as(user, member).write({"result_lead_id": secret.id})
        member.result_lead_id = secret
        self.env.invalidate_all()
        for user, seen in (
            (self.other, secret),
            (self.sales, self.env["crm.lead"]),
            (self.marketing, self.env["crm.lead"]),
        ):
            theirs = self._as(user, member)
            with self.subTest(user=user.login):
                self.assertEqual(theirs.seen_lead_id.ids, seen.ids)
                specification = {"seen_lead_id": {"fields": {"display_name": {}}}, "has_result": {}}
                told = str(theirs.web_read(specification)) + str(theirs.read())
                self.assertEqual("Top Secret" in told, bool(seen))
                with self.assertRaises(AccessError):
                    theirs.read(["result_lead_id"])

    def test_salespeople_look_and_change_nothing(self):
        members = self._make_members(self._make_people(1))
        theirs = self._as(self.sales, members)
        self.assertEqual(theirs.name, "Person 1000")
        for call in (theirs.action_remove, theirs.action_put_back, theirs.unlink):
            with self.subTest(call=call), self.assertRaises(AccessError):
                call()

    def test_nobody_makes_members_but_by_adding(self):
        values = {"campaign_id": self.campaign.id, "company_id": self.home.id, "partner_id": self.partner.id}
        for user in (self.manager, self.marketing, self.sales):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, self.env["crm.campaign.member"]).create(values)

    def test_who_may_not_see_a_customer_may_not_add_them(self):
        self.env["crm.private.customers"]._switch(True, "managers")
        person = self._make_person(1, user_id=self.other.id)
        members = self._add(person, user=self.marketing)
        self.assertEqual(members.reason, "out_of_reach")
