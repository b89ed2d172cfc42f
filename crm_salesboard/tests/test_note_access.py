from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .test_note import NoteCase


@tagged("post_install", "-at_install")
class TestNoteAccess(NoteCase):
    def _finds(self, user, note):
        return note in self.env["crm.note"].with_user(user).search([("id", "=", note.id)])

    def _reads(self, user, note):
        try:
            note.with_user(user).read(["text"])
        except AccessError:
            return False
        return True

    def _may(self, user, note, operation):
        return note.with_user(user).has_access(operation)

    def test_everybody_who_sees_the_customer_sees_the_note(self):
        note = self._make_note()
        for user in (self.sales, self.other, self.all_leads, self.manager, self.outsider):
            with self.subTest(user.login):
                self.assertTrue(self._finds(user, note))
                self.assertTrue(self._reads(user, note))

    def test_accountants_read_and_write_nothing(self):
        accountant = self._make_user("cast_accountant", "account.group_account_invoice")
        note = self._make_note()
        self.assertTrue(self._reads(accountant, note))
        for operation in ("write", "create", "unlink"):
            self.assertFalse(self._may(accountant, note, operation), operation)

    def test_portal_users_see_none(self):
        portal = new_test_user(self.env, "cast_portal", groups="base.group_portal")
        note = self._make_note(partner_id=portal.partner_id.id)
        with self.assertRaises(AccessError):
            self._finds(portal, note)
        self.assertFalse(self._may(portal, note, "read"))
        self.assertFalse(self._may(self.env.ref("base.public_user"), note, "read"))

    def test_salespeople_change_their_own_and_those_they_have_to_do(self):
        own, assigned, foreign = self._make_note(), self._make_note(self.other), self._make_note(self.other)
        assigned.user_id = self.sales
        for user, note, write, unlink in (
            (self.sales, own, True, True),
            (self.sales, assigned, True, False),
            (self.sales, foreign, False, False),
            (self.all_leads, own, False, False),
            (self.manager, foreign, True, True),
            (self.outsider, own, False, False),
        ):
            with self.subTest(user=user.login, note=note.create_uid.login):
                self.assertEqual(self._may(user, note, "write"), write)
                self.assertEqual(self._may(user, note, "unlink"), unlink)
                self.assertEqual(note.with_user(user).can_edit, write)

    def test_a_note_on_a_project_takes_the_right_to_see_the_project(self):
        note = self._make_note(lead_id=self._make_lead().id)
        self.assertTrue(self._reads(self.manager, note))
        self.assertTrue(self._reads(self.all_leads, note))
        for user in (self.other, self.outsider):
            with self.subTest(user.login):
                self.assertFalse(self._finds(user, note))
                self.assertFalse(self._reads(user, note))
                self.assertFalse(self.partner.with_user(user).note_count)

    def test_on_a_restricted_project_nobody_else_finds_it_managers_included(self):
        lead = self._make_lead()
        note = self._make_todo(lead_id=lead.id, status_id=self.lead_status.id)
        note.status_id = False
        lead.is_restricted = True
        groups = self.env["crm.note"].with_user(self.manager)._read_group([], ["partner_id"], ["__count"])
        self.assertFalse(self._finds(self.manager, note))
        self.assertFalse(self._reads(self.manager, note))
        self.assertNotIn(self.partner, [partner for partner, _count in groups])
        self.assertTrue(self._reads(self.sales, note))

    def test_the_status_that_a_restricted_project_gives_stays_there(self):
        lead = self._make_lead()
        self._make_note(status_id=self.lead_status.id)
        self._make_note(lead_id=lead.id, status_id=self.customer_status.id)
        self.assertEqual(self.partner.note_status_id, self.customer_status)
        lead.is_restricted = True
        self.assertEqual(self.partner.note_status_id, self.lead_status)

    def test_a_note_on_a_customer_one_may_not_see_is_refused_and_tells_nothing(self):
        self.env.ref("crm_salesboard.res_partner_rule_private").active = True
        self.partner.user_id = self.other
        self.env.flush_all()
        with self.assertRaises(AccessError) as refused:
            self._make_note()
        with self.assertRaises(AccessError) as absent:
            self._make_note(partner_id=10**9)
        self.assertEqual(str(refused.exception), str(absent.exception))
        self.assertNotIn("Konex", str(refused.exception))
        mine = self._make_note(partner_id=self.env["res.partner"].create({"name": "Mine", "user_id": self.sales.id}).id)
        with self.assertRaises(AccessError) as moved:
            mine.partner_id = self.partner
        self.assertEqual(str(moved.exception), str(refused.exception))
        theirs = self._make_note(self.other)
        self.assertFalse(self._finds(self.sales, theirs))
        self.assertFalse(self._reads(self.sales, theirs))

    def test_a_note_on_a_project_one_may_not_see_is_refused(self):
        lead = self._make_lead(user_id=self.manager.id)
        with self.assertRaises(AccessError):
            self._make_note(lead_id=lead.id)
        note = self._make_note()
        with self.assertRaises(AccessError):
            note.lead_id = lead

    def test_a_note_that_is_hidden_does_not_name_the_customer_in_an_error(self):
        note = self._make_note(lead_id=self._make_lead().id)
        self.outsider.group_ids += self.env.ref("base.group_no_one")
        with self.assertRaises(AccessError) as refused:
            note.with_user(self.outsider).read(["text"])
        self.assertNotIn("Konex", str(refused.exception))

    def test_of_another_company_s_customer_nothing_is_seen(self):
        company = self.env["res.company"].create({"name": "Second"})
        theirs = self.env["res.partner"].create({"name": "Theirs", "company_id": company.id})
        note = self._make_note(self.env.user, partner_id=theirs.id)
        shared = self._make_note()
        self.assertFalse(self._finds(self.sales, note))
        with self.assertRaises(AccessError):
            self._make_note(partner_id=theirs.id)
        colleague = self._make_user("cast_second", "sales_team.group_sale_salesman")
        colleague.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.assertTrue(self._reads(colleague, note))
        self.assertTrue(self._reads(colleague, shared))


