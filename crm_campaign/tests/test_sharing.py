from datetime import date, timedelta
from itertools import count, islice

from odoo.tests import BaseCase, tagged

from ..tools.sharing import Days, share_out, spread

MONDAY = date(2031, 5, 5)


def every_day():
    return (MONDAY + timedelta(days=number) for number in count())


@tagged("post_install", "-at_install")
class TestSharing(BaseCase):
    def test_shares_are_in_proportion_of_what_each_can_do(self):
        items = range(120)
        cases = [
            ({"a": 20, "b": 20}, {"a": 60, "b": 60}),
            ({"a": 30, "b": 10}, {"a": 90, "b": 30}),
            ({"a": 1}, {"a": 120}),
            ({"a": 3, "b": 2, "c": 1}, {"a": 60, "b": 40, "c": 20}),
        ]
        for capacities, expected in cases:
            with self.subTest(capacities=capacities):
                allowed = dict.fromkeys(capacities, set(items))
                shares = list(share_out(items, capacities, allowed, {}).values())
                self.assertEqual({worker: shares.count(worker) for worker in capacities}, expected)

    def test_what_one_has_already_counts(self):
        shares = share_out(range(10), {"a": 10, "b": 10}, {"a": set(range(10)), "b": set(range(10))}, {"a": 10})
        self.assertEqual(list(shares.values()), ["b"] * 10)

    def test_nobody_is_given_what_they_may_not_have(self):
        shares = share_out(range(4), {"a": 1, "b": 1}, {"a": {0, 1}, "b": {1, 2}}, {})
        self.assertEqual(shares, {0: "a", 1: "b", 2: "b"})

    def test_a_day_is_filled_before_the_next(self):
        days = spread(5, 2, every_day(), {MONDAY: 1})
        self.assertEqual([(day - MONDAY).days for day in days], [0, 1, 1, 2, 2])
        self.assertEqual(spread(1, 2, every_day(), {MONDAY: 7, MONDAY + timedelta(days=1): 2}), [MONDAY + timedelta(2)])
        self.assertEqual(spread(0, 2, iter(()), {}), [])

    def test_days_are_asked_for_as_far_as_they_are_needed_and_once(self):
        asked = []

        def source():
            for day in every_day():
                asked.append(day)
                yield day

        days = Days(source())
        self.assertEqual(len(list(islice(days, 3))), 3)
        self.assertEqual(list(islice(days, 2))[1], MONDAY + timedelta(days=1))
        self.assertEqual(len(asked), 3)
