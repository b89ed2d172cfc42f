"""Restricting, opening up, handing over; and what follows for those who are left out."""

from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .restricted_case import SECRET, RestrictedCase


@tagged("post_install", "-at_install")
class TestRestricting(RestrictedCase):
    def setUp(self):
        super().setUp()
        self.open = self._make_lead(name="Open", user_id=self.sales.id)

    def _restrict(self, lead, **values):
        lead.write({"is_restricted": True, **values})
        self.env.flush_all()
        self.env.invalidate_all()

    def test_whoever_restricts_keeps_access(self):
        self._restrict(self.open.with_user(self.manager))
        self.assertEqual(self.open.linked_user_ids.user_id, self.manager)
        self.assertEqual(self.open.with_user(self.manager).name, "Open")

    def test_the_owner_who_restricts_needs_no_link(self):
        self._restrict(self.open.with_user(self.sales))
        self.assertFalse(self.open.linked_user_ids)
        self.assertEqual(self.open.with_user(self.sales).name, "Open")

    def test_a_project_is_restricted_from_the_start(self):
        leads = self.env["crm.lead"].with_user(self.manager)
        lead = leads.create({"name": "New", "user_id": self.sales.id, "is_restricted": True})
        self.assertEqual(lead.linked_user_ids.user_id, self.manager)
        self.assertFalse(leads.with_user(self.all_leads).search([("id", "=", lead.id)]))
        copy = lead.copy()
        self.assertTrue(copy.is_restricted)

    def test_handing_over_leaves_a_link(self):
        self._restrict(self.open.with_user(self.sales))
        self.open.with_user(self.sales).user_id = self.other
        self.assertEqual(self.open.with_user(self.other).name, "Open")
        self.assertEqual(self.open.with_user(self.sales).name, "Open")
        self.open.with_user(self.sales).action_leave()
        self.env.invalidate_all()
        self._refused(lambda: self.open.with_user(self.sales).read(["name"]))

    def test_one_may_not_lock_oneself_out_by_the_form(self):
        lead = self.lead.with_user(self.linked)
        line = lead.linked_user_ids
        with self.assertRaisesRegex(UserError, "Press Leave"), self.cr.savepoint():
            lead.write({"linked_user_ids": [Command.delete(line.id)]})

    def test_somebody_has_to_be_left(self):
        self._restrict(self.open)
        cases = [lambda: self.open.write({"user_id": False}), lambda: self.open.write({"user_id": self.outsider.id})]
        for case in cases:
            with self.assertRaisesRegex(UserError, "Nobody who works with the CRM"), self.cr.savepoint():
                case()
            self.env.invalidate_all()
        self.open.write({"user_id": False, "linked_user_ids": [Command.create({"user_id": self.linked.id})]})
        with self.assertRaisesRegex(UserError, "Nobody who works with the CRM"), self.cr.savepoint():
            self.open.with_user(self.linked).action_leave()
        self.env.invalidate_all()
        self.assertEqual(self.open.linked_user_ids.user_id, self.linked)

    def test_opening_up_brings_it_back_to_everybody(self):
        self.lead.with_user(self.linked).is_restricted = False
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.lead.with_user(self.manager).name, SECRET)
        self.assertEqual(self.order_of_lead.with_user(self.manager).opportunity_id.display_name, SECRET)
        self.assertTrue(self.messages.with_user(self.manager).read(["body"]))
        # A group that was chosen counts while the project is restricted.
        self._refused(lambda: self.lead.with_user(self.member).read(["name"]))

    def test_a_group_opens_the_project_to_its_members(self):
        self._restrict(self.open, access_group_ids=[Command.link(self.group.id)])
        self.assertEqual(self.open.with_user(self.member).name, "Open")
        self._refused(lambda: self.open.with_user(self.other).read(["name"]))
        self.group.user_ids += self.other
        self.assertEqual(self.open.with_user(self.other).name, "Open")

    def test_followers_without_access_are_taken_off_and_told_nothing_more(self):
        followers = self.lead.message_partner_ids
        self.assertFalse(followers & (self.outsiders - self.portal).partner_id)
        message = self.lead.with_user(self.sales).message_post(
            body="News",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=(self.other | self.linked | self.portal).partner_id.ids,
        )
        told = message.sudo().notification_ids.res_partner_id
        self.assertEqual(told, (self.linked | self.portal).partner_id)

    def test_the_inbox_does_not_count_what_it_may_not_show(self):
        for user in self.other | self.outsider:
            unread = self.env["mail.notification"].search(
                [("res_partner_id", "=", user.partner_id.id), ("is_read", "=", False)]
            )
            self.assertFalse(unread & self.messages.notification_ids)

    def test_nobody_is_given_what_he_could_not_see(self):
        lead = self.lead.with_user(self.sales)
        with self.assertRaisesRegex(ValidationError, "cast_other has no access"), self.cr.savepoint():
            lead.activity_schedule("mail.mail_activity_data_todo", user_id=self.other.id)
        with self.assertRaisesRegex(ValidationError, "cast_other"), self.cr.savepoint():
            self.event.with_user(self.sales).write({"partner_ids": [Command.link(self.outsider.partner_id.id)]})
        self.env.invalidate_all()
        lead.linked_user_ids = [Command.create({"user_id": self.outsider.id})]
        activity = lead.activity_schedule("mail.mail_activity_data_todo", summary="Ask", user_id=self.outsider.id)
        self.assertEqual(activity.with_user(self.outsider).summary, "Ask")

    def test_customers_are_invited_and_colleagues_without_access_are_not(self):
        customer = self.env["res.partner"].create({"name": "Customer", "email": "customer@zanzibar.example"})
        start = fields.Datetime.now() + timedelta(days=2)
        # The colleague was invited before the project was restricted.
        notified = [
            attendee.partner_id
            for attendee in self.event.attendee_ids
            if attendee._should_notify_attendee(notify_author=True)
        ]
        self.assertEqual(notified, [self.sales.partner_id])
        events = self.env["calendar.event"].with_user(self.sales)
        event = events.create(
            {
                "name": "Visit",
                "start": start,
                "stop": start + timedelta(hours=1),
                "opportunity_id": self.lead.id,
                "partner_ids": [Command.link(customer.id)],
            }
        )
        attendee = event.attendee_ids.filtered(lambda attendee: attendee.partner_id == customer)
        self.assertTrue(attendee._should_notify_attendee())
        mails = self.env["mail.mail"].sudo().search([("recipient_ids", "in", customer.ids)])
        self.assertTrue(mails.filtered(lambda mail: "Visit" in mail.subject or "Visit" in mail.body_html))
        attendee.sudo().do_accept()

    def test_public_links_end_and_new_quotations_have_another_source(self):
        attachment = self.env["ir.attachment"].create(
            {"name": "Plan", "raw": b"x", "res_model": "crm.lead", "res_id": self.open.id, "public": True}
        )
        self._restrict(self.open)
        self.assertFalse(attachment.public)
        self.assertFalse(self.open._prepare_opportunity_quotation_context()["default_origin"])
        self.open.is_restricted = False
        self.assertEqual(self.open._prepare_opportunity_quotation_context()["default_origin"], "Open")

    def test_an_order_is_confirmed_by_somebody_without_access(self):
        order = self.order_of_lead
        product = self.env["product.product"].create({"name": "GTX", "list_price": 9000, "type": "service"})
        order.order_line = [Command.create({"product_id": product.id})]
        order.with_user(self.manager).action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.lead.sudo().expected_revenue, 9000)

    def test_merged_projects_stay_restricted_for_those_of_both(self):
        self.open.linked_user_ids = [Command.create({"user_id": user.id}) for user in self.other | self.linked]
        merged = (self.lead | self.open).with_user(self.sales).merge_opportunity()
        self.assertTrue(merged.is_restricted)
        self.assertEqual(merged.linked_user_ids.user_id, self.other | self.linked)
        self.assertEqual(merged.access_group_ids, self.group)

    def test_others_do_not_merge_it(self):
        merge = self.env["crm.merge.opportunity"].with_user(self.manager)
        self._refused(
            lambda: merge.create({"opportunity_ids": [Command.set((self.lead | self.open).ids)]}).action_merge()
        )

    def test_hundred_projects_are_checked_by_as_many_queries_as_one(self):
        leads = self.env["crm.lead"].create(
            [{"name": f"Project {number}", "user_id": self.sales.id} for number in range(100)]
        )
        leads.write({"is_restricted": True})
        self.env.flush_all()
        for user in (self.manager, self.sales):
            mine = leads.with_user(user)
            mine.has_access("read")  # fills the caches of the user's rights
            self.env.invalidate_all()
            with self.subTest(user.login), self.assertQueryCount(3):
                self.assertEqual(len(mine._filtered_access("read")), 100 if user == self.sales else 0)
            self.env.invalidate_all()
            with self.subTest(user.login), self.assertQueryCount(3):
                names = set(mine.sudo().mapped("display_name"))
            self.assertEqual(names == {"Restricted project"}, user == self.manager)

    def test_projects_that_are_not_restricted_cost_no_query_more(self):
        leads = self.env["crm.lead"].create(
            [{"name": f"Project {number}", "user_id": self.sales.id} for number in range(20)]
        )
        self.env.flush_all()
        for user in (self.manager, self.sales):
            mine = leads.with_user(user).sudo()
            self.env.invalidate_all()
            self.assertTrue(all(mine.mapped("name")))  # reads all columns, as the check of any rule does
            with self.subTest(f"{user.login}, counted by {self.env.user.login}"), self.assertQueryCount(0):
                self.assertFalse(any(mine.mapped("is_hidden")))
                mine.mapped("display_name")
        with self.assertQueryCount(0):
            self.assertFalse(any(leads.with_user(self.sales).sudo().mapped("is_shared_with_me")))


