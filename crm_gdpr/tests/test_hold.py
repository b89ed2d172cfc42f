from datetime import date, datetime, timedelta

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from .common import PrivacyCase

TODAY = date(2026, 11, 29)
DAY = timedelta(days=1)


class HoldCase(PrivacyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-11-29 10:00:00"))
        cls.contact = cls._make_contact()

    def _hold(self, contact=None, **values):
        values = {"partner_id": (contact or self.contact).id, "reason": "Case 12/2026", **values}
        return self.env["crm.gdpr.hold"].with_user(self.officer).create(values)

    def _held(self, *contacts):
        reasons = self.env["crm.gdpr.hold"]._get_reasons(self.env["res.partner"].union(*contacts))
        return {contact for contact in contacts if reasons.get(contact.id)}

    def _last_entry(self):
        return self.env["crm.gdpr.log"].search([], limit=1)


class TestHold(HoldCase):
    def test_a_contact_is_held_with_the_reason_for_everybody_who_asks(self):
        self._hold(date_to=TODAY + 30 * DAY)
        reasons = self.env["crm.gdpr.hold"]._get_reasons(self.contact)
        self.assertEqual(list(reasons), [self.contact.id])
        for part in ("Legal dispute", "Case 12/2026", "Jane Doe", "2026-12-29"):
            self.assertIn(part, reasons[self.contact.id][0])

    def test_it_holds_from_its_first_to_its_last_day_by_the_calendar_alone(self):
        hold = self._hold(date_from=TODAY, date_to=TODAY + 2 * DAY)
        for hour, state in ((-15, "planned"), (-13, "active"), (12, "active"), (83, "active"), (84, "ended")):
            # in the first place on earth it begins 14 hours early, in the last one it ends 12 hours late
            with self.subTest(hour=hour), freeze_time(datetime(2026, 11, 29) + timedelta(hours=hour)):
                hold.invalidate_recordset()
                self.assertEqual(hold.state, state)
                self.assertEqual(hold.search([("state", "=", state), ("id", "=", hold.id)]), hold)
                others = {"planned", "active", "ended", "released"} - {state}
                self.assertFalse(hold.search([("state", "in", list(others)), ("id", "=", hold.id)]))
                self.assertEqual(bool(self._held(self.contact)), state == "active")

    def test_without_a_last_day_it_holds_until_it_is_released(self):
        hold = self._hold()
        with freeze_time("2096-01-01"):
            self.assertTrue(self._held(self.contact))
        hold.action_release()
        self.assertFalse(self._held(self.contact))
        self.assertEqual((hold.state, hold.released_by_id, hold.released_on), ("released", self.officer, TODAY))

    def test_one_released_hold_does_not_end_another(self):
        self._hold().action_release()
        self._hold(kind="fiscal", reason="Audit")
        [reason] = self.env["crm.gdpr.hold"]._get_reasons(self.contact)[self.contact.id]
        self.assertIn("Audit", reason)

    def test_a_company_holds_its_contacts_and_a_contact_its_company_but_no_colleague(self):
        group = self._make_contact("Group", is_company=True)
        company = self._make_contact("Company", is_company=True, parent_id=group.id)
        person = self._make_contact("Person", parent_id=company.id)
        colleague = self._make_contact("Colleague", parent_id=company.id)
        sister = self._make_contact("Sister", is_company=True, parent_id=group.id)
        everybody = (group, company, person, colleague, sister, self.contact)
        hold = self._hold(company)
        self.assertEqual(self._held(*everybody), {group, company, person, colleague})
        hold.action_release()
        self._hold(person)
        self.assertEqual(self._held(*everybody), {group, company, person})

    def test_dates_in_the_wrong_order_are_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.CheckViolation):
            self._hold(date_from=TODAY, date_to=TODAY - DAY)

    def test_it_stays_on_its_contact_and_is_never_deleted(self):
        hold = self._hold()
        with self.assertRaises(ValidationError):
            hold.partner_id = self._make_contact("John Doe")
        with self.assertRaises(AccessError):
            hold.unlink()
        with self.assertRaisesRegex(UserError, "released"):
            hold.sudo().unlink()

    def test_its_leads_are_not_deleted_either(self):
        lead = self.env["crm.lead"].create({"name": "Deal", "partner_id": self.contact.id})
        hold = self._hold()
        with self.assertRaisesRegex(UserError, "Jane Doe"):
            lead.with_user(self.manager).unlink()
        hold.action_release()
        lead.with_user(self.manager).unlink()

    def test_it_is_not_merged_into_another_contact_but_others_are_into_it(self):
        other = self._make_contact("Jane Again")
        hold = self._hold()
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        with self.assertRaisesRegex(UserError, "merged"):
            merge._merge((self.contact + other).ids, other)
        merge._merge((self.contact + other).ids, self.contact)
        self.assertEqual((hold.partner_id, other.exists()), (self.contact, self.env["res.partner"]))

    def test_what_was_held_is_on_record_when_the_contact_is_deleted(self):
        hold = self._hold()
        hold.action_release()
        self.contact.unlink()
        self.assertEqual((hold.exists(), hold.reason, hold.state), (hold, "Case 12/2026", "released"))
        self.assertIn(hold, self.env["crm.gdpr.hold"].with_user(self.officer).search([]))

    def test_a_hold_is_on_a_contact(self):
        with self.assertRaises(ValidationError):
            self.env["crm.gdpr.hold"].create({"reason": "Nobody"})

    def test_a_contact_that_is_held_is_not_deleted_by_anybody(self):
        hold = self._hold()
        clerk = self._make_user("privacy_clerk", "base.group_partner_manager")
        for user in (self.env.user, clerk):
            with self.subTest(user=user.login), self.assertRaisesRegex(UserError, "on hold"):
                self.contact.with_user(user).unlink()
        hold.action_release()
        self.contact.unlink()
        self.assertTrue(hold.exists())

    def test_setting_changing_and_releasing_it_is_in_the_log_without_the_reason(self):
        hold = self._hold(date_to=TODAY + DAY)
        [subject] = self.env["crm.gdpr.log"]._get_fingerprints(self.contact)
        entry = self._last_entry()
        self.assertEqual((entry.event, entry.subjects, entry.user_ref), ("held", [subject], self.officer.id))
        self.assertEqual(entry.details, {"kind": "legal", "date_from": "2026-11-29", "date_to": "2026-11-30"})
        hold.date_to = False
        self.assertEqual((self._last_entry().event, self._last_entry().details["date_to"]), ("hold_changed", None))
        hold.reason = "Case 13"
        self.assertEqual(self._last_entry().event, "hold_changed")
        before = self._last_entry()
        hold.action_release()
        self.assertEqual(self._last_entry().number, before.number + 1)
        self.assertEqual(self._last_entry().event, "released")

    def test_who_set_and_released_it_is_written_by_nobody(self):
        hold = self._hold()
        for values in (
            {"user_id": self.manager.id},
            {"released_on": "2020-01-01"},
            {"released_by_id": self.manager.id},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                hold.write(values)
            with self.subTest(values=values), self.assertRaises(AccessError):
                hold.create({"partner_id": self.contact.id, "reason": "x", **values})
        hold.action_release()
        with self.assertRaises(AccessError):
            hold.released_on = False

    def test_only_privacy_officers_see_and_set_them(self):
        hold = self._hold()
        for user in self.others:
            mine = hold.with_user(user)
            for act in (
                lambda mine=mine: mine.read(["reason"]),
                lambda mine=mine: mine.search([]),
                lambda mine=mine: mine.write({"reason": "x"}),
                mine.action_release,
                lambda mine=mine: mine.create({"partner_id": self.contact.id, "reason": "x"}),
                mine.unlink,
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    act()

    def test_of_a_thousand_contacts_it_is_told_in_as_many_queries_as_of_one(self):
        contacts = self.env["res.partner"].create([{"name": f"Contact {i}"} for i in range(1000)])
        for contact in contacts[:3]:
            self._hold(contact)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            self.assertEqual(len(self.env["crm.gdpr.hold"]._get_reasons(contacts)), 3)
