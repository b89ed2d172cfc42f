from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import TicketCase

TICKET_TEAM = "crm_serviceticket.crm_ticket_team_view_form"


@tagged("post_install", "-at_install")
class TestTeam(TicketCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create({"name": "tickets.example"})
        cls.home.alias_domain_id = cls.domain

    def test_a_manager_gives_a_team_its_address(self):
        for user, view in ((self.manager, None), (self.ticket_manager, TICKET_TEAM)):
            teams = self._as(user, self.env["crm.team"])
            with Form(teams.with_context(default_uses_tickets=True), view) as form:
                form.name = "Returns"
                self.assertEqual(form.ticket_alias_domain_id, self.domain)
                form.ticket_alias_name = f"Returns {user.id}"
            team = form.record
            self.assertEqual(team.ticket_alias_email, f"returns-{user.id}@tickets.example")
            with Form(team, view) as form:
                form.ticket_alias_name = f"back-{user.id}"
            self.assertEqual(team.ticket_alias_email, f"back-{user.id}@tickets.example")
        with self.assertRaises(AccessError):
            self._as(self.service, team).ticket_alias_name = "mine"

    def test_a_manager_of_tickets_works_on_a_team_with_members(self):
        self.service_team.member_ids = self.service
        team = self._as(self.ticket_manager, self.service_team)
        with Form(team, TICKET_TEAM) as form:
            form.name = "After Sales"
            form.user_id = self.ticket_manager
            form.ticket_hours_high = 6
            form.member_ids.add(self.accountant)
        self.assertEqual((team.name, team.user_id), ("After Sales", self.ticket_manager))
        self.assertEqual(team.member_ids, self.service | self.accountant)
        with Form(team, TICKET_TEAM) as form:
            form.member_ids.remove(self.service.id)
        self.assertEqual(team.member_ids, self.accountant)
        action = self.env.ref("crm_serviceticket.crm_ticket_team_menu_app").action
        self.assertEqual(action.view_ids.view_id[-1:], self.env.ref(TICKET_TEAM))

    def test_and_on_nothing_else_of_teams(self):
        sales_team = self.env["crm.team"].create({"name": "Sales", "member_ids": self.sales.ids})
        member = sales_team.crm_team_member_ids
        self.service_team.member_ids = self.service
        theirs = self._as(self.ticket_manager, self.service_team)
        process = self.env["crm.process"].search([], limit=1)
        teams, members = self._as(self.ticket_manager, self.env["crm.team"]), theirs.crm_team_member_ids
        both = self._make_user("cast_both", "crm_serviceticket.group_ticket_manager")
        both.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        for change in (
            lambda: self._as(self.ticket_manager, sales_team).write({"name": "Mine"}),
            lambda: self._as(self.ticket_manager, sales_team).write({"member_ids": False}),
            lambda: self._as(both, sales_team).write({"active": False}),
            lambda: self._as(self.ticket_manager, member).write({"active": False}),
            lambda: theirs.write({"process_id": process.id}),
            lambda: theirs.write({"alias_name": "leads"}),
            lambda: theirs.write({"uses_tickets": False}),
            lambda: theirs.unlink(),
            lambda: members.write({"crm_team_id": sales_team.id}),
            lambda: members.write({"assignment_max": 99}),
            lambda: members.create({"crm_team_id": sales_team.id, "user_id": self.service.id}),
            lambda: teams.create({"name": "Leads", "process_id": process.id}),
            lambda: teams.create({"name": "Leads", "uses_tickets": False, "alias_name": "leads"}),
        ):
            with self.assertRaises(AccessError):
                change()
        made = teams.with_context(default_alias_name="leads").create({"name": "Returns", "use_opportunities": True})
        self.assertTrue(made.uses_tickets)
        self.assertFalse(made.use_opportunities or made.use_leads or made.alias_name)
        for team in (sales_team, self.service_team):
            self._as(self.manager, team).write({"process_id": process.id, "member_ids": self.other.ids})

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
        self.assertFalse(self.env["mail.alias"].search([("alias_name", "=", "plain")]), "Mails to it make no tickets")
        team.uses_tickets = True
        self.assertEqual(team.ticket_alias_email, "plain@tickets.example")
        again = team.ticket_alias_id
        team.unlink()
        self.assertFalse(again.exists())

    def test_an_address_that_another_team_has_got_meanwhile_is_not_given_back(self):
        self.service_team.ticket_alias_name = "service"
        self.service_team.uses_tickets = False
        second = self.env["crm.team"].create({"name": "Second", "uses_tickets": True, "ticket_alias_name": "service"})
        self.service_team.uses_tickets = True
        self.assertFalse(self.service_team.ticket_alias_name)
        self.assertEqual(second.ticket_alias_name, "service")

    def test_a_team_without_tickets_has_no_address_for_them(self):
        team = self.env["crm.team"].create({"name": "Plain"})
        with self.assertRaisesRegex(ValidationError, "tick Service Tickets"), self.cr.savepoint():
            team.ticket_alias_name = "plain"
        with self.assertRaises(ValidationError):
            self.env["crm.team"].create({"name": "Other", "ticket_alias_name": "other"})
        with Form(team) as form:
            form.uses_tickets = True
            form.ticket_alias_name = "plain"
            form.uses_tickets = False
        self.assertFalse(team.ticket_alias_id, "Nobody is kept from saving by what is not shown any more")
        self.service_team.ticket_alias_name = "service"
        for uses in (False, True):
            with Form(self.service_team) as form:
                form.uses_tickets = uses
        self.assertEqual(self.service_team.ticket_alias_name, "service")

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
