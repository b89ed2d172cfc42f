import unittest

from odoo.addons.crm_leadintake.tools import rules


class TestPostcodes(unittest.TestCase):
    def test_beginnings_and_ranges_are_told_apart(self):
        for text, postcode, fits in (
            ("10", "1012 AB", True),
            ("10", "2012 AB", False),
            ("1000-1999", "1012 AB", True),
            ("1000-1999", "2000", False),
            ("1000-1999", "999", False),
            ("1000 - 1999, 75", "75008", True),
            ("sw1a, ec", "SW1A 1AA", True),
            ("SW1-SW4", "SW3 4AB", True),
            ("SW1-4", "SW5", False),
            ("10", None, False),
            ("00-950", "00-950", True),
            ("00-950", "00950", True),
            ("00950", "00-950 Warszawa", True),
            ("00-950", "00-951", False),
            ("00950-00999", "00-975", True),
            ("00950-00999", "01-000", False),
            ("1000-205", "1000-205", True),
            ("1000-205", "1000-206", False),
            ("1000-1999", "1000-205", True),
            ("1000–1999", "1500", True),
        ):
            with self.subTest(text=text, postcode=postcode):
                self.assertEqual(rules.fits_postcode(rules.parse_postcodes(text), postcode), fits)

    def test_what_is_no_postcode_is_named(self):
        for text, part in (
            ("10, 19-11", "19-11"),
            ("1000..199", "1000..199"),
            ("1-2-3", "1-2-3"),
            ("a?", "a?"),
            ("10-x", "10-x"),
            ("SW1-EC4", "SW1-EC4"),
        ):
            with self.subTest(text), self.assertRaises(ValueError) as raised:
                rules.parse_postcodes(text)
            self.assertEqual(str(raised.exception), part)


class TestPicking(unittest.TestCase):
    def test_turns_go_around(self):
        self.assertEqual([rules.pick_in_turn([7, 8, 9], turn) for turn in range(1, 5)], [8, 9, 7, 8])

    def test_who_has_the_largest_part_of_their_capacity_left_is_next(self):
        self.assertEqual(rules.pick_by_capacity({1: (5, 10), 2: (8, 20), 3: (3, 4)}, 0), 2)

    def test_of_equals_each_comes_in_turn(self):
        loads = {1: (0, 30), 2: (0, 30), 3: (0, 30)}
        self.assertEqual([rules.pick_by_capacity(loads, turn) for turn in range(3)], [1, 2, 3])

    def test_who_is_full_gets_none(self):
        self.assertEqual(rules.pick_by_capacity({1: (30, 30), 2: (29, 30)}, 0), 2)
        self.assertIsNone(rules.pick_by_capacity({1: (30, 30)}, 0))
