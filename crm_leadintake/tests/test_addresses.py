import unittest

from ..tools import addresses

ALLOWED = "192.0.2.7, 198.51.100.0/24\n2001:db8::/32"


class TestAddresses(unittest.TestCase):
    def test_a_source_is_used_from_its_addresses_and_networks_alone(self):
        cases = {
            "192.0.2.7": True,
            "192.0.2.8": False,
            "198.51.100.200": True,
            "198.51.101.1": False,
            "2001:db8::5": True,
            "2001:db9::5": False,
            "::ffff:192.0.2.7": True,
            "::ffff:192.0.2.8": False,
            "": False,
            None: False,
            "localhost": False,
            "192.0.2.7, 192.0.2.8": False,
        }
        for address, allowed in cases.items():
            with self.subTest(address=address):
                self.assertEqual(addresses.is_allowed(address, addresses.parse(ALLOWED)), allowed)

    def test_without_a_list_every_address_is_allowed(self):
        for text in (None, False, "", " \n, "):
            with self.subTest(text=text):
                self.assertTrue(addresses.is_allowed("203.0.113.1", addresses.parse(text)))

    def test_a_network_may_be_written_with_any_of_its_addresses(self):
        self.assertTrue(addresses.is_allowed("192.0.2.200", addresses.parse("192.0.2.7/24")))

    def test_what_is_no_address_is_named(self):
        for wrong in ("example.com", "192.0.2.300", "192.0.2.0/33", "192.0.2.1-9"):
            with self.subTest(wrong=wrong), self.assertRaisesRegex(ValueError, wrong):
                addresses.parse(f"192.0.2.7, {wrong}")
