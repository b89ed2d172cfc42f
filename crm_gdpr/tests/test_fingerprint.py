import unittest

from ..tools.fingerprint import KINDS, fingerprint, normalise

KEY, OTHER_KEY = b"k" * 32, b"o" * 32


class TestFingerprint(unittest.TestCase):
    def test_the_same_person_is_recognised_however_they_are_written(self):
        cases = {
            "email": [
                ("jane@example.com", "Jane@Example.COM", "  jane@example.com\n", 'Jane "J" Doe <jane@example.com>'),
                (
                    "jörg@müller.example",
                    "JÖRG@MÜLLER.example",
                    "jo\u0308rg@mu\u0308ller.example",
                    "jörg@xn--mller-kva.example",
                ),
            ],
            "phone": [
                ("+31612345678", "+31 6 1234 5678", "0031 6-12345678", "+31 (0)6 12.34.56.78", "＋31612345678"),
                ("0612345678", "06-1234 5678", "(06) 12345678"),
            ],
            "record": [("res.partner,12", " res.partner,12")],
        }
        for kind, groups in cases.items():
            for first, *others in groups:
                for other in others:
                    with self.subTest(kind=kind, other=other):
                        self.assertEqual(fingerprint(KEY, kind, first), fingerprint(KEY, kind, other))

    def test_another_value_another_kind_and_another_key_have_another_fingerprint(self):
        found = {
            fingerprint(key, kind, value)
            for key in (KEY, OTHER_KEY)
            for kind, value in (
                ("email", "jane@example.com"),
                ("email", "jane@example.org"),
                ("login", "jane@example.com"),
                ("phone", "0612345678"),
                ("phone", "0612345679"),
                ("phone", "+0612345678"),
                ("record", "res.partner,12"),
                ("record", "res.partner,1"),
            )
        }
        self.assertEqual(len(found), 16)

    def test_it_tells_nothing_about_the_value(self):
        found = fingerprint(KEY, "email", "jane@example.com")
        self.assertRegex(found, r"\A[0-9a-f]{64}\Z")

    def test_what_identifies_nobody_has_none(self):
        for kind in KINDS:
            with self.subTest(kind=kind), self.assertRaises(ValueError):
                fingerprint(KEY, kind, " ")
        for kind, value in (("email", "jane"), ("email", "@example.com"), ("email", "jane@"), ("phone", "no number")):
            with self.subTest(kind=kind, value=value):
                self.assertEqual(normalise(kind, value), "")
        with self.assertRaises(ValueError):
            normalise("name", "Jane Doe")
