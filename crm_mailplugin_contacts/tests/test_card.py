from odoo.tests import BaseCase, tagged

from ..tools import contact_card, graph


@tagged("post_install", "-at_install")
class TestCard(BaseCase):
    """What stands on a contact, without a database."""

    def _make(self, **values):
        defaults = dict.fromkeys(("name", "company", "job", "phone", "website"))
        return contact_card.make(
            **{**defaults, "is_company": False, "emails": [], "is_mobile": False, "address": {"city": None}, **values}
        )

    def test_names_of_people_and_companies(self):
        cases = [
            ({"name": "Ada van der Lovelace", "company": "Konex"}, ("Ada", "van der Lovelace", "Konex")),
            ({"name": "Ada"}, ("Ada", None, None)),
            ({"name": "Konex Ltd", "company": "Konex Ltd", "is_company": True}, (None, None, "Konex Ltd")),
            ({"name": False}, (None, None, None)),
        ]
        for values, expected in cases:
            with self.subTest(values):
                card = self._make(**values)
                self.assertEqual((card["givenName"], card["surname"], card["companyName"]), expected)

    def test_three_addresses_at_most_and_the_phone_where_outlook_has_it(self):
        emails = [f"{name}@x.example" for name in "abcd"]
        card = self._make(name="Ada", emails=emails, phone="1", is_mobile=True)
        self.assertEqual([email["address"] for email in card["emailAddresses"]], emails[:3])
        self.assertEqual((card["mobilePhone"], card["businessPhones"]), ("1", []))
        self.assertEqual(self._make(phone="1")["businessPhones"], ["1"])

    def test_what_was_emptied_is_sent_as_empty(self):
        card = self._make(name="Ada")
        self.assertEqual([card[key] for key in ("jobTitle", "mobilePhone", "businessHomePage")], [None] * 3)
        self.assertEqual((card["emailAddresses"], card["businessAddress"]), ([], {"city": None}))

    def test_a_hash_differs_with_the_content_and_the_contact(self):
        card = self._make(name="Ada")
        self.assertNotEqual(contact_card.digest("1", card), contact_card.digest("1", {**card, "jobTitle": "Analyst"}))
        self.assertNotEqual(contact_card.digest("1", card), contact_card.digest("2", card))
        self.assertEqual(contact_card.digest("1", card), contact_card.digest("1", dict(reversed(card.items()))))

    def test_how_long_to_wait_however_it_is_written(self):
        cases = [({"Retry-After": "7"}, 7), ({"retry-after": 30}, 30), ({"Retry-After": "soon"}, 0), (None, 0)]
        for headers, seconds in cases:
            with self.subTest(headers):
                self.assertEqual(graph.get_wait(headers), seconds)

    def test_an_id_with_any_characters_is_one_part_of_an_address(self):
        self.assertEqual(graph.path("contactFolders", "a/b+c=="), "/me/contactFolders/a%2Fb%2Bc%3D%3D")
