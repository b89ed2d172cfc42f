from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..tools.entry import Entry
from .sales_case import SalesCase


@tagged("post_install", "-at_install")
class TestPromotion(SalesCase):
    """Which leads are projects at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.use_leads = True

    def test_leads_wait_for_a_person_unless_the_source_says_otherwise(self):
        self.assertEqual(self._send().type, "lead")
        self.source.promotion = "always"
        self.assertEqual(self._send().type, "opportunity")

    def test_a_lead_that_meets_the_rule_is_a_project_at_once(self):
        self.source.write({"promotion": "rule", "promotion_domain": "[('expected_revenue', '>=', 1000)]"})
        self._submit(
            [
                {"external_id": "big", "subject": "Big", "email": "a@other.example", "value": 1500},
                {"external_id": "small", "subject": "Small", "email": "b@other.example", "value": 20},
            ]
        )
        big, small = self._leads().sorted("name")
        self.assertEqual((big.type, small.type), ("opportunity", "lead"))
        self.assertTrue(big.date_conversion)
        self.assertTrue(big.stage_id)

    def test_a_later_update_can_make_it_one(self):
        self.source.write({"promotion": "rule", "promotion_domain": "[('expected_revenue', '>=', 1000)]"})
        self._submit([{"external_id": "1", "subject": "Grows", "value": 20}])
        lead = self._leads()
        self.assertEqual(lead.type, "lead")
        self._submit([{"external_id": "1", "subject": "Grows", "value": 5000}])
        self.assertEqual((lead.type, lead.expected_revenue), ("opportunity", 5000))

    def test_a_rule_never_makes_a_project_a_lead_again(self):
        self.source.write({"promotion": "rule", "promotion_domain": "[('expected_revenue', '>=', 1000)]"})
        self._submit([{"external_id": "1", "subject": "Shrinks", "value": 5000}])
        self._submit([{"external_id": "1", "subject": "Shrinks", "value": 20}])
        self.assertEqual(self._leads().type, "opportunity")

    def test_by_hand_it_is_odoos_wizard(self):
        lead = self._send()
        wizard = self.env["crm.lead2opportunity.partner"].with_user(self.leader)
        wizard = wizard.with_context(active_model="crm.lead", active_id=lead.id, active_ids=lead.ids)
        wizard.create({"name": "convert", "action": "create"}).action_apply()
        self.assertEqual(lead.type, "opportunity")

    def test_a_company_without_leads_has_projects_alone(self):
        self.env.ref("base.group_user").implied_ids -= self.env.ref("crm.group_use_lead")
        self.env.ref("crm.group_use_lead").user_ids = [(5,)]
        self.assertEqual(self._send().type, "opportunity")

    def test_a_team_without_leads_has_projects_alone_as_of_mails_to_it(self):
        without = self.env["crm.team"].create({"name": "Without", "use_leads": False})
        self._make_rule(team_id=without.id, postcodes="10")
        self.assertEqual(self._send(zip="1012 AB").type, "opportunity")
        self.assertEqual(self._send(zip="2012 AB").type, "lead")
        self.team.use_leads = False
        self.assertEqual(self._send(zip="2012 AB").type, "opportunity")
        self.source.team_id = False
        self.assertEqual(self._send(zip="2012 AB").type, "lead", "nobody's, of no team")

    def test_teams_are_asked_together_whether_they_have_leads(self):
        teams = self.env["crm.team"].create([{"name": f"Team {number}", "use_leads": True} for number in range(8)])
        entries = [Entry(number, {"subject": "x"}, [], [], team_id=team.id) for number, team in enumerate(teams)]
        self.env.flush_all()
        self.env.invalidate_all()
        Team = self.registry["crm.team"]
        with patch.object(Team, "_fetch_query", autospec=True, side_effect=Team._fetch_query) as fetch:
            self.env["crm.lead.inbox"]._create_leads(self.source._get_config(self.source.id), entries)
        fetched = [{field.name for field in call.args[2]} for call in fetch.call_args_list]
        self.assertEqual(sum("use_leads" in names for names in fetched), 1)

    def test_a_rule_that_leads_cannot_be_searched_by_is_refused(self):
        for domain in ("[('nothing', '=', 1)]", "[(", "nonsense()"):
            with self.subTest(domain), self.assertRaises(ValidationError):
                self.source.write({"promotion": "rule", "promotion_domain": domain})