@tagged("post_install", "-at_install")
class TestTwoLeave(TransactionCase):
    """With transactions that are committed, as two users have them."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "no_reset_password": True})
            group = env.ref("sales_team.group_sale_salesman")
            users = env["res.users"].create(
                [
                    {"name": name, "login": name, "group_ids": [Command.link(group.id)]}
                    for name in ("leave_1", "leave_2")
                ]
            )
            lead = env["crm.lead"].create({"name": "Race", "type": "opportunity", "user_id": users[0].id})
            lead.linked_user_ids = [Command.create({"user_id": user.id}) for user in users]
            lead.write({"is_restricted": True, "user_id": False})
            self.ids = (lead.id, users.ids)
        self.addCleanup(self._remove)

    def _remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["crm.lead"].browse(self.ids[0]).unlink()
            env["res.users"].browse(self.ids[1]).unlink()

    def _leave(self, cr, number):
        env = api.Environment(cr, self.ids[1][number], {})
        env["crm.lead"].browse(self.ids[0]).action_leave()

    def test_of_the_last_two_who_leave_at_the_same_moment_one_stays(self):
        with self.registry.cursor() as second:
            second.execute("SELECT 1 FROM crm_lead LIMIT 1")  # the second one sees the project as it is now
            with self.registry.cursor() as first:
                self._leave(first, 0)
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self._leave(second, 1)
        with self.registry.cursor() as again, self.assertRaisesRegex(UserError, "Nobody who works"):
            self._leave(again, 1)
