"""Nothing is sent into the server's own network, however the address is written and whatever its name resolves to."""

import socket

from odoo.exceptions import ValidationError
from odoo.tests import BaseCase, tagged

from ..tools import addresses
from ..tools.addresses import Allowed, Refused
from .common import ReceiverCase, WebhookCase

OWN = (
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "0", "0.0.0.0",
    "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1",
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[fd12:3456::1]",
    "[fec0::1]", "[ff02::1]", "[::ffff:127.0.0.1]", "[::ffff:a00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[64:ff9b::10.0.0.1]", "[2002:7f00:1::]", "[2002:a00:1::1]", "１２７.0.0.1", "127.0.0.1.", "localhost",
)  # fmt: skip
PUBLIC = ("8.8.8.8", "[2001:4860:4860::8888]", "[::ffff:8.8.8.8]", "[64:ff9b::808:808]")


@tagged("post_install", "-at_install")
class TestNotations(BaseCase):
    def setUp(self):
        """What is no number is a name of this machine: no resolver is asked, which could say anything."""
        super().setUp()
        true = socket.getaddrinfo

        def getaddrinfo(host, port, *args, **kwargs):
            is_name = host in ("localhost", "127.0.0.1.") and not kwargs.get("flags")
            return true("127.0.0.1" if is_name else host, port, *args, **kwargs | {"flags": socket.AI_NUMERICHOST})

        self.patch(addresses.socket, "getaddrinfo", getaddrinfo)

    def test_the_own_network_is_refused_in_every_notation(self):
        for host in OWN:
            with self.subTest(host), self.assertRaises(Refused) as caught:
                addresses.resolve(addresses.parse(f"https://{host}/"), Allowed(""))
            self.assertEqual(caught.exception.args[0], Refused.OWN)

    def test_numbers_are_known_as_such_without_asking_anybody(self):
        for host in OWN:
            target = addresses.parse(f"https://{host}/")
            with self.subTest(host):
                if host in ("localhost", "127.0.0.1."):
                    continue
                with self.assertRaises(Refused):
                    addresses.resolve(target, Allowed(""), numeric=True)

    def test_the_open_internet_is_not_refused(self):
        for host in PUBLIC:
            with self.subTest(host):
                self.assertTrue(addresses.resolve(addresses.parse(f"https://{host}/"), Allowed(""), numeric=True))

    def test_what_else_an_address_must_not_be(self):
        cases = [
            ("ftp://example.com/", "scheme"), ("file:///etc/passwd", "scheme"), ("example.com", "scheme"),
            ("gopher://example.com", "scheme"),
            ("https://user:pw@example.com/", "user"), ("https://@example.com", "user"),
            ("https://example.com:25/", "port"), ("http://example.com:22", "port"), ("https://example.com:0/", "port"),
            ("https://", "host"), ("https:///x", "host"), ("https://exa mple.com/", "host"),
            ("https://a\\@b.com/", "host"), ("https://example.com:99999/", "host"),
            ("https://127%2e0.0.1/", "host"), ("https://[fe80::1%25eth0]/", "host"),
            ("https://exam\tple.com", "host"), ("https://[::1/", "host"), ("https://example.com\r\nX: y", "host"),
        ]  # fmt: skip
        for url, code in cases:
            with self.subTest(url), self.assertRaises(Refused) as caught:
                addresses.parse(url)
            self.assertEqual(caught.exception.args[0], code)

    def test_an_address_is_taken_apart(self):
        target = addresses.parse("https://Example.com:8443/a b?x=é#part".replace(" ", ""))
        self.assertEqual(target, ("https", "example.com", 8443, "/ab?x=%C3%A9"))
        self.assertEqual(addresses.parse("https://bücher.example").host, "xn--bcher-kva.example")

    def test_what_is_allowed(self):
        allowed = Allowed("erp.internal, 10.1.0.0/16\n::1 localhost")
        cases = [
            ("erp.internal", "192.168.1.1", True), ("ERP.internal.", "192.168.1.1", True),
            ("other", "192.168.1.1", False), ("other", "10.1.2.3", True), ("other", "10.2.2.3", False),
            ("other", "::ffff:10.1.2.3", True), ("other", "::1", True), ("other", "8.8.8.8", True),
        ]  # fmt: skip
        for host, address, is_allowed in cases:
            with self.subTest(host=host, address=address):
                try:
                    addresses.check(host, address, allowed)
                    self.assertTrue(is_allowed)
                except Refused:
                    self.assertFalse(is_allowed)
        for text in ("10.0.0.0/99", "300.1.2.3", "a:b"):
            with self.subTest(text), self.assertRaises(ValueError):
                Allowed(text)


