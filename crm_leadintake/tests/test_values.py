import unittest
from datetime import date, datetime

from markupsafe import Markup

from ..tools import values
from ..tools.vocabulary import STANDARD, FieldSpec, spec_of_field

SPECS = {spec.name: spec for spec in STANDARD}
SPECS |= {
    "size": FieldSpec("size", "x_size", "integer"),
    "visit": FieldSpec("visit", "x_visit", "datetime"),
    "vip": FieldSpec("vip", "x_vip", "boolean"),
    "kind": FieldSpec("kind", "x_kind", "choice", choices=("Big", "small")),
    "products": FieldSpec("products", "x_products", "records", comodel="x.product"),
}


class TestRead(unittest.TestCase):
    def read_one(self, name, value):
        found, problems = values.read({"company": "Konex", name: value}, SPECS)
        return found.get(name), [(problem.field, problem.rule) for problem in problems]

    def test_values_are_read_by_the_kind_of_their_field(self):
        cases = [
            ("subject", "Twelve   vans\nsoon", "Twelve vans soon"),
            ("contact_name", "Zoë", "Zoë"),
            ("description", "one\ntwo & <b>", Markup("one<br>two &amp; &lt;b&gt;")),
            ("email", "Jane@Example.com", "Jane@Example.com"),
            ("phone", "+31 20 123 4567", "+31 20 123 4567"),
            ("phone", 31201234567, "31201234567"),
            ("website", "https://example.com/a?b=c", "https://example.com/a?b=c"),
            ("website", "example.com", "example.com"),
            ("value", "1234.50", 1234.5),
            ("value", 7, 7.0),
            ("value", "-3", -3.0),
            ("size", "42", 42),
            ("size", 42.0, 42),
            ("expected_closing", "2026-12-31", date(2026, 12, 31)),
            ("expected_closing", "2026-12-31T14:30:00", date(2026, 12, 31)),
            ("expected_closing", "2026-12-31T14:30:00Z", date(2026, 12, 31)),
            ("visit", "2026-12-31T14:30:00Z", datetime(2026, 12, 31, 14, 30)),
            ("visit", "2026-12-31 14:30:00+02:00", datetime(2026, 12, 31, 12, 30)),
            ("vip", True, True),
            ("vip", "Yes", True),
            ("vip", 0, False),
            ("vip", "false", False),
            ("kind", "BIG", "Big"),
            ("priority", 2, "2"),
            ("tags", "Hot", ["Hot"]),
            ("products", ["A", "B"], ["A", "B"]),
        ]
        for name, value, expected in cases:
            with self.subTest(name=name, value=value):
                found, problems = self.read_one(name, value)
                self.assertEqual((found, problems), (expected, []))
                self.assertIs(type(found), type(expected))

    def test_what_is_no_value_of_its_field_is_named_with_the_rule(self):
        cases = [
            *[(name, True, "type") for name in ("subject", "email", "phone", "website", "value", "size", "country")],
            *[(name, ["x"], "type") for name in ("contact_name", "description", "email", "phone", "value", "campaign")],
            *[(name, "x" * 300, "length") for name in ("subject", "contact_name", "city", "phone", "zip", "language")],
            *[("email", text, "format") for text in ("nobody", "a@", "@b", "a@b.example, c@d.example")],
            *[("email", text, "format") for text in ("=1+1@b.example", "<a@b.example>", "A <a@b.example>")],
            *[("phone", text, "format") for text in ("call me", "-", "+")],
            *[
                ("website", text, "format")
                for text in (
                    "javascript:alert(1)",
                    "data:text/html,x",
                    "ftp://a.example",
                    "nothing",
                    "http://u:p@a.example",
                )
            ],
            *[("value", text, "type") for text in ("a lot", "1,5", "1e9", "NaN", "0x10", "٣", "1" * 16, "")],
            ("value", 1e15, "range"),
            *[("size", value, "type") for value in (1.5, "1.5", 2**31)],
            *[
                ("expected_closing", text, "format")
                for text in (
                    "31-12-2026",
                    "2027-02-30",
                    "0000-01-01",
                    "tomorrow",
                    "2026-1-1",
                    "2026-12-31x",
                    20261231,
                    True,
                )
            ],
            *[("expected_closing", text, "range") for text in ("0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31")],
            *[
                ("visit", text, "format")
                for text in ("2026-12-31", "2026-12-31T25:00:00", "0001-01-01T00:00:00+23:00", 5)
            ],
            *[("vip", value, "type") for value in ("maybe", 2, ["true"])],
            *[("kind", value, "choice") for value in ("huge", True, ["Big"], 5)],
            ("priority", "9", "choice"),
            ("tags", [5], "type"),
            ("tags", [True], "type"),
            ("products", ["x" * 300], "length"),
        ]
        for name, value, rule in cases:
            with self.subTest(name=name, value=value):
                self.assertEqual(self.read_one(name, value), (None, [(name, rule)]))

    def test_markup_and_formulas_are_kept_readable_but_do_nothing(self):
        cases = {
            "<script>alert(1)</script>": "‹script>alert(1)‹/script>",
            "a < b and 3 <4": "a < b and 3 <4",
            "<3": "<3",
            "<!-- x": "‹!-- x",
            "=1+1": "'=1+1",
            "@SUM(A1)": "'@SUM(A1)",
            "-2+3+cmd|' /C calc'!A0": "-2+3+cmd|' /C calc'!A0",
            "+cmd": "'+cmd",
            "+31 6": "+31 6",
            "-5 degrees": "-5 degrees",
        }
        for given, expected in cases.items():
            with self.subTest(given=given):
                self.assertEqual(self.read_one("subject", given), (expected, []))

    def test_all_problems_of_a_record_are_told_at_once(self):
        _found, problems = values.read({"email": "nobody", "value": "a lot", "shoe_size": "42"}, SPECS)
        rules = [(problem.field, problem.rule) for problem in problems]
        self.assertEqual(rules, [("email", "format"), ("value", "type"), ("shoe_size", "unknown")])

    def test_somebody_can_be_taken_up_with(self):
        for name, value in {
            "subject": "x",
            "contact_name": "x",
            "company": "x",
            "email": "a@b.example",
            "phone": "1",
        }.items():
            self.assertEqual(values.read({name: value}, SPECS)[1], [])
        for record in ({}, {"city": "Utrecht"}, {"description": "Call me"}):
            with self.subTest(record=record):
                (problem,) = values.read(record, SPECS)[1]
                self.assertEqual((problem.field, problem.rule), ("", "required"))

    def test_names_of_odoo_and_of_campaign_links_are_known(self):
        record = {"partner_name": "Konex", "email_from": "a@b.example", "utm_source": "Ads", "function": "Buyer"}
        found, problems = values.read(record, SPECS)
        self.assertEqual(problems, [])
        self.assertEqual(found, {"company": "Konex", "email": "a@b.example", "source": "Ads", "job_position": "Buyer"})

    def test_what_is_mapped_to_be_left_out_is_not_noted_either(self):
        mapped = {"number": values.Mapped(values.IGNORE, "number")}
        for unknown in ("refuse", "ignore", "note"):
            found, problems = values.read({"company": "Konex", "number": "88120"}, SPECS, unknown, mapped)
            self.assertEqual((found, problems), ({"company": "Konex"}, []), unknown)

    def test_other_fields_are_refused_left_out_or_noted_as_the_source_says(self):
        record = {"company": "Konex", "description": "Hello", "shoe": "<b>42"}
        self.assertEqual([problem.rule for problem in values.read(record, SPECS, "refuse")[1]], ["unknown"])
        self.assertEqual(values.read(record, SPECS, "ignore"), ({"company": "Konex", "description": "Hello"}, []))
        found, problems = values.read(record, SPECS, "note")
        self.assertEqual((found["description"], problems), (Markup("Hello<br>shoe: &lt;b&gt;42"), []))

    def test_a_source_has_its_own_names_and_values(self):
        mapped = {
            "firma": values.Mapped("company", "firma"),
            "prio": values.Mapped("priority", "prio", {"Hoch": "3"}),
            "labels": values.Mapped("tags", "labels", {"x": "Hot"}),
            "note": values.Mapped(values.NOTE, "Bemerkung"),
            "shoe": values.Mapped(values.IGNORE, "shoe"),
        }
        record = {"firma": "Konex", "prio": "hoch", "labels": ["X", "y"], "note": ["a", 5], "shoe": 42}
        found, problems = values.read(record, SPECS, "refuse", mapped)
        self.assertEqual(problems, [])
        expected = {"company": "Konex", "priority": "3", "tags": ["Hot", "y"], "description": Markup("Bemerkung: a, 5")}
        self.assertEqual(found, expected)

    def test_nobody_reaches_the_marks_of_a_mapping_by_a_name(self):
        for name in (values.IGNORE, values.NOTE):
            _found, problems = values.read({"company": "Konex", name[1:]: "x"}, SPECS)
            self.assertEqual([problem.rule for problem in problems], ["unknown"])


class TestSpecs(unittest.TestCase):
    class Field:
        def __init__(self, **values):
            self.type, self.name, self.comodel_name, self.size = "char", "x_field", None, None
            vars(self).update(values)

    def test_a_field_of_the_company_can_be_sent_by_its_type(self):
        kinds = {"char": "line", "float": "number", "many2one": "record", "selection": "choice", "boolean": "boolean"}
        for kind, expected in kinds.items():
            with self.subTest(kind=kind):
                self.assertEqual(spec_of_field(self.Field(type=kind), "x_field", "Field").kind, expected)
        for kind in ("one2many", "binary", "reference", "json", "properties"):
            with self.subTest(kind=kind):
                self.assertIsNone(spec_of_field(self.Field(type=kind), "x_field", "Field"))

    def test_a_text_is_as_long_as_its_field(self):
        self.assertEqual(spec_of_field(self.Field(size=12), "x_field", "Field").size, 12)
