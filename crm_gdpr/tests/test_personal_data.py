"""What is personal data is found, and every field of ours is decided."""

from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged

from ..engine import links
from ..engine.policy import Policy
from ..tools import strategies
from .anonymise_case import AnonymiseCase

OURS = ("crm_",)


@tagged("post_install", "-at_install")
class TestPersonalData(TransactionCase):
    def setUp(self):
        super().setUp()
        settings = self.env["crm.gdpr.field"]._get_settings()
        self.policy = Policy(self.env, settings.strategies)
        self.models = links.stored_models(self.env)

    def test_every_text_of_every_model_has_a_treatment(self):
        for model in self.models:
            for field in self.env[model]._fields.values():
                if field.store and field.column_type and field.type in ("char", "text", "html"):
                    with self.subTest(model=model, field=field.name):
                        self.assertTrue(self._is_decided(model, field))

    def _is_decided(self, model, field):
        from ..engine.policy import TECHNICAL
        from ..models.crm_gdpr_field import NO_PERSONAL_DATA

        return field.name in self.policy.get_columns(model) or field.name in TECHNICAL | NO_PERSONAL_DATA

    def test_a_contacts_name_address_and_numbers_are_personal_data(self):
        columns = self.policy.get_columns("res.partner")
        for name in ("name", "email", "phone", "street", "zip", "city", "vat", "comment", "ref"):
            self.assertEqual(columns[name].own.kind, "configured", name)
        for name in ("email_normalized", "complete_name", "phone_sanitized"):
            self.assertEqual(columns[name].own.kind, "derive", name)

    def test_a_model_that_nobody_described_is_scrubbed(self):
        columns = self.policy.get_columns("crm.tag")
        self.assertEqual((columns["name"].own.kind, columns["name"].is_known), ("scrub", False))

    def test_links_to_contacts_users_and_any_record_are_found(self):
        direct, references = links.find_links(self.env, self.models)
        found = {(link.model, link.field) for link in direct}
        own = {("crm.lead", "partner_id"), ("res.users", "partner_id"), ("res.partner.bank", "partner_id")}
        self.assertLessEqual(own | {("calendar.event", "partner_ids"), ("mail.message", "author_id")}, found)
        self.assertNotIn(("crm.lead", "create_uid"), found)
        self.assertIn(("mail.message", "res_id"), {(link.model, link.field) for link in references})


@tagged("post_install", "-at_install")
class TestConfiguration(AnonymiseCase):
    def _field(self, name, model="res.partner"):
        return self.env["crm.gdpr.field"].search([("name", "=", name), ("model", "=", model)])

    def _choose(self, name, strategy, text=False):
        self._field(name).with_user(self.officer).write({"strategy": strategy, "fixed_text": text})

    def test_each_field_becomes_what_was_chosen(self):
        self._choose("name", "hash")
        self._choose("vat", "country")
        self._choose("phone", "country")
        self._choose("zip", "postcode")
        self._choose("function", "fixed", "Customer")
        self._choose("city", "keep")
        person = self._make_person()
        other = self._make_person(name="Jan Smit")
        self._anonymise(person + other)
        name, *others = self._columns(person, "name", "vat", "phone", "zip", "function", "city")
        self.assertRegex(name, r"^[0-9a-f]{16}$")
        self.assertNotEqual(name, self._columns(other, "name")[0])
        self.assertEqual(others, ["NL", "+31", "10", "Customer", "Amsterdam"])

    def test_of_a_date_the_year_can_be_left(self):
        self._set_custom_field()
        self.env["crm.gdpr.field"]._complete()
        self._choose("x_birthday", "year")
        person = self._make_person(x_birthday="1980-05-17")
        self._anonymise(person)
        self.assertEqual(self._columns(person, "x_birthday")[0].isoformat(), "1980-01-01")

    def test_a_photo_can_be_kept(self):
        from .test_anonymise import PIXEL

        self._choose("image_1920", "keep")
        person = self._make_person(image_1920=PIXEL)
        self._anonymise(person)
        self.assertTrue(person.image_1920)

    def test_the_name_cannot_be_kept_nor_emptied(self):
        for strategy in ("keep", "empty", "year"):
            with self.subTest(strategy=strategy), self.assertRaises(ValidationError):
                self._choose("name", strategy)
        with self.assertRaises(ValidationError):
            self._choose("name", "fixed", " ")

    def test_what_a_field_cannot_become_is_refused_with_its_name(self):
        with self.assertRaisesRegex(ValidationError, "State"):
            self._choose("state_id", "postcode")

    def test_a_custom_field_is_in_the_list_as_soon_as_it_is_opened(self):
        self._set_custom_field("x_shoe", "char")
        self.assertFalse(self._field("x_shoe"))
        self.env["crm.gdpr.field"].with_user(self.officer).action_open()
        self.assertEqual(self._field("x_shoe").strategy, "empty")


class TestStrategies(TransactionCase):
    def test_what_is_left_of_values(self):
        cases = [
            ("keep", "a", "a"),
            ("empty", "a", None),
            ("year", "17.05.1980", "1980"),
            ("year", "no year", None),
            ("country", "NL91 ABNA 0417 1643 00", "NL"),
            ("country", "DE123456789", "DE"),
            ("country", "no number", None),
            ("country", "NL", "NL"),
            ("postcode", "1012 AB", "10"),
            ("postcode", "10", "10"),
        ]
        for strategy, value, expected in cases:
            with self.subTest(strategy=strategy, value=value):
                self.assertEqual(strategies.apply(strategy, value), expected)
                self.assertEqual(strategies.apply(strategy, expected), expected)

    def test_a_hash_needs_the_key_and_is_not_hashed_again(self):
        hashed = strategies.apply("hash", "Maria", key=b"k")
        self.assertNotEqual(hashed, strategies.apply("hash", "Maria", key=b"other"))
        self.assertEqual(strategies.apply("hash", hashed, key=b"k"), hashed)