@tagged("post_install", "-at_install")
class TestSaving(WebhookCase):
    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].set_param(addresses.ALLOWED_PARAMETER, "")

    def test_an_address_of_the_own_network_is_refused_when_it_is_saved(self):
        for url in ("http://10.0.0.1/", "https://0x7f000001/", "http://localhost:8069/", "https://[::ffff:7f00:2]/"):
            for values in ({}, {"active": False}):
                if values and "localhost" in url:
                    continue  # nobody is asked for the name of what is not in use
                with self.subTest(url, **values), self.assertRaisesRegex(ValidationError, "own network"):
                    self._make_webhook(url=url, **values)

    def test_it_is_looked_at_again_when_it_is_put_to_use(self):
        webhook = self._make_webhook(url="http://localhost:8069/", active=False)
        with self.assertRaisesRegex(ValidationError, "own network"):
            webhook.active = True

    def test_an_administrator_allows_it_in_the_settings(self):
        settings = self.env["res.config.settings"].with_user(self.admin)
        with self.assertRaisesRegex(ValidationError, "10.0.0.0/99"):
            settings.create({"crm_webhook_allowed": "10.0.0.0/99"})
        settings.create({"crm_webhook_allowed": "10.0.0.0/24"}).execute()
        self.assertTrue(self._make_webhook(url="http://10.0.0.1/"))
        with self.assertRaisesRegex(ValidationError, "own network"):
            self._make_webhook(url="http://10.0.1.1/")

    def test_what_is_wrong_is_named(self):
        cases = [
            ("ftp://example.com", "begin with"),
            ("https://a:b@example.com", "user"),
            ("https://example.com:22", "port"),
        ]
        for url, words in cases:
            with self.subTest(url), self.assertRaisesRegex(ValidationError, words):
                self._make_webhook(url=url)


@tagged("post_install", "-at_install")
class TestRebinding(ReceiverCase):
    """The name server is anybody's: what it says when an address is saved binds it to nothing."""

    def _resolve_to(self, *answers):
        """The name resolves to each of these in turn, then to the last one."""
        answers = list(answers)
        asked = []
        true = socket.getaddrinfo

        def getaddrinfo(host, port, *args, **kwargs):
            if host != "rebind.example":
                return true(host, port, *args, **kwargs)
            asked.append(host)
            address = answers.pop(0) if len(answers) > 1 else answers[0]
            return true(address, port, *args, **kwargs)

        self.patch(addresses.socket, "getaddrinfo", getaddrinfo)
        return asked

    def test_a_name_that_turns_to_the_own_network_is_not_connected_to(self):
        self.env["ir.config_parameter"].set_param(addresses.ALLOWED_PARAMETER, "")
        self._resolve_to("8.8.8.8", "127.0.0.1")
        self.webhook.url = f"http://rebind.example:{self.receiver.port}/"
        self._make_leads("Fleet")
        self._run_job()
        self.assertEqual(self.receiver.requests, [])
        row = self.deliveries.search([])
        self.assertEqual((row.state, row.error), ("waiting", "own"))

    def test_it_connects_to_the_address_that_was_looked_at_under_the_name_that_was_written(self):
        asked = self._resolve_to("127.0.0.1", "127.0.0.1", "10.0.0.1")
        self.webhook.url = f"http://rebind.example:{self.receiver.port}/"
        self._make_leads("Fleet")
        asked.clear()
        self._run_job()
        self.assertEqual(len(asked), 1, "asked once: there is no second answer to connect to")
        self.assertEqual(self.receiver.requests[0][1]["Host"], f"rebind.example:{self.receiver.port}")

    def test_one_bad_address_among_good_ones_is_one_too_many(self):
        true = socket.getaddrinfo
        self.patch(
            addresses.socket,
            "getaddrinfo",
            lambda host, port, *args, **kw: true("8.8.8.8", port, *args, **kw) + true("10.0.0.1", port, *args, **kw),
        )
        with self.assertRaises(Refused):
            addresses.resolve(addresses.parse("https://mixed.example/"), Allowed(""))
