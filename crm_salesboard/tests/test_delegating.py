from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestDelegating(SalesBoardCase):
    """Whoever gives an activity to a colleague stays on it, and is told when it is done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._make_lead()
        cls.lead.linked_user_ids = [Command.create({"user_id": cls.other.id})]

    def _plan(self, by=None, to=None, record=None):
        return (
            (record or self.lead)
            .with_user(by or self.sales)
            .activity_schedule(
                "mail.mail_activity_data_call", summary="Call back", automated=False, user_id=(to or self.sales).id
            )
        )

    def _delegate(self, activities, by, to, note=False):
        action = activities.with_user(by).action_delegate()
        form = Form(self.env["crm.activity.delegate"].with_user(by).with_context(**action["context"]))
        form.user_id = to
        form.note = note
        return form.save().action_delegate()

    def _told(self, user):
        domain = [("partner_ids", "in", user.partner_id.ids), ("subject", "like", "Done:")]
        return self.env["mail.message"].search(domain)

    def test_who_asked_is_kept_and_told(self):
        activity = self._plan()
        self.assertFalse(activity.requested_by_id)
        self._delegate(activity, self.sales, self.other, "You know <b>them</b>")
        self.assertEqual((activity.user_id, activity.requested_by_id), (self.other, self.sales))
        self.assertIn("&lt;b&gt;", activity.note)
        activity.with_user(self.other).action_feedback(feedback="They buy")
        told = self._told(self.sales)
        self.assertEqual(len(told), 1)
        self.assertIn("They buy", told.body)
        self.assertEqual(told.author_id, self.other.partner_id)
        self.assertFalse(self._told(self.other))

    def test_giving_it_when_making_it_asks_as_well(self):
        self.assertEqual(self._plan(to=self.other).requested_by_id, self.sales)

    def test_the_first_who_asked_stays(self):
        activity = self._plan(by=self.sales, to=self.other)
        self._delegate(activity, self.other, self.manager)
        self.assertEqual((activity.user_id, activity.requested_by_id), (self.manager, self.sales))

    def test_whoever_gets_it_back_asks_nobody(self):
        activity = self._plan(by=self.sales, to=self.other)
        activity.with_user(self.other).user_id = self.sales
        self.assertFalse(activity.requested_by_id)

    def test_whoever_does_it_oneself_is_not_told(self):
        activity = self._plan(to=self.other)
        activity.with_user(self.sales).action_feedback()
        self.assertFalse(self._told(self.sales))

    def test_from_a_customer_and_without_a_document(self):
        self.sales.group_ids |= self.env.ref("base.group_partner_manager")
        on_partner = self._plan(to=self.other, record=self.partner)
        own = self.env["mail.activity"].with_user(self.sales).create({"summary": "Cake", "user_id": self.sales.id})
        self._delegate(own, self.sales, self.other)
        for activity in (on_partner, own):
            self.assertEqual(activity.requested_by_id, self.sales)
            activity.with_user(self.other).action_feedback()
        self.assertEqual(len(self._told(self.sales)), 2)

    def test_who_has_lost_the_project_is_told_nothing_of_it(self):
        activity = self._plan(to=self.other)
        self.lead.write({"user_id": self.other.id, "is_restricted": True, "linked_user_ids": [Command.clear()]})
        self.assertTrue(self.lead.with_user(self.sales).is_hidden)
        activity.with_user(self.other).action_feedback()
        self.assertFalse(self._told(self.sales))

    def test_who_asked_is_not_for_the_caller_to_say(self):
        values = {"summary": "X", "user_id": self.sales.id, "requested_by_id": self.manager.id}
        activity = self.env["mail.activity"].with_user(self.sales).create(values)
        activity.with_user(self.sales).write({"requested_by_id": self.manager.id})
        self.assertFalse(activity.requested_by_id)

    def test_nor_by_the_context(self):
        activities = self.env["mail.activity"].with_user(self.sales)
        move = self.env["crm.lead.move"].search([], limit=1)
        activities = activities.with_context(default_requested_by_id=self.manager.id, default_crm_move_id=move.id)
        activity = activities.create({"summary": "X", "user_id": self.sales.id})
        self.assertFalse(activity.requested_by_id or activity.crm_move_id)

    def test_who_asked_works_in_another_company_than_who_does_it(self):
        branch = self.env["res.company"].create({"name": "Branch"})
        self.other.company_ids |= branch
        activity = self._plan(to=self.other)
        as_other = activity.with_user(self.other).with_context(allowed_company_ids=(branch | self.env.company).ids)
        as_other.action_feedback(feedback="They buy")
        self.assertFalse(activity.active)
        self.assertEqual(len(self._told(self.sales)), 1)

    def test_who_asked_is_told_from_another_company(self):
        branch = self.env["res.company"].create({"name": "Branch"})
        self.other.company_ids |= branch
        self.sales.write({"company_ids": [Command.link(branch.id)]})
        activity = self._plan(to=self.other)
        self.sales.write({"company_id": branch.id, "company_ids": [Command.set(branch.ids)]})
        self.lead.company_id = False
        activity.with_user(self.other).with_context(allowed_company_ids=self.env.company.ids).action_feedback()
        self.assertEqual(len(self._told(self.sales)), 1)

    def test_done_is_done_though_nobody_can_be_told(self):
        activity = self._plan(to=self.other)
        broken = self.env["ir.rule"].create(
            {
                "name": "Broken",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "domain_force": "[('no_such_field', '=', user.id)] if user.login == 'cast_sales' else []",
            }
        )
        with mute_logger("odoo.addons.crm_salesboard.models.mail_activity_asked", "odoo.domains"):
            activity.with_user(self.other).action_feedback(feedback="They buy")
        broken.unlink()
        self.assertFalse(activity.active)
        self.assertFalse(self._told(self.sales))

    def test_only_who_may_change_an_activity_delegates_it(self):
        activity = self._plan()
        self.lead.linked_user_ids = [Command.clear()]
        for user in (self.other, self.outsider):
            with self.subTest(user.login), self.assertRaises(AccessError):
                activity.with_user(user).action_delegate()
        wizard = self.env["crm.activity.delegate"].with_user(self.other)
        with self.assertRaises(AccessError):
            wizard.create({"activity_ids": activity.ids, "user_id": self.other.id}).action_delegate()
        self.assertEqual(activity.user_id, self.sales)

    def test_what_is_done_and_who_is_no_employee_are_refused(self):
        activity = self._plan()
        portal = self.env.ref("base.public_user")
        wizard = self.env["crm.activity.delegate"].with_user(self.sales)
        with self.assertRaises(UserError):
            wizard.create({"activity_ids": activity.ids, "user_id": portal.id}).action_delegate()
        activity.action_feedback()
        with self.assertRaises(UserError):
            wizard.create({"activity_ids": activity.ids, "user_id": self.other.id}).action_delegate()

    def test_what_i_asked_for_is_found(self):
        mine, _own = self._plan(to=self.other), self._plan()
        found = self.env["mail.activity"].with_user(self.sales).search([("requested_by_id", "=", self.sales.id)])
        self.assertEqual(found, mine)
        views = self.env["mail.activity"].get_views([(False, "search")])["views"]["search"]["arch"]
        self.assertIn("filter_requested_by_me", views)

    def test_a_hundred_are_given_at_once(self):
        leads = self.env["crm.lead"].concat(*(self._make_lead() for _n in range(100)))
        activities = self.env["mail.activity"].concat(*(self._plan(record=lead) for lead in leads))
        activities.with_user(self.sales).with_context(mail_activity_quick_update=True).user_id = self.other
        self.assertEqual(activities.requested_by_id, self.sales)
