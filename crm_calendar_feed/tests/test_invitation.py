from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.modules.migration import load_script
from odoo.tests import Form, tagged
from odoo.tools import file_path

from .common import CalendarCase


@tagged("post_install", "-at_install")
class TestTick(CalendarCase):
    def test_ticking_sends_one_file_that_a_calendar_takes_in(self):
        event = self._meet(name="Demo; with, commas", location="Utrecht", description="<p>Bring<br/>samples</p>")
        event.in_my_calendar = True
        [message] = self._mails()
        self.assertEqual(message["To"], '"cast_sales" <cast_sales@example.com>')
        [file] = self._files(message)
        self.assertEqual((file.get_content_type(), file.get_param("method").upper()), ("text/calendar", "REQUEST"))
        calendar = self._read(file.get_payload(decode=True))
        self.assertEqual((str(calendar["METHOD"]), str(calendar["VERSION"])), ("REQUEST", "2.0"))
        entry = self._entry(calendar)
        self.assertEqual(str(entry["SUMMARY"]), "Demo; with, commas")
        self.assertEqual(str(entry["LOCATION"]), "Utrecht")
        self.assertIn("Bring\nsamples", str(entry["DESCRIPTION"]))
        self.assertEqual((self._utc(entry["DTSTART"]), self._utc(entry["DTEND"])), (event.start, event.stop))
        database = self.env["ir.config_parameter"].get_param("database.uuid")
        self.assertEqual(str(entry["UID"]), f"event-{event.id}@{database}")
        self.assertEqual(entry["SEQUENCE"], 0)
        self.assertEqual(str(entry["ORGANIZER"]), "mailto:crm@example.com")
        self.assertEqual(str(entry["ATTENDEE"]), "mailto:cast_sales@example.com")

    def test_what_is_ticked_when_it_is_made_is_sent_too(self):
        self._meet(in_my_calendar=True)
        self._sent_one("REQUEST")

    def test_each_user_ticks_for_themselves(self):
        event = self._meet()
        event.with_user(self.other).in_my_calendar = True
        self.assertTrue(event.with_user(self.other).in_my_calendar)
        self.assertFalse(event.with_user(self.sales).in_my_calendar)
        [message] = self._mails()
        self.assertIn("cast_other@example.com", message["To"])
        events = self.env["calendar.event"]
        self.assertEqual(events.with_user(self.other).search([("in_my_calendar", "=", True)]), event)
        self.assertFalse(events.with_user(self.sales).search([("in_my_calendar", "=", True)]))

    def test_nothing_is_sent_to_who_did_not_tick(self):
        event = self._meet()
        event.name = "Other"
        event.unlink()
        self.assertFalse(self._sent())

    def test_what_one_makes_for_a_colleague_is_in_both_calendars(self):
        event = self._meet(user=self.manager, user_id=self.sales.id, in_my_calendar=True)
        mails = self._mails()
        self.assertEqual(
            sorted(message["To"] for message in mails),
            ['"cast_manager" <cast_manager@example.com>', '"cast_sales" <cast_sales@example.com>'],
        )
        uids = {str(self._entry(self._read(self._files(mail)[0].get_payload(decode=True)))["UID"]) for mail in mails}
        self.assertEqual(len(uids), 1)
        event.with_user(self.sales).in_my_calendar = False
        self._sent_one("CANCEL")
        event.with_user(self.manager).in_my_calendar = False
        event.with_user(self.manager).in_my_calendar = True
        self.assertFalse(event.with_user(self.sales).in_my_calendar, "who said no is not asked again")

    def test_a_colleague_whom_odoo_invites_gets_no_second_entry(self):
        for values in ({}, {"recurrency": True, "rrule_type": "daily", "end_type": "count", "count": 2}):
            event = (
                self.env["calendar.event"]
                .with_user(self.manager)
                .create(
                    {
                        "name": "Together",
                        "start": self.soon,
                        "stop": self.soon + timedelta(hours=1),
                        "user_id": self.sales.id,
                        "partner_ids": [Command.set((self.sales | self.manager).partner_id.ids)],
                        "in_my_calendar": True,
                        **values,
                    }
                )
            )
            invited = self.env["mail.mail"].search([("recipient_ids", "in", self.sales.partner_id.ids)])
            self.assertTrue(invited, "Odoo's own")
            invited.unlink()
            [message] = self._mails()
            self.assertIn("cast_manager@example.com", message["To"])
            event.name = "Together again"
            [message] = self._mails()
            self.assertIn("cast_manager@example.com", message["To"])
            event.user_id = self.other
            self.assertFalse(self._mails())
            event.with_user(self.sales).in_my_calendar = True
            self.assertIn("cast_sales@example.com", self._mails()[0]["To"], "who asks for it gets it")

    def test_where_odoo_invites_nobody_the_colleague_is_told(self):
        self.env["ir.config_parameter"].set_param("calendar.block_mail", "1")
        events = self.env["calendar.event"].with_user(self.manager)
        partners = [Command.set((self.sales | self.manager).partner_id.ids)]
        values = {"user_id": self.sales.id, "partner_ids": partners, "in_my_calendar": True}
        events.create({"name": "Together", "start": self.soon, "stop": self.soon + timedelta(hours=1), **values})
        self.assertEqual(len(self._mails()), 2)

    def test_on_the_form_it_is_saved_with_the_appointment(self):
        with Form(self.env["calendar.event"].with_user(self.sales)) as form:
            form.name = "From the form"
            form.in_my_calendar = True
        self.assertEqual(len(self._sent()), 1)
        with Form(form.record) as form:
            self.assertTrue(form.in_my_calendar)
            form.name = "Renamed"
        _calendar, entry = self._sent_one("REQUEST")
        self.assertEqual(str(entry["SUMMARY"]), "Renamed")


