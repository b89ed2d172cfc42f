import unittest

from ..tools import keys


class TestKeys(unittest.TestCase):
    def test_a_key_is_found_by_its_public_part_and_matches_its_own_digest_alone(self):
        key, prefix, digest = keys.generate()
        other, other_prefix, other_digest = keys.generate()
        self.assertEqual(keys.prefix_of(key), prefix)
        self.assertNotEqual(prefix, other_prefix)
        self.assertTrue(keys.matches(key, digest))
        self.assertFalse(keys.matches(key, other_digest))
        self.assertFalse(keys.matches(other, digest))

    def test_the_secret_cannot_be_read_from_what_is_kept(self):
        key, prefix, digest = keys.generate()
        secret = key.removeprefix(f"li_{prefix}_")
        self.assertEqual(len(digest), 64)
        self.assertNotIn(secret, prefix + digest)

    def test_what_is_no_key_matches_nothing(self):
        key, _prefix, digest = keys.generate()
        for wrong in (
            None,
            "",
            5,
            b"key",
            [key],
            key[:-1],
            key + "x",
            f" {key}",
            f"{key}\n",
            key.upper(),
            key[3:],
            "ké" * 40,
        ):
            with self.subTest(wrong=wrong):
                self.assertIsNone(keys.prefix_of(wrong))
                self.assertFalse(keys.matches(wrong, digest))

    def test_where_no_digest_is_kept_no_key_matches(self):
        key, _prefix, _digest = keys.generate()
        for digest in (None, "", False):
            with self.subTest(digest=digest):
                self.assertFalse(keys.matches(key, digest))
                self.assertFalse(keys.matches("", digest))
