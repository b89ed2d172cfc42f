import datetime
import json
import unittest

from ..tools.plain import as_plain

MODELS = {"res.partner", "mail_message.body"}


class TestPlain(unittest.TestCase):
    def _take(self, value):
        return as_plain(value, MODELS.__contains__)

    def test_what_a_program_says_is_taken_and_is_the_same_after_a_way_through_json(self):
        for value in (
            None,
            True,
            0,
            -12,
            1.5,
            0.0000004,
            10**15,
            "touched",
            "res.partner",
            "19.0.1.0.0",
            "19.0",
            "2026-11-29",
            "2026-11-29T10:00:00",
            "0f" * 32,
            datetime.date(2026, 11, 29),
            datetime.datetime(2026, 11, 29, 10),
            [1, "email", {"phone": 2}],
            {"res.partner": 3, "mail_message.body": 1},
            {"b", "a"},
        ):
            with self.subTest(value=value):
                taken = self._take(value)
                self.assertEqual(json.loads(json.dumps(taken)), taken)

    def test_what_could_be_about_a_person_is_refused_and_not_repeated(self):
        for value in (
            "Jane",
            "Jane Doe",
            "jane doe",
            "jane@example.com",
            "jane.doe",
            "doe,jane",
            "+31612345678",
            "0612345678",
            "06-12345678",
            "31-12-1980x",
            "1234 AB",
            "1234ab",
            "NL91ABNA0417164300",
            "jänè",
            "",
            "g" * 64,
            "touched\n",
            b"jane",
            object(),
            10**16,
            float("nan"),
            float("inf"),
        ):
            for wrapped in (value, [value], {"name": value}, {"a": [{"b": value}]}):
                with self.subTest(value=value), self.assertRaises(ValueError) as caught:
                    self._take(wrapped)
                if isinstance(value, str) and value:
                    self.assertNotIn(value, str(caught.exception))

    def test_keys_are_looked_at_like_values(self):
        for key in ("Jane Doe", "jane@example.com", "0612345678", 12, None):
            with self.subTest(key=key), self.assertRaises(ValueError):
                self._take({key: 1})

    def test_what_is_nested_without_end_is_refused(self):
        endless = []
        endless.append(endless)
        with self.assertRaises(ValueError):
            self._take(endless)
