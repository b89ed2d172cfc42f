from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .common import CalendarCase


@tagged("post_install", "-at_install")
class TestContent(CalendarCase):
    """What stands in a feed, and what does not."""

    def _content(self, user=None):
        user = user or self.sales
        feeds = self.env["crm.calendar.feed"].sudo()
        if not feeds.search([("user_id", "=", user.id)]):
            feeds._make(user)
        self.env.flush_all()
        self.env.invalidate_all()
        return feeds.search([("user_id", "=", user.id)])._get_content()[0]

    def _entries(self, user=None):
        return {str(entry["SUMMARY"]): entry for entry in self._read(self._content(user)).walk("VEVENT")}

    def test_which_appointments_are_ones_own(self):
        guests = [Command.set((self.sales | self.other).partner_id.ids)]
        self._meet(name="Organized", partner_ids=[Command.set(self.partner.ids)])
        self._meet(user=self.other, name="Invited", partner_ids=guests)
        self._meet(user=self.manager, name="On my project", opportunity_id=self.lead.id)
        self._meet(user=self.other, name="None of mine")
        declined = self._meet(user=self.other, name="Declined", partner_ids=guests)
        declined.attendee_ids.filtered(lambda guest: guest.partner_id == self.sales.partner_id).state = "declined"
        self._meet(name="Archived").active = False
        self._meet(name="Long ago", start=self.soon - timedelta(days=500))
        entries = self._entries()
        self.assertEqual(set(entries), {"Organized", "Invited", "On my project"})
        self.assertEqual(str(entries["Invited"]["TRANSP"]), "OPAQUE")
        self.assertEqual(str(entries["On my project"]["TRANSP"]), "TRANSPARENT")

    def test_a_series_and_whole_days(self):
        self._meet(name="Daily", recurrency=True, rrule_type="daily", end_type="count", count=3, event_tz="UTC")
        calendar = self._read(self._content())
        entries = calendar.walk("VEVENT")
        self.assertEqual(len(entries), 3)
        self.assertEqual(len({str(entry["UID"]) for entry in entries}), 3)
        self.env["calendar.event"].with_user(self.sales).create(
            {"name": "Fair", "allday": True, "start": "2027-05-03 08:00:00", "stop": "2027-05-04 18:00:00"}
        )
        fair = self._entries()["Fair"]
        self.assertEqual((str(fair["DTSTART"].dt), str(fair["DTEND"].dt)), ("2027-05-03", "2027-05-05"))

    def test_follow_ups_are_ones_own_and_open(self):
        self._plan(summary="Mine")
        self._plan(summary="Theirs", user=self.other, by=self.manager)
        self._plan(summary="Done").action_feedback("ok")
        self._plan(summary="Late", days=-20)
        event = self._meet(name="Meeting")
        self._plan(summary="Is the meeting").calendar_event_id = event
        self.assertEqual(set(self._entries()), {"Call: Mine", "Call: Late", "Meeting"})

    def test_a_declined_appointment_does_not_come_back_as_a_follow_up(self):
        event = self._meet(user=self.other, partner_ids=[Command.set((self.sales | self.other).partner_id.ids)])
        self._plan(summary="Is the meeting").calendar_event_id = event
        self.assertEqual(set(self._entries()), {"Visit"})
        event.attendee_ids.filtered(lambda guest: guest.partner_id == self.sales.partner_id).state = "declined"
        self.assertFalse(self._entries())
        event.active = False
        self.assertEqual(set(self._entries()), {"Call: Is the meeting"})

    def test_of_follow_ups_of_private_appointments_nothing_written_gets_out(self):
        event = self._meet(name="Subject", privacy="private")
        self._plan(summary="Subject", note="<p>Text</p>").calendar_event_id = event
        event.active = False
        content = self._content()
        for word in ("Subject", "Text", self.lead.name):
            self.assertNotIn(word, content)
        entry = self._entry(self._read(content))
        self.assertEqual((str(entry["SUMMARY"]), str(entry["CLASS"])), ("Private appointment", "PRIVATE"))

    def test_of_restricted_projects_and_private_appointments_nothing_written_gets_out(self):
        self.lead.is_restricted = True
        self._meet(name="Subject", location="Place", description="<p>Text</p>", opportunity_id=self.lead.id)
        self._meet(name="Subject", location="Place", description="<p>Text</p>", privacy="private")
        self._plan(summary="Subject", note="<p>Text</p>")
        content = self._content()
        for word in ("Subject", "Place", "Text", self.lead.name, self.partner.name):
            self.assertNotIn(word, content)
        self.assertEqual(
            set(self._entries()),
            {"Appointment on a restricted project", "Private appointment", "Call on a restricted project"},
        )

    def test_a_calendar_that_is_private_by_default_is_so_in_the_feed(self):
        self.sales.with_user(self.sales).calendar_default_privacy = "private"
        self._meet(name="Subject")
        self.assertEqual(set(self._entries()), {"Private appointment"})

    def test_what_the_owner_may_not_see_is_not_in_it(self):
        guests = [Command.set((self.sales | self.other).partner_id.ids)]
        self._meet(user=self.sales, opportunity_id=self.lead.id, partner_ids=guests)
        self._plan(user=self.other, by=self.sales)
        self.assertEqual(len(self._entries(self.other)), 2)
        self.lead.with_user(self.sales).is_restricted = True
        self.assertFalse(self._entries(self.other))
        self.assertEqual(len(self._entries(self.sales)), 1)

    def test_reminders_are_for_what_one_takes_part_in(self):
        self._meet(name="Mine")
        self._meet(user=self.manager, name="On my project", opportunity_id=self.lead.id)
        self._content()
        self.sales.with_user(self.sales).calendar_feed_reminder = "15"
        entries = self._entries()
        self.assertEqual(entries["Mine"].walk("VALARM")[0]["TRIGGER"].dt, timedelta(minutes=-15))
        self.assertFalse(entries["On my project"].walk("VALARM"))

    def test_it_is_in_the_language_of_its_owner(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.env["ir.module.module"].search([("name", "=", "crm_calendar_feed")])._update_translations(["nl_NL"])
        self.sales.lang = "nl_NL"
        self._meet(privacy="private")
        self.assertEqual(set(self._entries()), {"Privéafspraak"})

    def test_other_companies_of_the_owner_are_in_it(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.sales.company_ids |= company
        lead = self._make_lead(company_id=company.id, team_id=False)
        self._meet(name="There", opportunity_id=lead.id)
        self.assertIn("There", self._entries())

    def test_as_many_queries_for_many_as_for_few(self):
        self._meet()
        self._plan()
        counts = []
        for more in (0, 0, 20):  # first of all with cold caches
            for number in range(more):
                self._meet(name=str(number))
                self._plan(summary=str(number))
            feed = self.env["crm.calendar.feed"].sudo()
            self._content()
            feed = feed.search([("user_id", "=", self.sales.id)])
            before = self.env.cr.sql_log_count
            feed._get_content()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
        self.assertLess(counts[2], 25)