@tagged("post_install", "-at_install")
class TestNoteConfiguration(NoteCase):
    def test_only_managers_configure_statuses_and_actions(self):
        for user in (self.sales, self.all_leads, self.outsider):
            with self.subTest(user.login):
                for model in ("crm.note.status", "mail.activity.type"):
                    for operation in ("create", "write", "unlink"):
                        self.assertFalse(self.env[model].with_user(user).has_access(operation))
                menus = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
                self.assertNotIn(self.env.ref("crm_salesboard.crm_note_status_menu").id, menus)
        statuses = self.env["crm.note.status"].with_user(self.manager)
        status = statuses.create({"name": "Sent", "short_name": "S", "text_color": "#000000", "closes": True})
        action = self.env["mail.activity.type"].with_user(self.manager).create({"name": "Visit", "short_name": "V"})
        self.assertTrue(status.id and action.id)
        self.assertIn(
            self.env.ref("crm_salesboard.crm_note_status_menu").id,
            self.env["ir.ui.menu"].with_user(self.manager)._visible_menu_ids(),
        )

    def test_what_comes_ready(self):
        names = {
            status.name: (status.closes, status.is_sales_status) for status in self.env["crm.note.status"].search([])
        }
        self.assertEqual(
            names,
            {
                "Waiting for approval": (False, False),
                "No answer": (False, False),
                "Done": (True, False),
                "Lead": (True, True),
                "Active": (True, True),
                "Customer": (True, True),
                "On hold": (False, True),
            },
        )
        self.assertEqual((self.sample.name, self.sample.short_name), ("Send sample", "Sample"))
        self.assertTrue(self.call.background_color and self.call.short_name)

    def test_colours_are_hex_values(self):
        for record in (self.done, self.call):
            with self.assertRaisesRegex(ValidationError, "not a colour"):
                record.text_color = "red"

    def test_a_status_has_a_name_of_its_own(self):
        with self.assertRaisesRegex(ValidationError, "Choose another name"):
            self.env["crm.note.status"].create({"name": " done "})

    def test_a_status_has_a_name(self):
        with self.assertRaisesRegex(ValidationError, "needs a name"):
            self.env["crm.note.status"].create({"name": "  "})

    def test_a_status_in_use_is_archived_and_not_deleted(self):
        self._make_note(status_id=self.no_answer.id)
        with self.assertRaisesRegex(UserError, "No answer is the status of 1 notes"):
            self.no_answer.unlink()
        self.no_answer.active = False
        self.assertEqual(self.env["crm.note"].search([("status_id", "=", self.no_answer.id)]).status_id, self.no_answer)
        self.env.ref("crm_salesboard.crm_note_status_waiting").unlink()

    def test_whether_a_status_in_use_closes_cannot_change(self):
        self.no_answer.closes = True
        self.no_answer.closes = False
        self._make_note(status_id=self.no_answer.id)
        with self.assertRaisesRegex(UserError, "opened or closed"):
            self.no_answer.closes = True

    def test_one_status_that_closes_stays(self):
        closing = self.env["crm.note.status"].search([("closes", "=", True)])
        (closing - self.done).active = False
        with self.assertRaisesRegex(UserError, "Keep one status"):
            self.done.active = False
        with self.assertRaisesRegex(UserError, "Keep one status"):
            self.done.unlink()

    def test_an_action_in_use_is_not_deleted(self):
        self._make_note(activity_type_id=self.sample.id)
        with self.assertRaisesRegex(UserError, "Send sample is the action of 1 notes"):
            self.sample.unlink()

    def test_odoos_own_types_keep_the_colours_that_somebody_chose(self):
        self.call.write({"text_color": "#111111", "background_color": False, "short_name": False})
        self.env["mail.activity.type"]._color_native_types()
        self.assertEqual((self.call.text_color, self.call.background_color), ("#111111", False))


