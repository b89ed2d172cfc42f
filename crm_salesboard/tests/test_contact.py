from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from ..tools.names import similar
from .common import SalesBoardCase


class ContactCase(SalesBoardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.country = cls.env.ref("base.nl")
        cls.env.company.country_id = cls.country
        cls.decider = cls.env.ref("crm_salesboard.crm_choice_contact_role_decision_maker")
        cls.anna = cls.env["res.partner"].create(
            {
                "name": "Anna de Vries",
                "parent_id": cls.partner.id,
                "email": "Anna@konex.example.com",
                "phone": "+31 6 12345678",
                "function": "Buyer",
            }
        )
        cls.lead = cls._make_lead()

    @classmethod
    def _make_contact(cls, lead=None, **values):
        return cls.env["crm.lead.contact"].create({"lead_id": (lead or cls.lead).id, **values})


@tagged("post_install", "-at_install")
class TestContact(ContactCase):
    def test_a_contact_person_is_shown_as_on_their_own_form(self):
        contact = self._make_contact(partner_id=self.anna.id, role_id=self.decider.id)
        self.assertEqual(
            (contact.name, contact.email, contact.phone, contact.function),
            ("Anna de Vries", "Anna@konex.example.com", "+31 6 12345678", "Buyer"),
        )
        self.anna.function = "Head of Purchasing"
        self.assertEqual(contact.function, "Head of Purchasing")
        self.assertIn("Anna de Vries", contact.display_name)

    def test_a_one_off_is_kept_with_the_project_alone(self):
        before = self.env["res.partner"].search_count([])
        contact = self._make_contact(name="Bo Lund", email="bo@example.com", phone="06 12345679", function="Adviser")
        self.env.invalidate_all()
        self.assertEqual(
            (contact.name, contact.email, contact.phone, contact.function),
            ("Bo Lund", "bo@example.com", "06 12345679", "Adviser"),
        )
        self.assertFalse(contact.partner_id)
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        contact.name = "Bo Lundgren"
        self.assertEqual(contact.one_off_name, "Bo Lundgren")

    def test_a_line_is_somebody_and_nobody_twice(self):
        for values in ({}, {"name": "  "}, {"name": False, "role_id": self.decider.id}):
            with (
                self.subTest(values),
                self.assertRaisesRegex(ValidationError, "choose a contact person or give a name"),
            ):
                self._make_contact(**values)
        contact = self._make_contact(partner_id=self.anna.id)
        with self.assertRaisesRegex(ValidationError, "nobody yet"), self.cr.savepoint():
            contact.partner_id = False
        self.env.invalidate_all()
        with self.assertRaises(Exception) as error, mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._make_contact(partner_id=self.anna.id)
        message = self.env["crm.lead.contact"]._sql_error_to_message(error.exception)
        self.assertIn("a contact of the project already", message)

    def test_a_contact_person_is_not_changed_in_passing(self):
        contact = self._make_contact(partner_id=self.anna.id)
        with self.assertRaisesRegex(UserError, "own form"):
            contact.phone = "+31 6 99999999"
        with self.assertRaisesRegex(UserError, "own form"):
            self._make_contact(self._make_lead(), partner_id=self.anna.id, name="Somebody Else")
        # What is the same is no change: an export can be imported again.
        self._make_contact(self._make_lead(), partner_id=self.anna.id, name="Anna de Vries")

    def test_choosing_a_person_leaves_nothing_of_the_one_off_behind(self):
        contact = self._make_contact(name="Anna", phone="06 12345678")
        contact.partner_id = self.anna
        self.assertEqual(contact.name, "Anna de Vries")
        self.assertFalse(contact.one_off_name or contact.one_off_phone or contact.one_off_phone_sanitized)

    def test_the_form_of_the_project_keeps_both_kinds(self):
        with Form(self.lead.with_user(self.sales)) as form:
            with form.contact_ids.new() as line:
                line.partner_id = self.anna
                self.assertEqual(line.function, "Buyer")
            with form.contact_ids.new() as line:
                line.name = "Bo Lund"
                line.role_id = self.decider
        self.assertEqual(self.lead.contact_ids.mapped("name"), ["Anna de Vries", "Bo Lund"])
        self.assertEqual(self.lead.contact_count, 2)

    def test_counts_of_many_projects_are_one_query(self):
        leads = self.lead | self._make_lead() | self._make_lead()
        for lead in leads[:2]:
            self._make_contact(lead, partner_id=self.anna.id)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            self.assertEqual(leads.mapped("contact_count"), [1, 1, 0])

    def test_the_customer_and_the_person_show_the_projects(self):
        self._make_contact(partner_id=self.anna.id)
        theirs = self._make_lead(user_id=self.other.id)
        self._make_contact(theirs, partner_id=self.anna.id)
        colleague = self.env["res.partner"].create({"name": "Bart", "parent_id": self.partner.id})
        self._make_contact(partner_id=colleague.id)
        for partner in (self.anna, self.partner):
            partner = partner.with_user(self.sales)
            self.assertEqual(partner.crm_lead_contact_count, 1)
            action = partner.action_view_contact_projects()
            found = self.env["crm.lead"].with_user(self.sales).search(action["domain"])
            self.assertEqual(found, self.lead)
        self.assertEqual(self.anna.with_user(self.manager).crm_lead_contact_count, 2)

    def test_writing_customers_costs_nothing_more(self):
        """Odoo's own budgets hold: what is shown of a person is read, and not copied to the projects."""
        self._make_contact(partner_id=self.anna.id)
        self.env.flush_all()
        self.env.invalidate_all()
        stored = [name for name, field in self.env["crm.lead.contact"]._fields.items() if field.store and field.compute]
        self.assertEqual(stored, ["one_off_phone_sanitized"])


@tagged("post_install", "-at_install")
class TestMakeContact(ContactCase):
    def _open(self, contact, user=None):
        action = contact.with_user(user or self.sales).action_make_contact()
        return self.env[action["res_model"]].with_user(user or self.sales).browse(action["res_id"])

    def test_likely_duplicates_are_shown_with_the_reason(self):
        elsewhere = self.env["res.partner"].create({"name": "Anna de Vries", "email": "other@example.com"})
        cases = [
            ({"name": "A. Someone", "email": "ANNA@konex.example.com "}, "same e-mail"),
            ({"name": "A. Someone", "phone": "06-123 456 78"}, "same phone number"),
            ({"name": "vries, anna de"}, "similar name at the customer's"),
            (
                {"name": "Someone", "email": "anna@konex.example.com", "phone": "0612345678"},
                "same e-mail, same phone number",
            ),
        ]
        for values, reason in cases:
            with self.subTest(values):
                assistant = self._open(self._make_contact(**values))
                self.assertEqual(assistant.line_ids.partner_id, self.anna)
                self.assertEqual(assistant.line_ids.reason, reason)
                self.assertNotIn(elsewhere, assistant.line_ids.partner_id)
        self.assertFalse(self._open(self._make_contact(name="Quite Different")).line_ids)

    def test_many_lines_are_compared_with_one_query_per_reason(self):
        contacts = self.env["crm.lead.contact"].concat(
            *(
                self._make_contact(name=f"Person {i}", email=f"p{i}@example.com", phone=f"06123456{i:02}")
                for i in range(20)
            )
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(7):  # three searches, and reading the lines, their project and its customer
            contacts._find_duplicates()

    def test_linking_makes_no_partner(self):
        contact = self._make_contact(name="Anna Vries", email="anna@konex.example.com", role_id=self.decider.id)
        before = self.env["res.partner"].search_count([])
        self._open(contact).line_ids.action_link()
        self.assertEqual((contact.partner_id, contact.role_id), (self.anna, self.decider))
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_linking_to_somebody_who_is_there_already_says_so(self):
        self._make_contact(partner_id=self.anna.id)
        contact = self._make_contact(name="Anna", email="anna@konex.example.com")
        with self.assertRaisesRegex(UserError, "Remove this line"):
            self._open(contact).line_ids.action_link()

    def test_a_new_person_comes_under_the_customer_and_once(self):
        contact = self._make_contact(name="Bo Lund", email="bo@example.com", phone="06 12345679", function="Adviser")
        first, second = self._open(contact), self._open(contact)
        first.action_create()
        partner = contact.partner_id
        self.assertEqual(
            (partner.name, partner.email, partner.phone, partner.function, partner.parent_id),
            ("Bo Lund", "bo@example.com", "06 12345679", "Adviser", self.partner),
        )
        self.assertFalse(contact.one_off_email)
        with self.assertRaisesRegex(UserError, "already"):
            second.action_create()
        with self.assertRaisesRegex(UserError, "already"):
            self._open(contact)
        self.assertEqual(self.env["res.partner"].search_count([("email", "=", "bo@example.com")]), 1)

    def test_a_customer_who_is_a_person_gets_no_contact_persons(self):
        person = self.env["res.partner"].create({"name": "Jo", "is_company": False})
        contact = self._make_contact(self._make_lead(partner_id=person.id), name="Bo")
        self.assertFalse(contact._create_partner().parent_id)

    def test_without_the_right_to_create_contacts_it_is_said_what_is_missing(self):
        contact = self._make_contact(name="Bo Lund")
        self.env["ir.model.access"].search([("model_id.model", "=", "res.partner")]).perm_create = False
        assistant = self._open(contact)
        self.assertFalse(assistant.may_create)
        with self.assertRaisesRegex(AccessError, "Contact Creation"):
            assistant.action_create()
        self.assertFalse(contact.partner_id)


@tagged("post_install", "-at_install")
class TestContactMerge(ContactCase):
    def test_the_surviving_project_has_everybody_once(self):
        other = self._make_lead(name="The same again")
        self._make_contact(partner_id=self.anna.id)
        self._make_contact(name="Bo Lund", email="bo@example.com")
        self._make_contact(other, partner_id=self.anna.id, role_id=self.decider.id)
        self._make_contact(other, name="bo lund ", email="BO@example.com")
        self._make_contact(other, name="Cas Smit")
        merged = (self.lead | other).with_user(self.manager).merge_opportunity()
        self.assertEqual(sorted(merged.contact_ids.mapped("name")), ["Anna de Vries", "Bo Lund", "Cas Smit"])
        anna = merged.contact_ids.filtered("partner_id")
        self.assertEqual(anna.role_id, self.decider)


@tagged("post_install", "-at_install")
class TestContactRights(ContactCase):
    def test_contacts_are_as_hidden_as_their_project(self):
        self.sales.group_ids += self.env.ref("base.group_allow_export")
        theirs = self._make_lead(user_id=self.other.id)
        hidden = self._make_contact(theirs, name="Hidden Person")
        shown = self._make_contact(name="Shown Person")
        contacts = self.env["crm.lead.contact"].with_user(self.sales)
        both = [("one_off_name", "in", ["Hidden Person", "Shown Person"])]
        self.assertEqual(contacts.search(both), shown)
        self.assertEqual(contacts.search_count(both), 1)
        self.assertEqual(contacts._read_group(both, [], ["__count"]), [(1,)])
        self.assertEqual(len(contacts.search_read(both, ["name"])), 1)
        self.assertEqual(contacts.web_search_read(both, {"name": {}})["length"], 1)
        self.assertFalse(contacts.search([("id", "in", hidden.ids), ("lead_id.name", "ilike", "a")]))
        hidden = hidden.with_user(self.sales)
        for way in (
            lambda: hidden.read(["one_off_name"]),
            lambda: hidden.export_data(["name"]),
            lambda: hidden.write({"name": "Mine"}),
            lambda: hidden.unlink(),
            lambda: hidden.action_make_contact(),
            lambda: self._make_contact(name="Shown").with_user(self.sales).write({"lead_id": theirs.id}),
            lambda: contacts.create({"lead_id": theirs.id, "name": "Smuggled"}),
            lambda: contacts.env["crm.lead.contact.link"].create({"contact_id": hidden.id}).name,
            lambda: contacts.env["crm.lead.contact.link"].create({"contact_id": hidden.id}).action_create(),
        ):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"), self.cr.savepoint():
                way()
            self.env.invalidate_all()
        self.assertEqual(contacts.with_user(self.manager).search_count(both), 2)

    def test_a_restricted_project_hides_its_contacts_and_calls_from_managers_too(self):
        contact = self._make_contact(partner_id=self.anna.id)
        call = self.env["crm.call"].create({"lead_id": self.lead.id, "partner_id": self.anna.id})
        self.lead.with_user(self.sales).is_restricted = True
        for records in (contact, call):
            domain = [("id", "=", records.id)]
            self.assertTrue(records.with_user(self.sales).search(domain))
            for user in (self.manager, self.all_leads, self.other):
                self.assertFalse(records.with_user(user).search(domain))
                self.assertFalse(records.with_user(user).has_access("read"))
        self.assertEqual(self.anna.with_user(self.manager).call_count, 0)
        self.assertEqual(self.anna.with_user(self.manager).crm_lead_contact_count, 0)

    def test_a_closed_project_shows_its_contacts(self):
        contact = self._make_contact(name="Bo")
        self._close(self.lead, "lost")
        self.assertEqual(contact.with_user(self.sales).name, "Bo")
        self.assertEqual(self.env["crm.lead.contact"].with_user(self.sales).search([("id", "=", contact.id)]), contact)

    def test_an_outsider_sees_none(self):
        self._make_contact(partner_id=self.anna.id)
        with self.assertRaises(AccessError):
            self.env["crm.lead.contact"].with_user(self.outsider).search([])
        with self.assertRaises(AccessError):
            self.anna.with_user(self.outsider).crm_lead_contact_ids  # noqa: B018


@tagged("post_install", "-at_install")
class TestSimilarNames(TransactionCase):
    def test_whose_names_are_similar(self):
        cases = {
            ("Piet Jansen", "Jansen, Piet"): True,
            ("Piet Jansen", "P. Jansen"): True,
            ("Piet Jansen", "piet  JANSEN"): True,
            ("Piet Jansen", "Piet Janssen"): True,
            ("Małgorzata Żak", "Malgorzata Zak"): True,
            ("Piet Jansen", "Anna Jansen"): False,
            ("Piet Jansen", "Piet Smit"): False,
            ("", "Piet"): False,
            ("...", "..."): False,
            (False, None): False,
        }
        for (one, other), expected in cases.items():
            with self.subTest(f"{one} {other}"):
                self.assertEqual(similar(one, other), expected)
                self.assertEqual(similar(other, one), expected)
