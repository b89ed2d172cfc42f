import unittest

from ..tools import chain

KEY, OTHER_KEY = b"k" * 32, b"o" * 32


class TestChain(unittest.TestCase):
    def _make(self, count, key=KEY, after=None):
        """Return entries that continue ``after``, the first of which notes a change of the key."""
        entries, last = [], after or {"number": 0, "hash": chain.START, "key_id": chain.identify(key)}
        for _index in range(count):
            is_change = last["key_id"] != chain.identify(key)
            last = {
                **dict.fromkeys(chain.SEALED, "x"),
                "event": chain.KEY_CHANGED if is_change else "x",
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

    def test_an_end_cut_off_is_told_though_the_head_names_another_key(self):
        entries, foreign = self._make(9), chain.identify(OTHER_KEY)
        head = {**self._head(entries[3]), "mac": "f" * 64, "key_id": foreign}
        self.assertEqual(self._verify(entries[:4], head), [("head", 4, 4)])
        self.assertEqual(self._verify([], {**head, "number": 0, "hash": chain.START}), [("head", 0, 0)])
        renamed = [*entries[:3], {**entries[3], "key_id": foreign}]
        self.assertEqual(self._verify(renamed, head), [("unproven", 4, 4), ("head", 4, 4)])

    def test_it_is_told_also_after_the_log_was_written_on(self):
        """The next entry finds another key in the head, and notes that the key was changed."""
        foreign = chain.identify(OTHER_KEY)
        entries = self._make(4)
        after = self._make(2, after={**entries[-1], "key_id": foreign})
        self.assertEqual(after[0]["event"], chain.KEY_CHANGED)
        self.assertEqual(self._verify(entries + after, self._head(after[-1])), [("head_before", 5, 5)])
        renamed = [*entries[:3], {**entries[3], "key_id": foreign}, *after]
        self.assertEqual(self._verify(renamed, self._head(after[-1])), [("unproven", 4, 4)])
        first = self._make(2, after={"number": 0, "hash": chain.START, "key_id": foreign})
        self.assertEqual(self._verify(first, self._head(first[-1])), [("head_before", 1, 1)])

    def test_an_entry_that_was_changed_is_told_though_it_names_another_key(self):
        entries = self._make(6)
        head = self._head(entries[-1])
        for first, last in ((0, 0), (2, 2), (1, 3), (5, 5), (0, 4)):
            forged = [
                {**entry, "event": "forged", "key_id": "deadbeef"} if first <= index <= last else entry
                for index, entry in enumerate(entries)
            ]
            with self.subTest(first=first, last=last):
                self.assertEqual(self._verify(forged, head), [("unproven", first + 1, last + 1)])

    def test_a_key_that_was_changed_back_cannot_be_told_from_that(self):
        first = self._make(2)
        other = self._make(2, OTHER_KEY, after=first[-1])
        back = self._make(2, after=other[-1])
        self.assertEqual(self._verify(first + other + back, self._head(back[-1])), [("unproven", 3, 4)])

    def test_of_a_thousand_wrong_entries_a_hundred_are_named_and_the_rest_is_counted(self):
        entries = [{**entry, "event": "changed"} for entry in self._make(1000)]
        found = self._verify(entries, self._head(entries[-1]))
        self.assertEqual(len(found), 101)
        self.assertEqual(found[-1], ("more", 900, 900))
