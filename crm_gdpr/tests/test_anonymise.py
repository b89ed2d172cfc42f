from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .anonymise_case import EMAIL, NAME, PHONE, AnonymiseCase


@tagged("post_install", "-at_install")
class TestAnonymise(AnonymiseCase):
    """What becomes of a person, on Odoo CRM alone."""

    def test_of_the_contact_only_what_the_company_keeps_is_left(self):
        person = self._make_person()
        self._anonymise(person)
        columns = (
            "name",
            "email",
            "email_normalized",
            "phone",
            "phone_sanitized",
            "street",
            "zip",
            "city",
            "vat",
            "comment",
        )
        self.assertEqual(self._columns(person, *columns), ("Anonymised contact", *[None] * 9))
        self.assertEqual(person.complete_name, "Anonymised contact")
        self.assertEqual(person.country_id.code, "NL")
        self.assertEqual((person.active, person.gdpr_state), (False, "anonymised"))
        self.assertTrue(person.sudo().gdpr_date)

    def test_children_go_with_their_parent_and_the_parent_of_a_person_stays(self):
        company = self._make_contact("Van Dalen BV", is_company=True, street="Kade 1")
        person = self._make_person(parent_id=company.id, street="Kade 1")
        address = self._make_contact("Maria at home", parent_id=person.id, type="delivery", street="Thuisweg 9")
        self._anonymise(person)
        self.assertEqual(self._columns(address, "name", "street"), ("Anonymised contact", None))
        self.assertEqual(self._columns(company, "name", "street", "active"), ("Van Dalen BV", "Kade 1", True))

    def test_a_child_that_was_chosen_beside_its_parent_is_told_to_go_with_it(self):
        person = self._make_person()
        child = self._make_contact("Maria at home", parent_id=person.id)
        request = self._request(person + child)
        request.action_preview()
        self.assertEqual(request.line_ids.mapped("state"), ["planned", "refused"])
        self.assertIn("belongs", request.line_ids[1].reason)

    def test_leads_lose_the_person_and_keep_their_business(self):
        person = self._make_person()
        lead = self._make_lead(person, expected_revenue=5000, description="<p>Maria wants slate</p>")
        lost = self._make_lead(person, active=False, contact_name=NAME)
        self._anonymise(person)
        self.assertEqual(
            self._columns(lead, "contact_name", "email_from", "phone", "street", "description"), (None,) * 5
        )
        self.assertEqual(lead.name, "…'s new roof")
        self.assertEqual((lead.expected_revenue, lead.partner_id, lead.active), (5000, person, True))
        self.assertEqual(self._columns(lost, "contact_name", "email_normalized"), (None, None))

    def test_a_lead_without_a_contact_is_found_by_an_address_that_is_nobody_elses(self):
        person = self._make_person()
        own = self.env["crm.lead"].create({"name": "Web", "email_from": EMAIL.upper(), "contact_name": "M. Dalen"})
        self._make_contact("Info desk", email="info@vandalen.example")
        shared = self._make_contact("Maria", email="info@vandalen.example")
        others = self.env["crm.lead"].create({"name": "Desk", "email_from": "info@vandalen.example"})
        self._anonymise(person + shared)
        self.assertEqual(self._columns(own, "email_from", "contact_name"), (None, None))
        self.assertEqual(others.email_from, "info@vandalen.example")

    def test_a_lead_alone_is_anonymised_by_itself_and_one_of_a_customer_only_with_the_customer(self):
        lead = self.env["crm.lead"].create({"name": "Web", "email_from": EMAIL, "contact_name": NAME})
        self._anonymise(leads=lead)
        self.assertEqual(self._columns(lead, "email_from", "contact_name", "name"), (None, None, "Web"))
        with self.assertRaises(UserError):
            self._request(leads=self._make_lead(self._make_person()))

    def test_others_messages_stay_without_the_person_and_the_persons_own_are_emptied(self):
        person = self._make_person()
        lead = self._make_lead(person)
        theirs = self._post(lead, "Call me on 06 24 68 13 57", person, email_from=f"{NAME} <{EMAIL}>")
        reply = self._post(lead, f"I called VAN DALEN, Maria ({PHONE}) about the roof", subject=f"Re: {NAME}")
        elsewhere = self._post(self.colleague, f"{EMAIL} asked for a quote", partner_ids=person.ids)
        self._anonymise(person)
        self.assertEqual(theirs.body, "<p>…</p>")
        self.assertFalse(theirs.email_from)
        self.assertEqual(reply.author_id, self.colleague)
        self.assertIn("about the roof", reply.body)
        for text in ("DALEN", "Maria", "24681357"):
            self.assertNotIn(text, reply.body)
        self.assertNotIn("Dalen", reply.subject)
        self.assertNotIn(EMAIL, elsewhere.body)
        self.assertIn("asked for a quote", elsewhere.body)

    def test_changes_that_were_noted_do_not_name_the_person_here_nor_on_others_documents(self):
        person = self._make_person()
        lead = self._make_lead(person, user_id=self.manager.id)
        other = self.env["crm.lead"].create({"name": "Other", "type": "opportunity"})
        self.env.flush_all()
        self._track(lead, "email_from", EMAIL, "new@vandalen.example")
        self._track(other, "partner_id", NAME, False, old_value_integer=person.id)
        self._anonymise(person)
        values = self.env["mail.tracking.value"].search([("mail_message_id.res_id", "in", (lead + other).ids)])
        told = " ".join(str(text) for value in values for text in (value.old_value_char, value.new_value_char))
        self.assertNotIn("vandalen", told)
        self.assertNotIn("Dalen", told)
        self.assertNotIn("new@", told)

    def test_anonymising_notes_no_change_of_its_own(self):
        person = self._make_person()
        lead = self._make_lead(person)
        before = self.env["mail.message"].search_count([]), self.env["mail.tracking.value"].search_count([])
        self._anonymise(person)
        after = self.env["mail.message"].search_count([]), self.env["mail.tracking.value"].search_count([])
        self.assertEqual(before, after)
        self.assertTrue(lead.exists())

    def test_files_of_the_person_go_and_those_of_others_stay(self):
        person = self._make_person(image_1920=PIXEL)
        lead = self._make_lead(person)
        files = self.env["ir.attachment"]
        photo = files.search(
            [("res_model", "=", "res.partner"), ("res_field", "!=", False), ("res_id", "=", person.id)]
        )
        self.assertTrue(photo)
        own = files.create({"name": "passport.png", "raw": b"x", "res_model": "crm.lead", "res_id": lead.id})
        other = files.create({"name": "price list.txt", "raw": b"roof: 5000", "res_model": "res.partner",
                              "res_id": self.colleague.id})  # fmt: skip
        self._anonymise(person)
        self.assertFalse((photo + own).exists())
        self.assertTrue(other.exists())

    def test_meetings_stay_in_the_calendars_of_the_others(self):
        person = self._make_person()
        meeting = self.env["calendar.event"].create(
            {
                "name": f"Roof with {NAME}",
                "description": f"<p>Bring the plans to {EMAIL}</p>",
                "location": "Kerkstraat 12",
                "start": "2026-01-05 10:00:00",
                "stop": "2026-01-05 11:00:00",
                "partner_ids": self._link(person + self.colleague),
            }
        )
        self._anonymise(person)
        self.assertEqual(meeting.name, "Roof with …")
        self.assertNotIn(EMAIL, meeting.description)
        self.assertNotIn("Kerkstraat", meeting.location)
        self.assertEqual(len(meeting.attendee_ids), 2)
        self.assertNotIn(NAME, meeting.attendee_ids.mapped("common_name"))

    def test_the_person_follows_nothing_is_written_nothing_and_has_no_account(self):
        person = self._make_person()
        user = (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "partner_id": person.id,
                    "login": EMAIL,
                    "password": "secret-and-long",
                    "group_ids": self._link(self.env.ref("base.group_portal")),
                    "signature": f"<p>{NAME}</p>",
                }
            )
        )
        other = self.env["crm.lead"].create({"name": "Other", "type": "opportunity"})
        self._follow(other, person)
        self._anonymise(person)
        self.assertNotIn(person, other.message_partner_ids)
        login, password, active, signature = self._columns(user, "login", "password", "active", "signature")
        self.assertTrue(login.startswith("anonymised-"))
        self.assertEqual((password, active, signature), (None, False, None))

    def test_addresses_on_blacklists_become_fingerprints_and_are_still_not_written_to(self):
        person = self._make_person()
        self.env["mail.blacklist"].create({"email": EMAIL})
        self._anonymise(person)
        everything = self.env["mail.blacklist"].with_context(active_test=False)
        self.assertFalse(everything.search([("email", "=", EMAIL)]))
        self.assertEqual(self.env["crm.gdpr.suppression"]._find([EMAIL], [], self.env.company), {EMAIL})

    def test_who_objected_is_not_written_to_also_where_the_company_takes_them_in_again(self):
        self.env["res.company"].search([]).gdpr_suppression = False
        person = self._make_person()
        self.env["mail.blacklist"].create({"email": EMAIL})
        self.env["phone.blacklist"].create({"number": PHONE})
        self.env["mail.blacklist"].create({"email": "jan@pieters.example", "active": False})
        self._anonymise(person + self._make_person(name="Jan Pieters", email="jan@pieters.example", phone=False))
        suppression, company = self.env["crm.gdpr.suppression"], self.env.company
        asked = ([EMAIL, "jan@pieters.example"], [PHONE], company)
        self.assertEqual(suppression._find(*asked), set())
        self.assertEqual(suppression._find(*asked, is_sending=True), {EMAIL, PHONE})
        back = self._make_contact("Back", email=EMAIL)
        self.assertEqual(suppression._find_records(back, {back.id: [EMAIL]}, "email"), {back.id})

    def test_a_preview_remembers_nobody(self):
        person = self._make_person()
        self.env["mail.blacklist"].create({"email": EMAIL})
        before = self.env["crm.gdpr.suppression"].search_count([])
        self._request(person).action_preview()
        self.assertEqual(self.env["crm.gdpr.suppression"].search_count([]), before)

    def test_an_anonymised_contact_stays_archived(self):
        person = self._make_person()
        self._anonymise(person)
        with self.assertRaisesRegex(UserError, "anonymised"):
            person.with_user(self.manager).action_unarchive()
        self.assertFalse(person.active)

    def test_the_companys_own_fields_are_emptied_without_anybody_configuring_them(self):
        self._set_custom_field()
        self._set_custom_field("x_shoe", "char")
        person = self._make_person(x_birthday=date(1980, 5, 17), x_shoe="red")
        self._anonymise(person)
        self.assertEqual(self._columns(person, "x_birthday", "x_shoe"), (None, None))

    def test_a_second_time_changes_nothing(self):
        person = self._make_person()
        self._post(self._make_lead(person), f"{NAME} called")
        self._anonymise(person)
        request = self._request(person)
        request.action_preview()
        self.assertFalse(request.line_ids.counts)
        self.assertFalse(request.line_ids.sample)

    def test_a_namesake_and_who_shares_an_address_keep_what_is_theirs(self):
        person = self._make_person()
        namesake = self._make_contact(NAME, email="other@dalen.example", phone="+31 6 87654321")
        note = self._post(namesake, f"{NAME} called about the garden")
        lead = self._make_lead(namesake, contact_name=NAME)
        self._anonymise(person)
        self.assertEqual((namesake.name, namesake.email, lead.contact_name), (NAME, "other@dalen.example", NAME))
        self.assertIn(NAME, note.body)

    def test_former_names_and_merged_duplicates_are_the_person_too(self):
        person = self._make_person(name="Maria Jansen")
        self.env.flush_all()
        self._track(person, "name", NAME, "Maria Jansen")
        double = self._make_contact("Marietje Dalenstra", email="marietje@old.example")
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((person + double).ids, person)
        lead = self._make_lead(person, name=f"{NAME} and Marietje Dalenstra (marietje@old.example)")
        self._anonymise(person)
        self.assertNotIn("Dalen", lead.name)
        self.assertNotIn("Marietje", lead.name)
        self.assertNotIn("old.example", lead.name)


# the smallest PNG there is
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
