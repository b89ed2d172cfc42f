"""Lead Intake beside the Sales Board: what comes in is on the board, with the company's own fields."""

from odoo.tests import tagged

from odoo.addons.crm_salesboard.tests.common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestLeadIntakeOnTheBoard(SalesBoardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.config.settings"].create({"group_use_lead": True}).execute()
        cls.intake = cls.env["crm.intake.source"].create(
            {"name": "Partner", "team_id": cls.team.id, "user_id": cls.sales.id}
        )

    def _submit(self, *records):
        """Hand records in as a door does, in the transaction of the test."""
        inbox = self.env["crm.lead.inbox"].with_company(self.intake.company_id)
        entries = inbox._accept(self.intake._get_config(self.intake.id), list(records), "json")
        inbox.browse([entry for entry in entries if isinstance(entry, int)])._process_waiting()
        return inbox._get_answers(entries)

    def _lead(self, external_id):
        return self.env["crm.lead.inbox"].search([("external_id", "=", external_id)]).lead_id

    def _define(self, **values):
        definition = self.env["crm.custom.field"].create(values)
        self.addCleanup(self.registry.reset_changes)
        self.registry.clear_cache()
        return definition

    def test_a_lead_that_came_in_waits_unprocessed_on_the_board(self):
        self._submit({"external_id": "B1", "company": "Konex", "email": "buyer@konex.example"})
        lead = self._lead("B1")
        self.assertEqual((lead.type, lead.board_column_id), ("lead", self._column("unprocessed")))
        self.assertEqual((lead.user_id, lead.team_id), (self.sales, self.team))

    def test_custom_fields_and_choices_come_in_by_their_names(self):
        number = self._define(name="Seats", ttype="float")
        segment = self._define(name="Segment", ttype="many2one")
        segment.list_id.choice_ids = [(0, 0, {"name": "Retail"}), (0, 0, {"name": "Wholesale"})]
        answers = self._submit(
            {"external_id": "C1", "email": "a@x.example", number.field_name: 12, segment.field_name: "wholesale"},
            {"external_id": "C2", "email": "b@x.example", segment.field_name: "Moon"},
        )
        self.assertEqual([answer["status"] for answer in answers], ["created", "error"])
        self.assertEqual(answers[1]["problems"][0]["field"], segment.field_name)
        lead = self._lead("C1")
        self.assertEqual((lead[number.field_name], lead[segment.field_name].name), (12, "Wholesale"))

    def test_a_long_text_of_the_company_is_kept_as_it_was_sent(self):
        text = self._define(name="Needs", ttype="text")
        self._submit({"external_id": "C4", "email": "e@x.example", text.field_name: "desks & chairs\n<b>soon</b>"})
        self.assertEqual(self._lead("C4")[text.field_name], "desks & chairs\n‹b>soon‹/b>")

    def test_a_choice_of_another_list_is_none_of_this_one(self):
        segment = self._define(name="Segment", ttype="many2one")
        other = self.env["crm.choice"].search([("list_id", "!=", segment.list_id.id)], limit=1)
        [answer] = self._submit({"external_id": "C3", "email": "c@x.example", segment.field_name: other.name})
        self.assertEqual(answer["status"], "error")

    def test_names_and_values_of_the_partner_are_mapped_to_ours(self):
        segment = self._define(name="Segment", ttype="many2one")
        segment.list_id.choice_ids = [(0, 0, {"name": "Retail"})]
        self.env["crm.intake.mapping"].create(
            {
                "source_id": self.intake.id,
                "external_name": "branch",
                "field_id": segment.field_id.id,
                "value_ids": [(0, 0, {"external_value": "R", "value": "Retail"})],
            }
        )
        [answer] = self._submit({"external_id": "M1", "email": "d@x.example", "branch": "r"})
        self.assertEqual(answer["status"], "created")
        self.assertEqual(self._lead("M1")[segment.field_name].name, "Retail")

    def test_fixed_subjects_and_weights_of_the_process_lose_no_lead(self):
        subjects = self.env["crm.choice.list"].create(
            {"name": "Subjects", "usage": "subject", "choice_ids": [(0, 0, {"name": "Fleet"})]}
        )
        chances = self.env.ref("crm_salesboard.crm_choice_list_chance")
        self.process.write({"subject_list_id": subjects.id, "chance_list_id": chances.id})
        [answer] = self._submit({"external_id": "F1", "subject": "Something else", "email": "e@x.example"})
        self.assertEqual(answer["status"], "created", answer)
        self.assertTrue(self._lead("F1").exists())

    def test_a_partner_learns_of_projects_that_were_won_lost_or_cancelled(self):
        self._submit(*({"external_id": f"S{n}", "email": f"s{n}@x.example"} for n in range(4)))
        leads = [self._lead(f"S{n}") for n in range(4)]
        for lead in leads[1:]:
            lead.convert_opportunity(self.partner)
        self._close(leads[2], "cancelled")
        self._close(leads[3], "order", actual_revenue=5)
        states = self.env["crm.lead.inbox"]._get_status(self.intake.id, [f"S{n}" for n in range(4)])
        self.assertEqual([state["state"] for state in states], ["open", "promoted", "lost", "won"])

    def test_who_comes_again_with_a_restricted_project_gets_no_second_one(self):
        self._submit({"external_id": "R1", "email": "r@x.example"})
        self._lead("R1").is_restricted = True
        [answer] = self._submit({"external_id": "R2", "email": "r@x.example"})
        self.assertEqual(answer["status"], "noted")
