import threading

from odoo import SUPERUSER_ID, api, sql_db
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from ..tools import desk
from .sales_case import SalesCase


@tagged("post_install", "-at_install")
class TestAssignment(SalesCase):
    """Who gets a lead, and why."""

    def _reasons(self):
        return self._rows().mapped("assignment_reason")

    def test_without_rules_the_salesperson_of_the_source_else_the_leader_gets_it(self):
        self.assertEqual(self._send().user_id, self.leader)
        self.source.user_id = self.sales[0]
        lead = self._send()
        self.assertEqual((lead.user_id, lead.team_id), (self.sales[0], self.team))
        self.assertEqual(self._reasons(), ["The leader of the team", "The salesperson of the source"])

    def test_the_first_rule_that_fits_decides(self):
        country = self.env.ref("base.be")
        self._make_rule(name="Belgium", target="user", user_id=self.sales[0].id, country_ids=[(6, 0, country.ids)])
        self._make_rule(name="Amsterdam", target="user", user_id=self.sales[1].id, postcodes="1000-1109, 11")
        self._make_rule(name="Rest", target="user", user_id=self.sales[2].id)
        self.assertEqual(self._send(country="BE", zip="1000").user_id, self.sales[0])
        self.assertEqual(self._send(country="NL", zip="1012 AB").user_id, self.sales[1])
        self.assertEqual(self._send(country="NL").user_id, self.sales[2])
        self.assertEqual(self._reasons(), ["Rule Belgium", "Rule Amsterdam", "Rule Rest"])

    def test_a_postcode_with_a_hyphen_is_one_code(self):
        self._make_rule(target="user", user_id=self.sales[0].id, postcodes="00-950, 1000-205")
        self.assertEqual(self._send(zip="00-950").user_id, self.sales[0])
        self.assertEqual(self._send(zip="1000205").user_id, self.sales[0])
        self.assertEqual(self._send(zip="1000-206").user_id, self.leader)

    def test_a_rule_looks_at_the_value_of_a_field(self):
        def field(name):
            return self.env["ir.model.fields"]._get("crm.lead", name).id

        self._make_rule(
            target="user", user_id=self.sales[0].id, field_id=field("campaign_id"), operator="contains", value="spring"
        )
        self._make_rule(target="user", user_id=self.sales[1].id, field_id=field("city"), value="Den Haag")
        self.assertEqual(self._send(campaign="Big Spring Sale").user_id, self.sales[0])
        self.assertEqual(self._send(city="den  haag").user_id, self.sales[1])
        self.assertEqual(self._send(city="Den Haag Zuid").user_id, self.leader)

    def test_a_customer_keeps_their_salesperson(self):
        self._make_rule()
        self.env["res.partner"].create({"name": "Jane", "email": "jane@konex.example", "user_id": self.accountant.id})
        self.assertEqual(self._send(email="jane@konex.example").user_id, self.accountant)
        self.assertEqual(self._reasons(), ["The customer's salesperson"])
        self.source.keep_owner = False
        self.source.duplicate_by_email = True
        self._leads().action_set_lost()
        self.assertIn(self._send(email="jane@konex.example", subject="Again").user_id, self.people)

    def test_turns_are_even_over_batches(self):
        self._make_rule()
        leads = self._send(7) | self._send() | self._send(4)
        self.assertEqual([len(leads.filtered(lambda lead: lead.user_id == user)) for user in self.people], [4, 4, 4])
        turns = [row.assignment["turn"] for row in self._rows()]
        self.assertEqual(turns, list(range(1, 13)))
        for row in self._rows():
            why = row.assignment
            self.assertEqual(row.lead_id.user_id.id, why["candidates"][why["turn"] % 3], "the reason tells who it was")

    def test_a_bad_lead_in_a_batch_takes_nobodys_turn_twice(self):
        """A batch that is processed again in halves goes on with the turns that it has."""
        self._make_rule()
        self.env.cr.execute("ALTER TABLE crm_lead ADD CONSTRAINT not_this_one CHECK (email_from <> 'p4@other.example')")
        with mute_logger("odoo.sql_db", "odoo.addons.crm_leadintake.models.crm_lead_inbox_process"):
            leads = self._send(10)
        self.assertEqual(len(leads), 9)
        turns = [row.assignment["turn"] for row in self._rows() if row.assignment]
        self.assertEqual(len(set(turns)), 9)
        self.assertLessEqual(max(turns), 10)

    def test_who_left_or_is_not_of_the_company_gets_none(self):
        self._make_rule()
        self.sales[0].active = False
        other = self.env["res.company"].create({"name": "Other"})
        self.sales[1].write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertEqual(self._send(3).user_id, self.sales[2])

    def test_a_rule_without_anybody_left_lets_the_next_decide_and_says_so(self):
        self._make_rule(name="Old hands")
        self.people.active = False
        self.assertEqual(self._send().user_id, self.leader)
        self.assertEqual(self._reasons(), ["The leader of the team. Nobody was there by: Old hands"])
        self.source.team_id.user_id = False
        self.assertFalse(self._send().user_id)

    def test_capacity_goes_by_what_odoo_counts_and_ties_rotate(self):
        self._make_rule(target="capacity")
        members = self.team.crm_team_member_ids.sorted("user_id")
        members.assignment_max = 10
        leads = self._send(6)
        self.assertEqual([len(leads.filtered(lambda lead: lead.user_id == user)) for user in self.people], [2, 2, 2])
        members[0].assignment_optout = True
        members[1].assignment_max = 40
        leads = self._send(5)
        self.assertEqual([len(leads.filtered(lambda lead: lead.user_id == user)) for user in self.people], [0, 5, 0])

    def test_when_the_team_is_full_leads_go_on(self):
        self._make_rule(name="Team", target="capacity")
        self.team.crm_team_member_ids.assignment_max = 1
        leads = self._send(5)
        self.assertEqual(len(leads.filtered(lambda lead: lead.user_id == self.leader)), 2)
        self.assertIn("Nobody was there by: Team", self._reasons()[-1])

    def test_the_team_is_the_rules_the_sources_or_the_salespersons(self):
        other = self.env["crm.team"].create({"name": "Rule's"})
        rule = self._make_rule(team_id=other.id)
        self.assertEqual(self._send().team_id, other)
        rule.team_id = False
        self.assertEqual(self._send().team_id, self.team)
        self.source.team_id = False
        self.assertEqual(self._send().team_id, self.team, "the one that the salesperson is in")

    def test_a_rule_that_names_nobody_or_no_postcode_is_refused(self):
        self.source.team_id = False
        for values in ({"user_ids": False}, {"target": "user"}, {"postcodes": "10-x"}, {"target": "capacity"}):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._make_rule(**values)

    def test_an_administrator_of_the_intake_alone_makes_rules_and_an_officer_does_not(self):
        self.source.team_id = False
        administrator = self._make_user("intake_administrator", "crm_leadintake.group_intake_manager")
        rules = self.env["crm.intake.rule"].with_user(administrator).with_context(default_source_id=self.source.id)
        with Form(rules) as rule:
            rule.name = "Rest"
            rule.field_id = self.env["ir.model.fields"]._get("crm.lead", "city")
            rule.value = "Gent"
            rule.user_ids.add(self.sales[0])
        self.source.with_user(administrator).write(
            {"promotion": "rule", "promotion_domain": "[('expected_revenue', '>', 0)]"}
        )
        self.assertEqual(self.source.rule_ids.user_ids, self.sales[0])
        officer = self._make_user("intake_officer", "crm_leadintake.group_intake_officer")
        self.assertEqual(self.source.rule_ids.with_user(officer).read(["name", "field_id"])[0]["name"], "Rest")
        with self.assertRaises(AccessError):
            self.source.rule_ids.with_user(officer).name = "Mine"

    def test_rules_take_their_sequences_along(self):
        turns = self._make_rule().turn_sequence_id
        self.env["crm.intake.source"].browse(self.source.copy().id).unlink()
        self.assertTrue(turns.exists())
        self.source.rule_ids.unlink()
        self.assertFalse(turns.exists())

    def test_more_leads_in_a_batch_are_not_more_queries(self):
        self._make_rule(field_id=self.env["ir.model.fields"]._get("crm.lead", "city").id, value="Nowhere")
        self._make_rule()
        self._send()
        counts = []
        for count in (10, 100):
            before = sql_db.sql_counter
            self._send(count)
            counts.append(sql_db.sql_counter - before)
        self.assertLess(counts[1] - counts[0], 45, "no query per lead")


