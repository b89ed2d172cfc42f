"""Service tickets beside Privacy: that there was a complaint stays, and what it said of the person goes."""

from odoo.tests import tagged

from odoo.addons.crm_gdpr.tests.anonymise_case import AnonymiseCase


@tagged("post_install", "-at_install")
class TestTicketPrivacy(AnonymiseCase):
    def _make_ticket(self, **values):
        return self.env["crm.ticket"].create({"name": "Broken wheel", "company_id": self.env.company.id, **values})

    def test_what_a_ticket_says_of_the_person_goes_and_the_ticket_stays(self):
        firm = self.env["res.partner"].create({"name": "Konex", "is_company": True})
        person = self._make_person(parent_id=firm.id)
        measure = self.env.ref("crm_serviceticket.crm_choice_ticket_measure_rejection")
        values = {
            "name": f"Complaint of {person.name}",
            "description": f"<p>It broke. {person.name}</p>",
            "email_cc": person.email,
            "measure_id": measure.id,
            "result": f"Told {person.name} why",
        }
        own = self._make_ticket(**values, partner_id=person.id, email_from=person.email)
        for_firm = self._make_ticket(**values, partner_id=firm.id, contact_id=person.id)
        unknown = self._make_ticket(name="x", description="<p>It broke</p>", email_from=f"M <{person.email.upper()}>")
        others = self._make_ticket(name=f"As {person.name}", partner_id=firm.id, result="Replaced")
        message = own.message_post(body="Still nothing", author_id=person.id, message_type="email")
        number, status = own.number, own.status_id
        own._portal_ensure_token()
        last = person.name.split()[-1]
        self._anonymise(person)
        for ticket in (own, for_firm):
            name, *texts = self._columns(ticket, "name", "description", "result", "email_from", "email_cc")
            self.assertNotIn(last, name)
            self.assertEqual(texts, [None] * 4)
        self.assertEqual((own.number, own.status_id, own.measure_id), (number, status, measure))
        self.assertEqual(self._columns(own, "access_token"), (None,))
        self.assertEqual(self._columns(unknown, "description", "email_from"), (None, None))
        self.assertNotIn(last, others.name)
        self.assertEqual(others.result, "Replaced")
        self.assertNotIn("Still nothing", message.exists().body or "")

    def test_the_person_is_told_of_their_tickets(self):
        from odoo.addons.crm_gdpr.handlers import get_handler

        handler = get_handler("crm.ticket")
        self.assertTrue(handler.is_known and handler.is_exported)
        self.assertLessEqual({"description", "result", "measure_id"}, set(handler.export_fields))
        for name in (*handler.fields, *handler.export_fields):
            self.assertIn(name, self.env["crm.ticket"]._fields)
