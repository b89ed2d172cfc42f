from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import TicketCase


@tagged("post_install", "-at_install")
class TestTeam(TicketCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create({"name": "tickets.example"})
        cls.home.alias_domain_id = cls.domain

    def test_a_manager_gives_a_team_its_address(self):
        for user in (self.manager, self.ticket_manager):
            teams = self._as(user, self.env["crm.team"])
            with Form(teams) as form:
                form.name = "Returns"
                form.uses_tickets = True
                self.assertEqual(form.ticket_alias_domain_id, self.domain)
                form.ticket_alias_name = f"Returns {user.id}"
            team = form.record
            self.assertEqual(team.ticket_alias_email, f"returns-{user.id}@tickets.example")
            with Form(team) as form:
                form.ticket_alias_name = f"back-{user.id}"
            self.assertEqual(team.ticket_alias_email, f"back-{user.id}@tickets.example")
        with self.assertRaises(AccessError):
            self._as(self.service, team).ticket_alias_name = "mine"

    def test_the_alias_is_the_team_s_and_says_so(self):
        alias = self.service_team.ticket_alias_id
        self.assertEqual(alias.alias_model_id.model, "crm.ticket")
        self.assertEqual(alias.alias_parent_model_id.model, "crm.team")
        self.assertEqual(alias.alias_parent_thread_id, self.service_team.id)
        self.assertEqual(alias.alias_defaults, repr({"team_id": self.service_team.id}))

    def test_it_comes_and_goes_with_the_tickets(self):
        team = self.env["crm.team"].create({"name": "Plain"})
        self.assertFalse(team.ticket_alias_id)
        team.write({"uses_tickets": True, "ticket_alias_name": "plain"})
        alias = team.ticket_alias_id
        self.assertEqual(team.ticket_alias_email, "plain@tickets.example")
        team.uses_tickets = False
        self.assertFalse(alias.exists() or team.ticket_alias_id)
        team.uses_tickets = True
        again = team.ticket_alias_id
        team.unlink()
        self.assertFalse(again.exists())

    def test_a_copy_has_an_address_of_its_own(self):
        self.service_team.ticket_alias_name = "service"
        copy = self.service_team.copy()
        self.assertTrue(copy.ticket_alias_id)
        self.assertFalse(copy.ticket_alias_name)

    def test_one_address_is_one_team_s(self):
        self.service_team.ticket_alias_name = "service"
        with self.assertRaises(UserError):
            self.env["crm.team"].create({"name": "Second", "uses_tickets": True, "ticket_alias_name": "service"})

    def test_the_address_stays_in_the_company_of_the_team(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        elsewhere.alias_domain_id = self.env["mail.alias.domain"].create({"name": "elsewhere.example"})
        self.service_team.ticket_alias_name = "service"
        self.service_team.company_id = elsewhere
        self.assertEqual(self.service_team.ticket_alias_email, "service@elsewhere.example")
        self.assertIn(f"'company_id': {elsewhere.id}", self.service_team.ticket_alias_id.alias_defaults)
        with self.assertRaises(ValidationError):
            self.service_team.ticket_alias_domain_id = self.domain

    def test_nobody_takes_the_alias_from_the_team(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.service_team.ticket_alias_id.unlink()

    def test_the_address_of_leads_is_left_alone(self):
        team = self.env["crm.team"].create({"name": "Both", "uses_tickets": True, "alias_name": "both-leads"})
        team.ticket_alias_name = "both-tickets"
        self.assertEqual(team.alias_email, "both-leads@tickets.example")
        self.assertEqual(team.ticket_alias_email, "both-tickets@tickets.example")
        reply_to = team._notify_get_reply_to()[team.id]
        self.assertIn("both-leads@", reply_to)