@tagged("post_install", "-at_install")
class TestFairTurns(TransactionCase):
    """With transactions that are committed, as several server processes have them at once."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"no_reset_password": True})
            users = env["res.users"].create([{"name": f"Fair {i}", "login": f"fair_{i}"} for i in range(3)])
            source = env["crm.intake.source"].create({"name": "Fair", "request_limit": 0, "notify": False})
            env["crm.intake.rule"].create(
                {"name": "Fair", "source_id": source.id, "target": "turns", "user_ids": [(6, 0, users.ids)]}
            )
            self.key = env["crm.intake.key"]._generate(source)[0]
            self.source_id, self.user_ids = source.id, users.ids
        self.addCleanup(self._remove)

    def _remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            rows = env["crm.lead.inbox"].search([("source_id", "=", self.source_id)])
            env["crm.lead"].search([("intake_source_id", "=", self.source_id)]).unlink()
            rows.unlink()
            env["crm.intake.source"].browse(self.source_id).unlink()
            users = env["res.users"].browse(self.user_ids)
            partners = users.partner_id
            users.unlink()
            partners.unlink()

    def _hand_in(self, number):
        leads = [{"external_id": f"{number}-{i}", "subject": f"Fair {number} {i}"} for i in range(9)]
        desk.submit(self.registry, desk.ByKey(self.key, "127.0.0.1"), leads, "json")

    def test_eight_at_once_are_as_fair_as_one_after_the_other(self):
        threads = [threading.Thread(target=self._hand_in, args=(number,)) for number in range(8)]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT user_id, count(*) FROM crm_lead WHERE intake_source_id = %s GROUP BY user_id", [self.source_id]
            )
            self.assertEqual(dict(cr.fetchall()), dict.fromkeys(self.user_ids, 24))
            cr.execute("SELECT (assignment->>'turn')::int FROM crm_lead_inbox WHERE source_id = %s", [self.source_id])
            self.assertEqual(sorted(turn for (turn,) in cr.fetchall()), list(range(1, 73)))
