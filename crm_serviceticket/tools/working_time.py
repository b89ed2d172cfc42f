"""Counting working hours, for many moments in the hours of one calendar."""

from bisect import bisect_right
from datetime import timedelta


def add_hours(intervals, start, hours):
    """The moment when so many working hours have gone by.

    :param intervals: ``[(begin, end)]`` of datetimes in their order, without overlaps
    :param start: datetime
    :param float hours: more than 0
    :return: datetime, or None where the intervals do not reach that far
    """
    left = timedelta(hours=hours)
    for begin, end in intervals[bisect_right(intervals, start, key=lambda interval: interval[1]) :]:
        begin = max(begin, start)
        if left <= end - begin:
            return begin + left
        left -= end - begin
    return None
