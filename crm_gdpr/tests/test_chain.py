import unittest

from ..tools import chain

KEY, OTHER_KEY = b"k" * 32, b"o" * 32


class TestChain(unittest.TestCase):
    def _make(self, count, key=KEY, after=None):
        """Return entries that continue ``after``."""
        entries, last = [], after or {"number": 0, "hash": chain.START}
        for _index in range(count):
            last = {
                **dict.fromkeys(chain.SEALED, "x"),
                "number": last["number"] + 1,
                "details": {"b": 1, "a": 2},
                "previous_hash": last["hash"],
                "key_id": chain.identify(key),
            }
            last["hash"] = chain.seal(key, last)
            entries.append(last)
        return entries

    def _head(self, last, key=KEY):
        mac = chain.seal_head(key, last["number"], last["hash"])
        return {"number": last["number"], "hash": last["hash"], "mac": mac, "key_id": chain.identify(key)}

    def _verify(self, entries, head, key=KEY, size=2):
        verifier = chain.Verifier(key)
        for start in range(0, len(entries), size):
            verifier.feed(entries[start : start + size])
        return [(problem.kind, problem.number, problem.until) for problem in verifier.finish(head)]

    def test_what_is_as_it_was_written_has_no_problem(self):
        entries = self._make(7)
        for size in (1, 3, 100):
            self.assertEqual(self._verify(entries, self._head(entries[-1]), size=size), [])
        self.assertEqual(self._verify([], self._head({"number": 0, "hash": chain.START})), [])

    def test_every_part_of_an_entry_is_sealed(self):
        for name in chain.SEALED:
            entries = self._make(3)
            head = self._head(entries[-1])
            entries[1] = {**entries[1], name: 2 if name == "number" else "changed"}
            if name == "number":
                entries[1]["details"] = {"a": 2}
            with self.subTest(name=name):
                self.assertNotEqual(self._verify(entries, head), [])

    def test_what_is_missing_is_named(self):
        entries = self._make(9)
        head = self._head(entries[-1])
        self.assertEqual(self._verify(entries[2:], head), [("missing", 1, 2)])
        self.assertEqual(self._verify(entries[:3] + entries[5:], head), [("missing", 4, 5)])
        self.assertEqual(self._verify(entries[:6], head), [("cut", 7, 9)])
        self.assertEqual(self._verify([], head), [("cut", 1, 9)])

    def test_an_entry_that_was_put_in_with_the_numbers_made_anew_is_found(self):
        entries = self._make(4)
        head = self._head(entries[-1])
        forged = {**entries[1], "details": {}, "hash": "f" * 64}
        found = self._verify([entries[0], forged, *entries[2:]], head)
        self.assertEqual(found, [("changed", 2, 2), ("unlinked", 3, 3)])

    def test_a_head_that_was_turned_back_with_the_entries_needs_the_key(self):
        entries = self._make(4)
        head = {**self._head(entries[-1]), "number": 2, "hash": entries[1]["hash"]}
        self.assertEqual(self._verify(entries[:2], head), [("head", 2, 2)])
        self.assertEqual(self._verify(entries, head), [("head", 2, 2), ("extra", 3, 4)])

    def test_what_was_sealed_with_another_key_is_told_and_not_called_changed(self):
        old = self._make(3, OTHER_KEY)
        new = self._make(2, KEY, after=old[-1])
        self.assertEqual(self._verify(old + new, self._head(new[-1])), [("other_key", 1, 3)])
        self.assertEqual(self._verify(old, self._head(old[-1], OTHER_KEY)), [("other_key", 1, 3)])

    def test_of_a_thousand_wrong_entries_a_hundred_are_named_and_the_rest_is_counted(self):
        entries = [{**entry, "event": "changed"} for entry in self._make(1000)]
        found = self._verify(entries, self._head(entries[-1]))
        self.assertEqual(len(found), 101)
        self.assertEqual(found[-1], ("more", 900, 900))
