from collections import Counter
from datetime import timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.exceptions import UserError

from ..tools import ics

_DAY = timedelta(days=1)
_STEPS = {
    "daily": relativedelta(days=1),
    "weekly": relativedelta(weeks=1),
    "monthly": relativedelta(months=1),
    "yearly": relativedelta(years=1),
}
# So many slots are looked for before the first occurrence that follows its rule.
EARLIER_SLOTS = 12


class CrmCalendarInvitation(models.Model):
    """A series is one entry in the other calendar: a rule, and what deviates from it.

    Odoo has a record per occurrence. The rule is sent in the time zone that it was made in, or it would shift by an
    hour twice a year; occurrences that differ replace one of the rule, those that were taken out are excepted.
    """

    _inherit = "crm.calendar.invitation"

    def _series_documents(self, content, rows):
        """Documents of rows on series.

        :param content: ``crm.calendar.content`` of the user
        :param rows: the occurrences that the user may see, by their start
        """
        occurrences = {}
        series_of = {
            event.id: event.recurrence_id.id for event in self.env["calendar.event"].browse(row["id"] for row in rows)
        }
        for row in rows:
            occurrences.setdefault(series_of[row["id"]], []).append(row)
        return {
            row: self._series_document(content, row.recurrence_id, occurrences[row.recurrence_id.id])
            for row in self
            if row.recurrence_id.id in occurrences
        }

    def _series_document(self, content, recurrence, rows):
        first = next((row for row in rows if row["follow_recurrence"]), rows[0])
        clock = _Clock(first["allday"], recurrence.event_tz)
        length = first["stop_at"] - first["start_at"]
        by_rule, replaced = self._match(recurrence, first, clock, rows)
        start = by_rule[0]
        usual = self._usual_row(content, rows, first)
        master = content._event_lines(usual, clock.period(start, start + length))
        parts = [master + self._rule_lines(recurrence, clock, by_rule, replaced)]
        for slot, row in sorted(replaced.items(), key=lambda item: item[0]):
            period = clock.period(row["start_at"], row["stop_at"], row["allday"])
            same = content._event_lines({**row, "id": usual["id"]}, period)
            if same != content._event_lines(usual, clock.period(slot, slot + length)):
                parts.append([clock.line("RECURRENCE-ID", slot), *content._event_lines(row, period)])
        end = max(row["stop_at"] for row in rows)
        return {
            "parts": parts,
            "title": content._event_title(usual),
            "start": min(row["start_at"] for row in rows),
            "end": self._end_of_day(end) if first["allday"] else end,
            "is_allday": first["allday"],
            "zones": clock.zones,
        }

    @staticmethod
    def _usual_row(content, rows, first):
        """An occurrence that says what most of them say; Odoo gives the first one another description at times."""
        said = [tuple(content._event_lines({**row, "id": first["id"]}, ("",))) for row in rows]
        return rows[said.index(Counter(said).most_common(1)[0][0])]

    def _rule_slots(self, recurrence, first, clock):
        """When the rule says that there is an occurrence: naive datetimes in UTC, the first one first."""
        start = clock.to_wall(first["start_at"])
        try:
            slots = [clock.from_wall(slot) for slot in recurrence._get_rrule(dtstart=start)]
        except UserError:  # a rule that is none: every occurrence stands for itself
            slots = []
        return slots or [first["start_at"]]

    def _earlier_slots(self, recurrence, slots, clock, number):
        """The slots of the rule before those that it gives from the first occurrence that follows it.

        One that was moved does not tell where it stood: if it was the first, its slot is computed back, or the rule
        would have to begin with one that it does not give.

        :param slots: of ``_rule_slots``
        :param number: how many to find, at most
        """
        number = min(number, EARLIER_SLOTS)
        if len(slots) < 2 or not number:
            return []
        start = clock.to_wall(slots[0])
        # By months and years not every step back has the day: the 31st, the 29th of February.
        steps = number if recurrence.rrule_type in ("daily", "weekly") else 12 * number
        try:
            earlier = start - _STEPS[recurrence.rrule_type] * (steps * max(recurrence.interval, 1))
        except (OverflowError, ValueError):  # before the year one
            return []
        if recurrence.rrule_type == "monthly":
            earlier = earlier.replace(day=1)
        rule = recurrence._get_rrule(dtstart=earlier).replace(count=None, until=start)
        found = [slot for slot in rule if slot < start]
        return [clock.from_wall(slot) for slot in found[-number:]]

    def _match(self, recurrence, first, clock, rows):
        """Which occurrence stands in which slot; one that was moved takes the place of one that is missing.

        :return: the slots that the rule gives, from the first to the last that an occurrence stands in, and a dict of
            slot to row; where no slot is left for an occurrence it stands in one of its own
        """
        slots = self._rule_slots(recurrence, first, clock)
        starts = {row["start_at"]: row for row in rows}
        matched = {slot: starts[slot] for slot in slots if slot in starts}
        used = {row["id"] for row in matched.values()}
        others = [row for row in rows if row["id"] not in used]
        slots = [*self._earlier_slots(recurrence, slots, clock, len(others)), *slots]
        free = [slot for slot in slots if slot not in matched]
        for row in others:
            slot = min(free, key=lambda slot: abs(slot - row["start_at"]), default=None)
            if slot is None:
                matched[row["start_at"]] = row
            else:
                free.remove(slot)
                matched[slot] = row
        taken = [slot for slot in slots if slot in matched]
        if len(taken) < 2:  # no rule: it begins with whatever is the first
            return [min(matched)], matched
        return [slot for slot in slots if taken[0] <= slot <= taken[-1]], matched

    def _rule_lines(self, recurrence, clock, by_rule, replaced):
        lines = []
        if len(by_rule) > 1:
            rule = str(recurrence._get_rrule(dtstart=clock.to_wall(by_rule[0]))).split("RRULE:")[1]
            pieces = [piece for piece in rule.split(";") if not piece.startswith(("COUNT=", "UNTIL="))]
            if recurrence.end_type != "forever":
                pieces.append(f"UNTIL={clock.until(by_rule[-1])}")
            lines.append(f"RRULE:{';'.join(pieces)}")
        lines += [clock.line("RDATE", slot) for slot in sorted(replaced.keys() - {*by_rule})]
        lines += [clock.line("EXDATE", slot) for slot in by_rule if slot not in replaced]
        return lines


