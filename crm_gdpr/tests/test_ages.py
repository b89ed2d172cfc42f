import unittest
from datetime import datetime

from ..tools.ages import BANDS, band_of, in_words, limits

NOW = datetime(2026, 3, 1, 12, 0, 0)


class TestAges(unittest.TestCase):
    def test_an_age_is_told_in_whole_units_and_never_as_more_than_it_is(self):
        for date, words in (
            (datetime(2016, 3, 1), "10 years"),
            (datetime(2023, 3, 2), "2 years"),
            (datetime(2023, 3, 1), "3 years"),
            (datetime(2024, 2, 29), "2 years"),
            (datetime(2025, 3, 2), "11 months"),
            (datetime(2025, 3, 1), "1 year"),
            (datetime(2026, 1, 31), "1 month"),
            (datetime(2026, 2, 8), "21 days"),
            (datetime(2026, 2, 28), "1 day"),
            (datetime(2026, 3, 1), "0 days"),
            (datetime(2027, 3, 1), "0 days"),
        ):
            with self.subTest(date=date):
                self.assertEqual(in_words(date, NOW, "en_US"), words)
        self.assertEqual(in_words(datetime(2023, 3, 1), NOW, "nl"), "3 jaar")

    def test_every_date_is_in_one_band_and_its_limits_are_those_of_the_years(self):
        for date, band in (
            (datetime(2026, 3, 1, 12), "00"),
            (datetime(2027, 1, 1), "00"),
            (datetime(2025, 3, 1, 12, 0, 1), "00"),
            (datetime(2025, 3, 1, 12), "01"),
            (datetime(2024, 3, 1, 12), "02"),
            (datetime(2021, 3, 1, 12, 0, 1), "03"),
            (datetime(2021, 3, 1, 12), "05"),
            (datetime(1990, 1, 1), "10"),
        ):
            with self.subTest(date=date):
                self.assertEqual(band_of(date, NOW), band)
                until, after = limits(NOW)[band]
                self.assertTrue((until is None or date <= until) and (after is None or date > after))

    def test_bands_sort_from_young_to_old(self):
        self.assertEqual(sorted(BANDS), list(BANDS))
        self.assertEqual(list(limits(NOW)), list(BANDS))
