import unittest

from ..tools import matching

ALL = {"email", "phone", "company", "name"}


class TestKeysOf(unittest.TestCase):
    def test_names_are_the_same_whatever_their_case_and_blanks(self):
        for text in ("Jane Doe", " jane  doe ", "JANE\tDOE", "jane\u00a0doe"):
            with self.subTest(text=text):
                self.assertEqual(matching.normalize(text), "jane doe")
        for nothing in (None, "", "  "):
            self.assertEqual(matching.normalize(nothing), "")

    def test_e_mail_addresses_are_the_same_whatever_their_case(self):
        for text in ("jane@example.com", "Jane@EXAMPLE.com", " jane@example.com"):
            with self.subTest(text=text):
                self.assertEqual(matching.keys_of(ALL, {"email": text}, None), {"email": "jane@example.com"})

    def test_a_record_has_keys_by_the_rules_of_its_source_alone(self):
        values = {"email": "jane@example.com", "contact_name": "Jane Doe", "company": "Konex"}
        expected = {"email": "jane@example.com", "phone": "+31612345678", "company": "konex", "name": "jane doe|konex"}
        self.assertEqual(matching.keys_of(ALL, values, "+31612345678"), expected)
        for rule in ALL:
            with self.subTest(rule=rule):
                self.assertEqual(matching.keys_of({rule}, values, "+31612345678"), {rule: expected[rule]})
        self.assertEqual(matching.keys_of(set(), values, "+31612345678"), {})

    def test_a_name_is_another_one_at_another_company(self):
        one = matching.keys_of({"name"}, {"contact_name": "Jane Doe", "company": "Konex"}, None)
        other = matching.keys_of({"name"}, {"contact_name": "Jane Doe", "company": "Acme"}, None)
        alone = matching.keys_of({"name"}, {"contact_name": "Jane Doe"}, None)
        self.assertEqual(len({one["name"], other["name"], alone["name"]}), 3)

    def test_what_is_not_there_is_no_key(self):
        self.assertEqual(matching.keys_of(ALL, {}, None), {})
        self.assertEqual(matching.keys_of(ALL, {"email": "nobody", "company": " "}, ""), {})


class TestLeaders(unittest.TestCase):
    def test_records_that_share_a_key_follow_the_first_of_them(self):
        cases = {
            "nobody": ([], []),
            "no keys at all": ([{}, {}], [0, 1]),
            "one key": ([{"email": "a"}, {"email": "b"}, {"email": "a"}], [0, 1, 0]),
            "the same text by another rule": ([{"company": "a"}, {"name": "a"}], [0, 1]),
            "a chain": ([{"email": "a"}, {"email": "a", "phone": "1"}, {"phone": "1"}], [0, 0, 0]),
            "a chain that closes late": (
                [{"email": "a"}, {"phone": "1"}, {"company": "c"}, {"email": "a", "phone": "1", "company": "c"}],
                [0, 0, 0, 0],
            ),
            "two groups joined by a later one": (
                [{"email": "a"}, {"email": "b"}, {"email": "b", "phone": "2"}, {"email": "a", "phone": "2"}],
                [0, 0, 0, 0],
            ),
        }
        for name, (keys, expected) in cases.items():
            with self.subTest(name):
                self.assertEqual(matching.leaders(keys), expected)

    def test_a_long_chain_is_one_person(self):
        keys = [{"email": str(index), "phone": str(index + 1)} for index in range(500)]
        keys += [{"email": str(index + 1), "phone": str(index + 1)} for index in range(500)]
        self.assertEqual(set(matching.leaders(keys)), {0})