class _Clock:
    """How the moments of a series are written: as days, in UTC, or by the clock of a time zone."""

    def __init__(self, is_allday, zone):
        self.is_allday = is_allday
        self.zone = None if is_allday or zone in (None, False, "UTC") else zone
        self.zones = [self.zone] if self.zone else []

    def to_wall(self, moment):
        if not self.zone:
            return moment
        return pytz.utc.localize(moment).astimezone(pytz.timezone(self.zone)).replace(tzinfo=None)

    def from_wall(self, moment):
        if not self.zone:
            return moment
        # As Odoo does where the clock shows an hour twice or never.
        return pytz.timezone(self.zone).localize(moment, is_dst=False).astimezone(pytz.utc).replace(tzinfo=None)

    def line(self, name, moment, is_allday=None):
        if self.is_allday if is_allday is None else is_allday:
            return f"{name};VALUE=DATE:{moment:%Y%m%d}"
        if not self.zone:
            return f"{name}:{ics.utc(moment)}"
        return f"{name};TZID={self.zone}:{ics.local(moment, self.zone)}"

    def until(self, moment):
        return f"{moment:%Y%m%d}" if self.is_allday else ics.utc(moment)

    def period(self, start, stop, is_allday=None):
        if self.is_allday if is_allday is None else is_allday:
            stop = stop.replace(hour=0, minute=0, second=0) + _DAY
        return self.line("DTSTART", start, is_allday), self.line("DTEND", stop, is_allday)
