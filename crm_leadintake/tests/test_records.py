import json
import math
import random
import unicodedata
import unittest
from datetime import date, datetime
from decimal import Decimal

from ..tools import records, values
from ..tools.problems import MESSAGES, Problem, tell
from ..tools.vocabulary import STANDARD

SPECS = {spec.name: spec for spec in STANDARD}


class TestClean(unittest.TestCase):
    def test_a_record_comes_out_with_plain_values(self):
        cases = {
            "text": ({"a": " Jane "}, {"a": "Jane"}),
            "composed letters": ({"a": "Zoe\u0308"}, {"a": "Zoë"}),
            "marks of direction": ({"a": "x\u202egpj.exe\u2069"}, {"a": "xgpj.exe"}),
            "line ends and tabs": ({"a": "one\ntwo\tthree"}, {"a": "one\ntwo\tthree"}),
            "numbers": ({"a": 5, "b": 1.5, "c": Decimal("2.50")}, {"a": 5, "b": 1.5, "c": 2.5}),
            "yes and no": ({"a": True, "b": False}, {"a": True, "b": False}),
            "dates": (
                {"a": date(2026, 1, 2), "b": datetime(2026, 1, 2, 3, 4, 5, 6)},
                {"a": "2026-01-02", "b": "2026-01-02 03:04:05"},
            ),
            "lists": ({"a": ["x", "", None, " y "], "b": (1, 2)}, {"a": ["x", "y"], "b": [1, 2]}),
            "lists of nothing, which are no texts": ({"a": [], "b": ["", None]}, {"a": [], "b": []}),
            "nothing": ({"a": None, "b": "", "c": "  "}, {}),
        }
        for name, (record, expected) in cases.items():
            with self.subTest(name):
                self.assertEqual(records.clean(record), (None, expected))

    def test_an_external_id_is_a_text_or_a_whole_number(self):
        for given, expected in {"A1": "A1", " A1 ": "A1", 7: "7", "": None, None: None, "x" * 255: "x" * 255}.items():
            with self.subTest(given=given):
                self.assertEqual(records.clean({"external_id": given, "a": "b"}), (expected, {"a": "b"}))

    def test_what_breaks_a_rule_is_named_with_the_rule(self):
        cases = [
            ("text", "", "record"),
            (None, "", "record"),
            ([{"a": "b"}], "", "record"),
            ({str(index): "x" for index in range(201)}, "", "range"),
            ({"a": {"b": "c"}}, "a", "type"),
            ({"a": [["b"]]}, "a", "type"),
            ({"a": b"bytes"}, "a", "type"),
            ({"a": object()}, "a", "type"),
            ({"a": "x" * 100_001}, "a", "length"),
            ({"a": ["x"] * 101}, "a", "range"),
            ({"a": math.nan}, "a", "range"),
            ({"a": math.inf}, "a", "range"),
            ({"a": Decimal("NaN")}, "a", "range"),
            ({"a": Decimal("sNaN")}, "a", "range"),
            ({"a": Decimal("1E999999")}, "a", "range"),
            ({"a": 10**400}, "a", "range"),
            ({"a": -(2**63) - 1}, "a", "range"),
            ({"a": "x\x00"}, "a", "encoding"),
            ({"a": "x\x1b[2J"}, "a", "encoding"),
            ({"a": "x\x85"}, "a", "encoding"),
            ({"a": "x\x9b"}, "a", "encoding"),
            ({"a": "\ud83d"}, "a", "encoding"),
            ({"a": "\uffff"}, "a", "encoding"),
            ({"a\x00": "x"}, "a?", "unknown"),
            ({"a\u202e": "x"}, "a?", "unknown"),
            ({"": "x"}, "", "unknown"),
            ({"a" * 65: "x"}, "a" * 64, "unknown"),
            ({5: "x"}, "5", "unknown"),
            ({"external_id": True}, "external_id", "type"),
            ({"external_id": 1.5}, "external_id", "type"),
            ({"external_id": ["A1"]}, "external_id", "type"),
            ({"external_id": "x" * 256}, "external_id", "length"),
            ({"external_id": "A\x00"}, "external_id", "encoding"),
        ]
        for record, field, rule in cases:
            with self.subTest(record=str(record)[:60]), self.assertRaises(Problem) as caught:
                records.clean(record)
            self.assertEqual((caught.exception.field, caught.exception.rule), (field, rule))
            self.assertTrue(tell(caught.exception.as_dict())["message"])

    def test_equal_records_have_one_fingerprint_whatever_the_order_of_their_fields(self):
        one = records.canonical({"a": "Zoë", "b": [1, 2.5]})
        self.assertEqual(one, records.canonical({"b": [1, 2.5], "a": "Zoë"}))
        self.assertEqual(json.loads(one), {"a": "Zoë", "b": [1, 2.5]})
        others = [{"a": "Zoe", "b": [1, 2.5]}, {"a": "Zoë", "b": [2.5, 1]}, {"a": "Zoë"}, {"a": "Zoë", "b": ["1", 2.5]}]
        prints = {records.fingerprint(records.canonical(values)) for values in others}
        self.assertEqual(len(prints | {records.fingerprint(one)}), 5)


