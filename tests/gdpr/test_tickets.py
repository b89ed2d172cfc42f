"""Whose a complaint is, where several contacts of one customer have to do with it."""

from odoo.tests import tagged

from odoo.addons.crm_gdpr.tests.anonymise_case import NAME, AnonymiseCase

LEFT = (True, True, True)


@tagged("post_install", "-at_install")
class TestTickets(AnonymiseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.partner"].create({"name": "Bakker BV", "is_company": True})
        cls.person = cls._make_person(parent_id=cls.company.id)
        cls.bart = cls.env["res.partner"].create(
            {"name": "Bart Smit", "email": "bart@bakker.example", "parent_id": cls.company.id}
        )
        cls.project = cls._make_lead(cls.person, name="New hall")

    def _make_ticket(self, **values):
        """Written by Bart, with a message and a file."""
        ticket = self.env["crm.ticket"].create(
            {
                "name": "Leaks",
                "description": f"<p>The roof leaks, says {NAME}. Bart</p>",
                "result": "Sealed",
                "lead_id": self.project.id,
                **values,
            }
        )
        self._post(ticket, "Still leaks", author=self.bart, attachments=[("roof.txt", b"Roof")])
        return ticket

    def _left(self, ticket):
        """What is left: the complaint, what was said, and the files."""
        said = ticket.message_ids.filtered(lambda message: "Still leaks" in (message.body or ""))
        files = self.env["ir.attachment"].search_count([("res_model", "=", "crm.ticket"), ("res_id", "=", ticket.id)])
        return bool(ticket.description), bool(said), bool(files)

    def test_a_colleague_s_complaint_on_her_project_stays_the_colleague_s(self):
        tickets = self._make_ticket(partner_id=self.company.id, contact_id=self.bart.id)
        tickets |= self._make_ticket(partner_id=self.bart.id)
        tickets |= self._make_ticket(partner_id=self.company.id)
        tickets |= self._make_ticket(email_from="Bart Smit <bart@bakker.example>")
        self._anonymise(self.person)
        for ticket in tickets:
            self.assertEqual(self._left(ticket), LEFT)
            self.assertEqual(ticket.result, "Sealed")
            self.assertIn("The roof leaks", ticket.description)
            self.assertNotIn(NAME, ticket.description)
        self.assertEqual(tickets[-1].email_from, "Bart Smit <bart@bakker.example>")

    def test_her_own_are_emptied_open_ones_too(self):
        own = self._make_ticket(partner_id=self.company.id, contact_id=self.person.id)
        nobody_s = self._make_ticket()
        self._anonymise(self.person)
        for ticket in own | nobody_s:
            self.assertFalse(ticket.description or ticket.result)
            self.assertFalse(ticket.is_closed, "It is worked on all the same")
