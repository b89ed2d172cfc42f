from datetime import date, datetime, time, timedelta
from itertools import takewhile
from unittest.mock import patch

import pytz
from dateutil.rrule import rrulestr

from odoo.tests import tagged

from .common import CalendarCase

SHIFTS = (timedelta(hours=-5), timedelta(hours=5), timedelta(days=9))
AMSTERDAM = pytz.timezone("Europe/Amsterdam")


@tagged("post_install", "-at_install")
class TestSeries(CalendarCase):
    """A series is one entry; what a calendar makes of it are the occurrences that Odoo has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Mondays and Thursdays at ten in Amsterdam, over the night when the clock is put back, in a year to come
        cls.monday = date(date.today().year + 1, 10, 15)
        cls.monday += timedelta(days=-cls.monday.weekday() % 7)
        cls.until = cls.monday + timedelta(days=44)
        at_ten = datetime.combine(cls.monday, time(10))
        cls.first = AMSTERDAM.localize(at_ten).astimezone(pytz.utc).replace(tzinfo=None)

    def _series(self, **values):
        event = self._meet(
            **{
                "name": "Weekly call",
                "start": self.first,
                "recurrency": True,
                "rrule_type": "weekly",
                "end_type": "count",
                "count": 8,
                "mon": True,
                "thu": True,
                "event_tz": "Europe/Amsterdam",
                "in_my_calendar": True,
                **values,
            }
        )
        return event

    def _occurrences(self, calendar, until=None):
        """When a calendar program shows the series: its rule, less what is excepted, and what was moved."""
        [master] = [entry for entry in calendar.walk("VEVENT") if "RECURRENCE-ID" not in entry]
        start = master["DTSTART"].dt
        found = [start]
        if "RRULE" in master:
            found = self._expand(master["RRULE"].to_ical().decode(), start, until)
            # RFC 5545, section 3.8.5.3: what is no occurrence of the rule may not begin it.
            self.assertEqual(found[0], start)
        for name, change in (("RDATE", found.append), ("EXDATE", found.remove)):
            lists = master.get(name, [])
            for dates in lists if isinstance(lists, list) else [lists]:
                for moment in dates.dts:
                    self.assertGreater(moment.dt, start)
                    change(moment.dt)
        for entry in calendar.walk("VEVENT"):
            if "RECURRENCE-ID" in entry:
                self.assertIn(entry["RECURRENCE-ID"].dt, found)
                found.remove(entry["RECURRENCE-ID"].dt)
                found.append(entry["DTSTART"].dt)
        return sorted(
            moment.astimezone(pytz.utc).replace(tzinfo=None) if isinstance(moment, datetime) else moment
            for moment in found
        )

    def _expand(self, rule, start, until=None):
        """What a rule gives, up to a moment if it never ends."""
        if isinstance(start, datetime):
            end = until and pytz.utc.localize(until)
            return list(takewhile(lambda moment: not end or moment <= end, rrulestr(rule, dtstart=start)))
        return [moment.date() for moment in rrulestr(rule, dtstart=datetime.combine(start, time()))]

    def _assert_same(self, calendar, events, until=None):
        self.assertEqual(self._occurrences(calendar, until), events.sorted("start").mapped("start"))

    def test_a_series_is_one_file_at_the_same_hour_in_summer_and_winter(self):
        event = self._series()
        [calendar] = self._sent()
        events = event.recurrence_id.calendar_event_ids
        self.assertEqual(len(events), 8)
        self._assert_same(calendar, events)
        entry = self._entry(calendar)
        self.assertEqual(entry["DTSTART"].params["TZID"], "Europe/Amsterdam")
        self.assertEqual({moment.hour for moment in events.mapped("start")}, {8, 9})
        self.assertEqual([str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")], ["Europe/Amsterdam"])
        self.assertTrue(all(occurrence.in_my_calendar for occurrence in events.with_user(self.sales)))

    def test_rules_of_all_kinds_and_whole_days(self):
        for values in (
            {"rrule_type": "daily", "interval": 3, "mon": False, "thu": False},
            {"rrule_type": "monthly", "month_by": "day", "byday": "-1", "weekday": "MON"},
            {"rrule_type": "yearly", "count": 3},
            {"end_type": "end_date", "until": self.until},
            {"event_tz": "UTC"},
            {"event_tz": "Asia/Kolkata"},
            {"event_tz": "America/New_York", "end_type": "end_date", "until": self.until},
        ):
            with self.subTest(values):
                self._series(**values)
                series = self.env["calendar.recurrence"].search([], order="id desc", limit=1)
                calendars = self._sent()
                self.assertEqual(len(calendars), 1)
                self._assert_same(calendars[0], series.calendar_event_ids)

    def test_whole_days(self):
        event = (
            self.env["calendar.event"]
            .with_user(self.sales)
            .create(
                {
                    "name": "Fair",
                    "allday": True,
                    "start": f"{self.monday} 08:00:00",
                    "stop": f"{self.monday + timedelta(days=1)} 18:00:00",
                    "recurrency": True,
                    "rrule_type": "monthly",
                    "month_by": "date",
                    "day": self.monday.day,
                    "end_type": "count",
                    "count": 4,
                    "in_my_calendar": True,
                }
            )
        )
        [calendar] = self._sent()
        self.assertEqual(
            self._occurrences(calendar), event.recurrence_id.calendar_event_ids.sorted("start").mapped("start_date")
        )
        entry = self._entry(calendar)
        self.assertEqual(entry["DTEND"].dt - entry["DTSTART"].dt, timedelta(days=2))

    def test_one_that_is_moved_deleted_or_renamed(self):
        event = self._series()
        [calendar] = self._sent()
        [known] = {str(entry["UID"]) for entry in calendar.walk("VEVENT")}
        events = event.recurrence_id.calendar_event_ids.sorted("start")
        moved = events[2]
        moved.write(
            {
                "start": moved.start + timedelta(hours=5),
                "stop": moved.stop + timedelta(hours=5),
                "recurrence_update": "self_only",
            }
        )
        [calendar] = self._sent()
        self._assert_same(calendar, events)
        self.assertEqual(len(calendar.walk("VEVENT")), 2)
        events[4].write({"name": "With the boss", "recurrence_update": "self_only"})
        [calendar] = self._sent()
        self._assert_same(calendar, events)
        self.assertIn("With the boss", {str(entry["SUMMARY"]) for entry in calendar.walk("VEVENT")})
        gone = events[5] | events[0] | events[7]
        left = events - gone
        gone.unlink()
        [calendar] = self._sent()
        self._assert_same(calendar, left)
        self.assertEqual({str(entry["UID"]) for entry in calendar.walk("VEVENT")}, {known})
        self.assertEqual({entry["SEQUENCE"] for entry in calendar.walk("VEVENT")}, {3})

    def test_whichever_is_moved_the_rule_begins_where_it_did(self):
        until = {"end_type": "end_date", "until": self.until}
        monthly = {"rrule_type": "monthly", "month_by": "day", "byday": "3", "weekday": "MON"}
        for values in (
            {"end_type": "count", "count": 8},
            until,
            {**until, "interval": 2},
            {**until, "rrule_type": "daily", "interval": 3},
            {**monthly, "end_type": "end_date", "until": self.until + timedelta(days=200)},
        ):
            for number, moved in enumerate(((0,), (2,), (-1,), (0, 1), (0, 2, -1))):
                self._assert_moved(values, moved, SHIFTS[number % len(SHIFTS)])
        for shift in SHIFTS:
            self._assert_moved(until, (0,), shift)

    def test_whichever_is_moved_of_one_that_never_ends_the_rule_begins_where_it_did(self):
        # Odoo makes hundreds of occurrences; some are enough here.
        with patch("odoo.addons.calendar.models.calendar_recurrence.MAX_RECURRENT_EVENT", 8):
            for values in ({"end_type": "forever"}, {"end_type": "forever", "rrule_type": "yearly"}):
                for moved in ((0,), (2,), (0, 2, -1)):
                    self._assert_moved(values, moved, SHIFTS[0])

    def _assert_moved(self, values, moved, shift):
        with self.subTest(values=values, moved=moved, shift=shift), self.env.cr.savepoint() as savepoint:
            event = self._series(**values)
            events = event.recurrence_id.calendar_event_ids.sorted("start")
            rule = events.mapped("start")
            for number in moved:
                one = events[number]
                one.write({"start": one.start + shift, "stop": one.stop + shift, "recurrence_update": "self_only"})
            [calendar] = self._sent()
            self._assert_same(calendar, events, rule[-1] if values["end_type"] == "forever" else None)
            [master] = [entry for entry in calendar.walk("VEVENT") if "RECURRENCE-ID" not in entry]
            self.assertIn(self._utc(master["DTSTART"]).time(), {moment.time() for moment in rule})
            savepoint.rollback()
            self.env.cr.precommit.clear()

    def test_all_of_them_moved_are_one_change_of_the_same_entry(self):
        event = self._series()
        [calendar] = self._sent()
        uid = self._entry(calendar)["UID"]
        event.write(
            {
                "start": event.start + timedelta(hours=1),
                "stop": event.stop + timedelta(hours=1),
                "recurrence_update": "all_events",
            }
        )
        [calendar] = self._sent()
        self.assertEqual({(entry["UID"], entry["SEQUENCE"]) for entry in calendar.walk("VEVENT")}, {(uid, 1)})
        self._assert_same(calendar, event.recurrence_id.calendar_event_ids)

    def test_those_to_come_moved_are_two_entries(self):
        event = self._series()
        self._sent()
        events = event.recurrence_id.calendar_event_ids.sorted("start")
        later = events[3]
        later.write(
            {
                "start": later.start + timedelta(hours=1),
                "stop": later.stop + timedelta(hours=1),
                "recurrence_update": "future_events",
            }
        )
        calendars = self._sent()
        self.assertEqual([str(calendar["METHOD"]) for calendar in calendars], ["REQUEST", "REQUEST"])
        self._assert_same(calendars[0], event.recurrence_id.calendar_event_ids)
        self._assert_same(calendars[1], later.recurrence_id.calendar_event_ids)
        self.assertNotEqual(event.recurrence_id, later.recurrence_id)

    def test_ended_and_deleted(self):
        event = self._series()
        self._sent()
        events = event.recurrence_id.calendar_event_ids.sorted("start")
        events[4].action_mass_archive("future_events")
        [calendar] = self._sent()
        self._assert_same(calendar, events[:4])
        event.action_mass_deletion("all_events")
        [calendar] = self._sent()
        self.assertEqual(str(calendar["METHOD"]), "CANCEL")

    def test_an_appointment_becomes_a_series_and_one_again(self):
        event = self._meet(start=self.first, in_my_calendar=True)
        _calendar, entry = self._sent_one("REQUEST")
        event.write(
            {"recurrency": True, "rrule_type": "daily", "end_type": "count", "count": 3, "event_tz": "Europe/Amsterdam"}
        )
        [calendar] = self._sent()
        self._assert_same(calendar, event.recurrence_id.calendar_event_ids)
        self.assertEqual({part["UID"] for part in calendar.walk("VEVENT")}, {entry["UID"]})
        event.write({"recurrency": False, "recurrence_update": "all_events"})
        calendar, changed = self._sent_one("REQUEST")
        self.assertEqual((changed["UID"], changed["SEQUENCE"]), (entry["UID"], 2))
        self.assertNotIn("RRULE", changed)