class TestAnything(unittest.TestCase):
    """Whatever is sent, the outcome is values or a problem that is told."""

    ROUNDS = 5000
    TAME = (
        *(
            "<",
            "<b",
            "</p>",
            "<!--",
            "<?xml",
            "&lt;",
            "&#60;",
            "\u226e",
            "<\u0338",
            "javascript:",
            "=cmd|' /C x'!A0",
            "@SUM(1)",
        ),
        *(
            "+1",
            "-x",
            "e\u0301",
            "ﬁ",
            "🙂",
            "日本",
            "\n",
            "\r\n",
            "\t",
            "\u2028",
            " ",
            "'",
            '"',
            "\\",
            "%s",
            "%(x)s",
            "{}",
            "٣",
        ),
        *(
            "\u202e",
            "\u2066",
            "\u200b",
            "jane@example.com",
            "https://a.example/",
            "2026-12-31",
            "T14:30:00Z",
            "+00:00",
            "2",
        ),
    )
    PIECES = (
        *TAME,
        *("\x00", "\x07", "\x7f", "\x85", "\x9f", "\ud800", "\udfff", "\ufffe"),
        *("0000-01-01", "1e9", "NaN", "0x10", "a" * 300, "true"),
    )

    def anything(self, rng, depth=0):
        kind = rng.randrange(12 if depth < 3 else 9)
        if kind < 5:
            return "".join(rng.choices(self.PIECES, k=rng.randint(0, 4)))
        if kind < 9:
            numbers = (
                0,
                -1,
                2**31,
                2**63,
                10**400,
                -(10**15),
                1.5,
                1e308,
                math.nan,
                -math.inf,
                Decimal("sNaN"),
                5e-324,
            )
            return rng.choice([None, True, False, date.max, datetime.min, b"\xff", *numbers])
        if kind < 11:
            return [self.anything(rng, depth + 1) for _ in range(rng.randint(0, 4))]
        return {str(self.anything(rng, 9)): self.anything(rng, depth + 1) for _ in range(rng.randint(0, 3))}

    def record(self, rng):
        if rng.random() < 0.02:
            return self.anything(rng)
        names = [*SPECS, "external_id", "email_from", "utm_source", "shoe_size"]
        wild = rng.choice([0, 0.1, 1])
        record = {}
        for name in rng.choices(names, k=rng.randint(0, 8)):
            is_wild = rng.random() < wild
            record[name] = self.anything(rng) if is_wild else "".join(rng.choices(self.TAME, k=rng.randint(0, 3)))
        if rng.random() < 0.1:
            record["".join(rng.choices(self.PIECES, k=2))] = self.anything(rng)
        return record

    def test_whatever_is_sent_becomes_values_that_do_no_harm_or_problems(self):
        seed = random.SystemRandom().randrange(10**6)
        rng = random.Random(seed)
        outcomes = {"refused": 0, "problems": 0, "good": 0}
        for number in range(self.ROUNDS):
            record = self.record(rng)
            with self.subTest(seed=seed, number=number, record=repr(record)[:300]):
                outcomes[self.check_record(rng, record)] += 1
        self.assertGreater(min(outcomes.values()), self.ROUNDS // 50, outcomes)

    def check_record(self, rng, record):
        try:
            external_id, plain = records.clean(record)
        except Problem as problem:
            self.check_problem(problem)
            return "refused"
        self.check_text(external_id or "")
        # what is kept can be kept, and is the same when it is read again
        again = json.loads(records.canonical(plain))
        json.dumps(again, allow_nan=False).encode()
        self.assertEqual(records.clean({"external_id": external_id, **again}), (external_id, again))
        found, problems = values.read(plain, SPECS, rng.choice(["refuse", "note", "ignore"]))
        for problem in problems:
            self.check_problem(problem)
        self.check_values(found)
        return "problems" if problems else "good"

    def check_problem(self, problem):
        self.assertIn(problem.rule, MESSAGES)
        told = tell(problem.as_dict())
        for text in (*told.values(), *problem.as_dict().values()):
            self.check_text(text)

    def check_text(self, text):
        # PostgreSQL and XML take no other
        text.encode()
        self.assertFalse([sign for sign in text if unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\r\t"])

    def check_values(self, found):
        for name, value in found.items():
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, str):
                    self.check_text(item)
                    html = str(item).replace("<br>", "") if name == "description" else item
                    self.assertNotRegex(html, r"<[A-Za-z/!?]")
                    self.assertNotRegex(html if name != "description" else "", r"^[=@]")