@tagged("post_install", "-at_install")
class TestSalesStatus(NoteCase):
    def test_the_latest_status_of_the_customer_shows_on_the_company(self):
        first = self._make_note(status_id=self.lead_status.id)
        self.assertEqual(self.partner.note_status_id, self.lead_status)
        self._make_note(partner_id=self.person.id, status_id=self.customer_status.id)
        self.assertEqual(self.partner.note_status_id, self.customer_status)
        self.assertEqual(self.person.commercial_note_status_id, self.customer_status)
        self.assertFalse(self.person.note_status_id)
        self._make_note(status_id=self.done.id)
        self.assertEqual(self.partner.note_status_id, self.customer_status)
        first.status_id = self.env.ref("crm_salesboard.crm_note_status_on_hold")
        self.assertEqual(self.partner.note_status_id, first.status_id)

    def test_it_goes_back_when_the_note_changes_or_goes(self):
        self._make_note(status_id=self.lead_status.id)
        second = self._make_note(status_id=self.customer_status.id)
        second.status_id = False
        self.assertEqual(self.partner.note_status_id, self.lead_status)
        second.status_id = self.customer_status
        second.unlink()
        self.assertEqual(self.partner.note_status_id, self.lead_status)

    def test_history_that_comes_later_does_not_count_as_the_latest(self):
        self._make_note(status_id=self.customer_status.id)
        self._make_note(status_id=self.lead_status.id, date="2015-01-01 10:00:00")
        self.assertEqual(self.partner.note_status_id, self.customer_status)

    def test_it_follows_a_contact_person_to_another_company_and_out(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        self._make_note(partner_id=self.person.id, status_id=self.customer_status.id)
        self.person.parent_id = other
        self.assertFalse(self.partner.note_status_id)
        self.assertEqual(other.note_status_id, self.customer_status)
        self.person.parent_id = False
        self.assertFalse(other.note_status_id)

    def test_which_statuses_count_can_change(self):
        self._make_note(status_id=self.done.id)
        self.done.is_sales_status = True
        self.assertEqual(self.partner.note_status_id, self.done)

    def test_customers_are_found_and_grouped_by_it(self):
        self._make_note(status_id=self.customer_status.id)
        partners = self.env["res.partner"].with_user(self.sales)
        self.assertIn(self.partner, partners.search([("note_status_id", "=", self.customer_status.id)]))
        groups = dict(partners._read_group([("id", "=", self.partner.id)], ["note_status_id"], ["__count"]))
        self.assertEqual(groups, {self.customer_status: 1})

    def test_hundreds_of_customers_are_kept_up_by_a_few_queries(self):
        partners = self.env["res.partner"].create([{"name": f"P{i}"} for i in range(200)])
        values = [{"partner_id": partner.id, "status_id": self.lead_status.id} for partner in partners]
        self._make_note()
        self.env.flush_all()
        with self.assertQueryCount(15):
            notes = self.env["crm.note"].create(values)
            self.env.flush_all()
        self.assertEqual(set(partners.mapped("note_status_id")), {self.lead_status})
        with self.assertQueryCount(20):
            notes.write({"status_id": self.customer_status.id})
            self.env.flush_all()
        self.assertEqual(set(partners.mapped("note_status_id")), {self.customer_status})

    def test_what_is_done_does_not_take_the_status_of_the_customer_back(self):
        on_hold = self.env.ref("crm_salesboard.crm_note_status_on_hold")
        self._make_note(status_id=self.lead_status.id)
        note = self._make_todo(status_id=on_hold.id)
        self.assertEqual(self.partner.note_status_id, on_hold)
        note.action_done()
        self.assertEqual((note.status_id, self.partner.note_status_id), (self.done, on_hold))
        note.activity_id.action_unarchive()
        self.assertFalse(note.is_closed)
        self.assertEqual(self.partner.note_status_id, on_hold)
        self._make_note(status_id=self.customer_status.id)
        note.action_done()
        self.assertEqual(self.partner.note_status_id, self.customer_status)
        note.status_id = on_hold
        self.assertEqual(self.partner.note_status_id, on_hold)
        note.status_id = False
        self.assertEqual(self.partner.note_status_id, self.customer_status)

    def test_brought_back_in_odoos_list_the_status_that_closed_it_still_holds(self):
        self._make_note(status_id=self.lead_status.id)
        note = self._make_todo()
        note.status_id = self.customer_status
        note.activity_id.action_unarchive()
        self.assertFalse(note.status_id)
        self.assertEqual(self.partner.note_status_id, self.customer_status)

    def test_a_status_that_a_customer_has_is_not_deleted(self):
        on_hold = self.env.ref("crm_salesboard.crm_note_status_on_hold")
        note = self._make_todo(status_id=on_hold.id)
        note.action_done()
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            on_hold.unlink()

    def test_a_status_counts_from_now_whatever_date_the_note_has(self):
        opened = fields.Datetime.now().replace(hour=10, minute=0)
        with freeze_time(opened + timedelta(minutes=1)):
            self._make_note(status_id=self.customer_status.id)
        # the form was opened before, or what is written is about tomorrow
        with freeze_time(opened + timedelta(minutes=2)):
            self._make_note(status_id=self.lead_status.id, date=opened)
            self.assertEqual(self.partner.note_status_id, self.lead_status)
            self._make_note(status_id=self.customer_status.id, date=opened + timedelta(days=3))
            self._make_note(
                status_id=self.customer_status.id, status_date=fields.Datetime.to_string(opened + timedelta(days=3))
            )
        with freeze_time(opened + timedelta(minutes=3)):
            self._make_note(status_id=self.lead_status.id)
        self.assertEqual(self.partner.note_status_id, self.lead_status)
