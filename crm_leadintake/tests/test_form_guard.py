from odoo.tests import BaseCase, tagged

from odoo.addons.crm_leadintake.tools import form_guard
from odoo.addons.crm_leadintake.tools.form_page import FormConfig, FormField

SECRET = "a secret of the database"


def form(**values):
    fields = (
        FormField("contact_name", "", "line", True, 128),
        FormField("email", "", "email", True, 256),
        FormField("description", "", "text", False, 100_000),
    )
    defaults = {
        "source_id": 1,
        "public_id": "abc",
        "lang": "en_US",
        "title": "",
        "thanks": "",
        "consent": "",
        "redirect_url": "",
        "origins": (),
        "fields": fields,
    }
    return FormConfig(**(defaults | values))


@tagged("post_install", "-at_install")
class TestFormGuard(BaseCase):
    def test_a_stamp_tells_how_long_ago_a_form_was_shown(self):
        stamp = form_guard.stamp(SECRET, "abc", 1_000_000)
        self.assertEqual(form_guard.age_of(SECRET, "abc", stamp, 1_000_010), 10)
        self.assertEqual(form_guard.age_of(SECRET, "abc", stamp, 999_990), 0, "a clock that was set back")

    def test_a_stamp_that_is_not_ours_tells_nothing(self):
        stamp = form_guard.stamp(SECRET, "abc", 1_000_000)
        forged = [
            ("another form's", form_guard.stamp(SECRET, "abd", 1_000_000)),
            ("another database's", form_guard.stamp("another", "abc", 1_000_000)),
            ("another time", stamp.replace("1000000", "1000001")),
            ("no signature", "1000000"),
            ("nothing", ""),
            ("no time", "." + stamp.partition(".")[2]),
            ("digits of another script", "١٠٠٠٠٠٠." + stamp.partition(".")[2]),
            ("not ASCII", stamp + "é"),
            ("a very long number", "1" * 5000 + ".x"),
        ]
        for name, text in forged:
            with self.subTest(name):
                self.assertIsNone(form_guard.age_of(SECRET, "abc", text, 1_000_010))

    def test_origins_are_read_as_browsers_name_them(self):
        cases = [
            ("https://www.example.com", "https://www.example.com"),
            ("https://WWW.Example.com/contact?x=1#y", "https://www.example.com"),
            ("https://example.com:443", "https://example.com"),
            ("http://example.com:8080/", "http://example.com:8080"),
            ("http://[::1]:8069/", "http://[::1]:8069"),
            ("javascript:alert(1)", None),
            ("https://user@example.com", None),
            ("https://example.com:99999", None),
            ("//example.com", None),
            ("null", None),
            ("", None),
        ]
        for address, origin in cases:
            with self.subTest(address):
                self.assertEqual(form_guard.origin_of(address), origin)

    def test_allowed_websites_that_are_none_are_named(self):
        self.assertEqual(
            form_guard.parse_origins("https://a.example\nhttps://b.example:8443, http://c.example"),
            (
                "https://a.example",
                "https://b.example:8443",
                "http://c.example",
            ),
        )
        for text in ("example.com", "https://*.example.com", "https://a.example;script-src", "https://é.example"):
            with self.subTest(text), self.assertRaises(ValueError) as caught:
                form_guard.parse_origins(f"https://ok.example {text}")
            self.assertEqual(str(caught.exception), text)

    def test_a_form_comes_from_its_own_page_or_from_where_it_is_allowed_to_stand(self):
        cases = [
            ((), None, True),
            ((), "https://anywhere.example", True),
            (("https://a.example",), "https://a.example", True),
            (("https://a.example",), "https://a.example/contact", True),
            (("https://a.example",), "https://odoo.example", True),
            (("https://a.example",), "https://b.example", False),
            (("https://a.example",), "http://a.example", False),
            (("https://a.example",), "https://a.example.evil.example", False),
            (("https://a.example",), "null", False),
            (("https://a.example",), None, False),
        ]
        for origins, origin, is_allowed in cases:
            with self.subTest(origins=origins, origin=origin):
                sender = form_guard.ByForm(form(origins=origins), "192.0.2.1", origin, "odoo.example")
                self.assertEqual(sender.is_from_allowed_page(), is_allowed)

    def test_addresses_are_counted_without_being_kept(self):
        one = form_guard.bucket_of(SECRET, "192.0.2.1")
        self.assertNotIn("192", one)
        self.assertNotEqual(one, form_guard.bucket_of(SECRET, "192.0.2.2"))
        self.assertNotEqual(one, form_guard.bucket_of("another", "192.0.2.1"))
        self.assertEqual(one, form_guard.bucket_of(SECRET, "::ffff:192.0.2.1"))
        self.assertEqual(
            form_guard.bucket_of(SECRET, "2001:db8:1:2::3"),
            form_guard.bucket_of(SECRET, "2001:db8:1:2:aaaa::4"),
            "one connection has a network of addresses",
        )
        self.assertTrue(form_guard.bucket_of(SECRET, None))


@tagged("post_install", "-at_install")
class TestFormPage(BaseCase):
    def test_only_the_fields_of_the_form_are_taken(self):
        strange = {"external_id": "X1", "user_id": "2"}
        typed = form().pick({"email": "jane@example.com", "utm_source": "Ad", "homepage": "spam", **strange})
        self.assertEqual(set(typed), {"email", "utm_source", "homepage"})
        record = form().as_record(typed)
        self.assertEqual(
            {name: value for name, value in record.items() if value}, {"email": "jane@example.com", "source": "Ad"}
        )

    def test_what_is_mandatory_and_the_consent_are_missed(self):
        asks = form(consent="I agree")
        self.assertEqual(asks.find_missing({"contact_name": "  "}), ["contact_name", "email", "consent"])
        self.assertEqual(asks.find_missing({"contact_name": "J", "email": "j@x.example", "consent": "1"}), [])

    def test_the_words_that_were_agreed_to_are_kept(self):
        record = form(consent="I agree").as_record({"description": "Hello", "consent": "1"})
        self.assertEqual(record["description"], "Hello\n\n☑ I agree")

    def test_hidden_values_never_stop_a_visitor(self):
        record = form().as_record({"utm_campaign": "x" * 500 + "\x00", "utm_medium": "a\x07b"})
        self.assertEqual((len(record["campaign"]), record["medium"]), (128, "ab"))