@tagged("post_install", "-at_install")
class TestChanges(CalendarCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event = cls._meet(opportunity_id=cls.lead.id)
        cls.event.in_my_calendar = True

    def setUp(self):
        super().setUp()
        [calendar] = self._sent()
        self.event_uid = self._entry(calendar)["UID"]

    def test_each_change_is_sent_once_with_the_same_uid_and_a_higher_sequence(self):
        for number, values in enumerate(
            (
                {"name": "Renamed"},
                {"start": self.soon + timedelta(days=1), "stop": self.soon + timedelta(days=1, hours=2)},
                {"location": "Ghent"},
                {"description": "<p>More</p>"},
                {"show_as": "free"},
                {"privacy": "private"},
            ),
            1,
        ):
            self.event.write(values)
            _calendar, entry = self._sent_one("REQUEST")
            self.assertEqual((entry["UID"], entry["SEQUENCE"]), (self.event_uid, number), values)

    def test_what_the_calendar_does_not_show_sends_nothing(self):
        self.event.write({"categ_ids": [Command.link(self.env["calendar.event.type"].create({"name": "Internal"}).id)]})
        self.event.write({"notes": "<p>For us</p>"})
        self.event.write({"name": self.event.name, "location": False})
        self.event.write({"partner_ids": [Command.link(self.partner.id)]})
        self.assertFalse(self._sent())

    def test_many_writes_of_a_transaction_are_one_change_and_back_again_is_none(self):
        for name in "abc":
            self.event.name = name
            self.env.flush_all()
        _calendar, entry = self._sent_one("REQUEST")
        self.assertEqual((str(entry["SUMMARY"]), entry["SEQUENCE"]), ("c", 1))
        self.event.name = "d"
        self.event.name = "c"
        self.assertFalse(self._sent())

    def test_taking_the_tick_off_archiving_and_deleting_cancel_it(self):
        for change, restore in (
            (lambda: self.event.write({"in_my_calendar": False}), lambda: self.event.write({"in_my_calendar": True})),
            (lambda: self.event.write({"active": False}), lambda: self.event.write({"active": True})),
            (lambda: self.event.unlink(), None),
        ):
            before = self.env["crm.calendar.invitation"].search([("user_id", "=", self.sales.id)]).sequence
            change()
            _calendar, entry = self._sent_one("CANCEL")
            self.assertEqual(
                (entry["UID"], entry["SEQUENCE"], entry["STATUS"]), (self.event_uid, before + 1, "CANCELLED")
            )
            if restore:
                restore()
                _calendar, entry = self._sent_one("REQUEST")
                self.assertEqual((entry["UID"], entry["SEQUENCE"]), (self.event_uid, before + 2))

    def test_what_is_over_is_not_taken_out_of_a_calendar(self):
        self.env["crm.calendar.invitation"].search([]).date_end = fields.Datetime.now() - timedelta(days=1)
        self.event.unlink()
        self.assertFalse(self._sent())

    def test_who_loses_the_right_to_it_has_it_cancelled_without_a_word_about_it(self):
        self.event.with_user(self.manager).in_my_calendar = True
        self._sent_one("REQUEST")
        self.lead.with_user(self.sales).is_restricted = True
        sent = {message["To"]: self._files(message)[0].get_payload(decode=True) for message in self._mails()}
        manager = self._read(sent['"cast_manager" <cast_manager@example.com>'])
        self.assertEqual(str(manager["METHOD"]), "CANCEL")
        self.assertNotIn(b"Visit", sent['"cast_manager" <cast_manager@example.com>'])
        # and what was written is taken out of the calendar of who may see it, too
        own = self._read(sent['"cast_sales" <cast_sales@example.com>'])
        self.assertEqual(str(self._entry(own)["SUMMARY"]), "Appointment on a restricted project")
        self.assertNotIn(b"Visit", sent['"cast_sales" <cast_sales@example.com>'])

    def test_who_leaves_has_it_cancelled_and_hears_no_more(self):
        self.sales.active = False
        _calendar, entry = self._sent_one("CANCEL")
        self.assertEqual(entry["UID"], self.event_uid)
        self.event.name = "Renamed"
        self.assertFalse(self._sent())
        self.sales.active = True
        _calendar, entry = self._sent_one("REQUEST")
        self.assertEqual(str(entry["SUMMARY"]), "Renamed")
        self.sales.group_ids = self.env.ref("base.group_portal")
        self._sent_one("CANCEL")
        self.event.sudo().name = "Again"
        self.assertFalse(self._sent())

    def test_who_loses_rights_by_groups_or_companies_has_it_cancelled(self):
        activity = self._plan().with_user(self.manager)
        self.lead.company_id = self.env.company
        activity.in_my_calendar = True
        self._sent_one("REQUEST")
        groups = self.manager.group_ids
        self.manager.group_ids = self.env.ref("base.group_user")
        self._sent_one("CANCEL")
        self.manager.group_ids = groups
        self._sent_one("REQUEST")
        other = self.env["res.company"].create({"name": "Other"})
        self.manager.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self._sent_one("CANCEL")

    def test_of_a_private_appointment_nothing_that_was_written_is_sent(self):
        self.event.write({"privacy": "private", "location": "Clinic", "description": "<p>Teeth</p>"})
        [message] = self._mails()
        content = str(message) + self._files(message)[0].get_payload(decode=True).decode()
        for word in ("Visit", "Clinic", "Teeth"):
            self.assertNotIn(word, content)

    def test_a_batch_is_one_e_mail(self):
        events = self.event
        for number in range(30):
            events |= self._meet(name=f"Visit {number}", in_my_calendar=True)
        self.assertEqual(len(self._sent()), 1)
        for event in events:
            event.start = self.soon + timedelta(days=1)
        [calendar] = self._sent()
        self.assertEqual((str(calendar["METHOD"]), len(calendar.walk("VEVENT"))), ("PUBLISH", 31))
        self.assertFalse([entry for entry in calendar.walk("VEVENT") if "ATTENDEE" in entry], "RFC 5546, section 3.2.1")

    def test_a_batch_cancels_with_a_file_each_in_one_e_mail(self):
        events = self.event
        for _number in range(7):
            events |= self._meet(in_my_calendar=True)
        self._sent()
        events[0].name = "Renamed"
        events[1:].with_context(no_mail_to_attendees=True).unlink()
        [message] = self._mails()
        files = self._files(message)
        self.assertEqual(len({file.get_filename() for file in files}), 8)
        calendars = [self._read(file.get_payload(decode=True)) for file in files]
        self.assertEqual([str(calendar["METHOD"]) for calendar in calendars], ["REQUEST"] + 7 * ["CANCEL"])
        for file, calendar in zip(files, calendars, strict=True):
            self.assertEqual(file.get_param("method").upper(), str(calendar["METHOD"]))
            self.assertEqual(str(self._entry(calendar)["ATTENDEE"]), "mailto:cast_sales@example.com")
        self.assertEqual(len({str(self._entry(calendar)["UID"]) for calendar in calendars}), 8)

    def test_of_very_many_cancellations_there_is_one_file(self):
        events = self.event
        for _number in range(7):
            events |= self._meet(in_my_calendar=True)
        self._sent()
        with patch("odoo.addons.crm_calendar_feed.models.crm_calendar_invitation_mail.CANCEL_FILES", 7):
            events.with_context(no_mail_to_attendees=True).unlink()
            [calendar] = self._sent()
        self.assertEqual((str(calendar["METHOD"]), len(calendar.walk("VEVENT"))), ("PUBLISH", 8))
        self.assertEqual({str(entry["STATUS"]) for entry in calendar.walk("VEVENT")}, {"CANCELLED"})

    def test_of_an_e_mail_that_was_sent_no_file_stays(self):
        files = self.env["ir.attachment"].search([("mimetype", "=like", "text/calendar; method=%")])
        self.assertFalse(files)
        values = {"name": "invitation.ics", "raw": b"x", "mimetype": "text/calendar; method=REQUEST; charset=utf-8"}
        old, waiting, other = self.env["ir.attachment"].create([values, values, {**values, "name": "other.ics"}])
        mail = self.env["mail.mail"].create({"subject": "Waiting", "attachment_ids": [Command.link(waiting.id)]})
        path = file_path("crm_calendar_feed/migrations/19.0.1.0.1/post-migrate.py")
        load_script(path, "crm_calendar_feed_post_migrate").migrate(self.env.cr, "19.0.1.0.0")
        self.assertEqual((old | waiting | other).exists(), waiting | other)
        mail.unlink()
        self.assertFalse(waiting.exists())

    def test_who_has_no_address_is_told_as_soon_as_there_is_one(self):
        for email in (False, "nonsense"):
            self.sales.email = email
            self.event.name = f"Renamed {email}"
            self.assertFalse(self._sent())
        self.sales.email = "found@example.com"
        [message] = self._mails()
        self.assertIn("found@example.com", message["To"])
        entry = self._entry(self._read(self._files(message)[0].get_payload(decode=True)))
        self.assertEqual((str(entry["SUMMARY"]), entry["SEQUENCE"]), ("Renamed nonsense", 1))

    def test_a_batch_takes_as_many_queries_to_look_through_for_many_as_for_few(self):
        few, many = self._meet(), self._meet()
        for _number in range(20):
            many |= self._meet()
        (few | many).in_my_calendar = True
        self._mails()
        counts = []
        for events in (few, few, many):  # first of all with cold caches
            events.write({"show_as": "busy"})
            before = self.env.cr.sql_log_count
            self._mails()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 2)

    def test_what_was_rolled_back_is_told_to_nobody(self):
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self._meet(in_my_calendar=True)
            raise ZeroDivisionError
        self.assertFalse(self._sent())

    def test_what_is_gone_is_forgotten(self):
        self.event.unlink()
        self._sent()
        self.env["crm.calendar.invitation"]._gc_gone()
        self.assertFalse(self.env["crm.calendar.invitation"].search([("user_id", "=", self.sales.id)]))
