from datetime import datetime

import icalendar

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_calendar_feed.tools import ics

NASTY = 'Tea; coffee, "milk" \\ cake\r\nline two\tend \x00\x07\x1b ✓ Zażółć 🎉'


@tagged("post_install", "-at_install")
class TestLines(BaseCase):
    def _round_trip(self, lines):
        content = ics.calendar([ics.component("VEVENT", ["UID:1", "DTSTAMP:20260101T000000Z", *lines])], [])
        return content, icalendar.Calendar.from_ical(content).walk("VEVENT")[0]

    def test_any_text_comes_out_as_it_went_in_but_for_what_may_not_stand_in_one(self):
        expected = 'Tea; coffee, "milk" \\ cake\nline two end  ✓ Zażółć 🎉'
        _content, entry = self._round_trip([f"SUMMARY:{ics.text(NASTY)}"])
        self.assertEqual(str(entry["SUMMARY"]), expected)

    def test_no_text_adds_a_line_of_its_own(self):
        content, entry = self._round_trip(
            [f"SUMMARY:{ics.text('x' + chr(13) + chr(10) + 'ATTENDEE:mailto:eve@example.com')}"]
        )
        self.assertNotIn("ATTENDEE", entry)
        self.assertNotIn("\r\nATTENDEE", content)

    def test_lines_are_75_bytes_at_most_and_no_character_is_torn_apart(self):
        for letter in ("a", "é", "漢", "🎉"):
            for length in range(60, 90):
                text = letter * length
                content, entry = self._round_trip([f"SUMMARY:{ics.text(text)}"])
                self.assertEqual(str(entry["SUMMARY"]), text)
                self.assertLessEqual(max(len(line.encode()) for line in content.split("\r\n")), 75)

    def test_a_name_in_a_parameter_cannot_leave_its_quotes(self):
        name = 'Eve";X="\r\nATTENDEE:x'
        _content, entry = self._round_trip([f"ORGANIZER;CN={ics.quoted(name)}:mailto:a@example.com"])
        self.assertEqual(str(entry["ORGANIZER"]), "mailto:a@example.com")
        self.assertEqual(entry["ORGANIZER"].params["CN"], "Eve';X='ATTENDEE:x")
        self.assertEqual(set(entry["ORGANIZER"].params), {"CN"})

    def test_the_text_of_markup(self):
        cases = {
            "": "",
            "<p>One</p><p>Two &amp; three</p>": "One\nTwo & three",
            "a<br/>b<br>c": "a\nb\nc",
            "<style>p{color:red}</style><p>x</p>": "x",
            "<p>cut <b": "cut",
            "<script>alert(1)": "",
            "1 &lt; 2": "1 < 2",
        }
        for markup, text in cases.items():
            self.assertEqual(ics.plain(markup), text, markup)
        self.assertEqual(len(ics.plain("x" * 5000)), 1001)

    def test_a_time_zone_is_described_so_that_a_stranger_knows_the_hour(self):
        for zone, month, hours in (
            ("Europe/Amsterdam", 1, 1), ("Europe/Amsterdam", 7, 2), ("UTC", 1, 0),
            ("America/New_York", 1, -5), ("America/New_York", 7, -4),
            ("America/St_Johns", 1, -3.5), ("America/St_Johns", 7, -2.5),
            ("Asia/Kolkata", 7, 5.5), ("Asia/Kathmandu", 3, 5.75),
            ("Australia/Adelaide", 1, 10.5), ("Australia/Adelaide", 7, 9.5),
            ("Australia/Sydney", 1, 11), ("Australia/Sydney", 7, 10),
        ):  # fmt: skip
            content = ics.calendar([list(ics.time_zone(zone))], [])
            described = icalendar.Calendar.from_ical(content).walk("VTIMEZONE")[0].to_tz(lookup_tzid=False)
            offset = datetime(2027, month, 15, 12, tzinfo=described).utcoffset()
            self.assertEqual(offset.total_seconds() / 3600, hours, (zone, month))
