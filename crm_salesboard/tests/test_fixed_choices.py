from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from odoo.addons.crm_salesboard.models.crm_lead_project import ANY_SUBJECT

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestFixedSubjectsAndWeights(SalesBoardCase):
    """B3: a process may fix the subjects and the weights of its projects, whichever way these are written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("nl_NL")
        cls.subjects = cls.env["crm.choice.list"].create(
            {
                "name": "Subjects",
                "usage": "subject",
                "choice_ids": [
                    Command.create({"name": name, "sequence": at}) for at, name in enumerate(["Fleet", "Printers"])
                ],
            }
        )
        cls.fleet, cls.printers = cls.subjects.choice_ids
        cls.printers.with_context(lang="nl_NL").name = "Afdrukken"
        cls.weights = cls.env["crm.choice.list"].create(
            {
                "name": "Weights",
                "usage": "chance",
                "choice_ids": [
                    Command.create({"name": name, "percentage": weight, "sequence": weight})
                    for name, weight in (("Cold", 10), ("Warm", 40), ("Hot", 90))
                ],
            }
        )
        cls.cold, cls.warm, cls.hot = cls.weights.choice_ids
        cls.free_lead = cls._make_lead(name="Came before", probability=33)
        cls.process.write({"subject_list_id": cls.subjects.id, "chance_list_id": cls.weights.id})
        cls.lead = cls._make_lead(name="Fleet", chance_id=cls.warm.id)
        cls.open = cls._column("status", cls.offer)

    def _as_sales(self, lead):
        return lead.with_user(self.sales)

    # ------------------------------------------------------------
    # Subjects
    # ------------------------------------------------------------

    def test_a_project_has_one_of_the_subjects(self):
        lead = self._as_sales(self.lead)
        self.assertEqual(lead.subject_id, self.fleet)
        lead.name = "printers"
        self.assertEqual(lead.subject_id, self.printers)
        lead.subject_id = self.fleet
        self.assertEqual(lead.name, "Fleet")
        with self.assertRaisesRegex(
            ValidationError, "Ships is not a subject of Standard. Choose one of: Fleet, Printers"
        ):
            lead.name = "Ships"

    def test_a_new_project_has_one_of_the_subjects(self):
        create = self.env["crm.lead"].with_user(self.sales).create
        values = {"type": "opportunity", "team_id": self.team.id, "user_id": self.sales.id}
        self.assertEqual(create({**values, "subject_id": self.printers.id}).name, "Printers")
        self.assertEqual(create({**values, "name": "Fleet"}).subject_id, self.fleet)
        for bad in ({"name": "Ships"}, {"name": "Ships", "subject_id": self.fleet.id}):
            with self.subTest(bad=bad), self.assertRaises(ValidationError), self.cr.savepoint():
                create({**values, **bad})

    def test_the_form_offers_the_subjects(self):
        form = Form(self.env["crm.lead"].with_user(self.sales).with_context(default_type="opportunity"))
        form.team_id = self.team
        self.assertTrue(form.subject_is_fixed)
        form.subject_id = self.printers
        self.assertEqual(form.name, "Printers")
        self.assertEqual(form.save().subject_id, self.printers)

    def test_a_card_that_is_added_offers_the_subjects_of_its_column(self):
        # The manager's own team is another one; that of the column counts.
        self.team.member_ids -= self.manager
        column = self._column("status", self.prospect)
        leads = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .with_context(default_board_column_id=column.id, default_type="opportunity")
        )
        form = Form(leads, view="crm_salesboard.crm_lead_view_form_quick_create")
        self.assertTrue(form.subject_is_fixed)
        form.subject_id = self.printers
        self.assertEqual(form.subject_id, self.printers)
        lead = form.save()
        self.assertEqual((lead.name, lead.board_column_id, lead.subject_id), ("Printers", column, self.printers))

    def test_a_subject_is_known_in_every_language(self):
        lead = self._as_sales(self.lead).with_context(lang="nl_NL")
        lead.name = "Afdrukken"
        self.assertEqual(lead.subject_id, self.printers)
        lead.with_context(lang="en_US").name = "Printers"
        self.assertEqual(lead.subject_id, self.printers)
        with self.assertRaisesRegex(ValidationError, "Fleet, Afdrukken"):
            lead.name = "Schepen"

    def test_an_import_lists_the_rows_with_other_subjects(self):
        result = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .load(
                ["name", "type", "team_id/.id"],
                [["Fleet", "Opportunity", str(self.team.id)], ["Ships", "Opportunity", str(self.team.id)]],
            )
        )
        self.assertFalse(result["ids"])
        self.assertIn(1, [message["record"] for message in result["messages"]])
        self.assertIn("Ships is not a subject of Standard", result["messages"][-1]["message"])

    def test_what_came_before_keeps_its_words_until_it_gets_others(self):
        lead = self._as_sales(self.free_lead)
        self.assertFalse(lead.subject_id)
        lead.write({"expected_revenue": 5, "board_column_id": self.open.id})
        with Form(lead) as form:
            form.expected_revenue = 6
        self.assertEqual(lead.name, "Came before")
        with self.assertRaises(ValidationError):
            lead.name = "Came later"

    def test_what_is_not_qualified_keeps_its_words_and_chooses_on_the_way_to_a_status(self):
        waiting = self._make_lead(name="Question", board_column_id=self._column("unprocessed").id)
        lead = self._as_sales(waiting)
        lead.name = "Question about ships"
        with self.assertRaisesRegex(ValidationError, "Choose one of"), self.cr.savepoint():
            lead.board_column_id = self.open
        lead.write({"subject_id": self.fleet.id, "board_column_id": self.open.id})
        self.assertEqual((lead.name, lead.board_column_id), ("Fleet", self.open))

    def test_a_lead_chooses_its_subject_when_it_is_converted(self):
        lead = self._as_sales(self._make_lead(name="Question", type="lead"))
        self.assertEqual(lead.board_column_id.kind, "unprocessed")
        with self.assertRaisesRegex(ValidationError, "Choose one of"), self.cr.savepoint():
            lead.convert_opportunity(self.partner)
        lead.name = "Fleet"
        lead.convert_opportunity(self.partner)
        self.assertEqual((lead.type, lead.subject_id), ("opportunity", self.fleet))

    def test_an_email_is_not_lost_for_its_subject(self):
        message = {"subject": "Re: ships", "from": "someone@example.com", "message_type": "email"}
        custom = {"team_id": self.team.id, "type": "opportunity"}
        lead = self.env["crm.lead"].with_user(self.manager).message_new(message, custom)
        self.assertEqual(lead.name, "Re: ships")
        self.assertFalse(lead.env.context.get("crm_any_subject"))

    def test_assigning_leads_by_rules_is_not_stopped_by_a_subject(self):
        lead = self._make_lead(name="Question", type="lead", user_id=False)
        self.team.with_user(self.manager)._action_assign_leads(force_quota=True)
        with self.assertRaisesRegex(ValidationError, "Choose one of"), self.cr.savepoint():
            # What a program can send does not let it off.
            lead.with_context(crm_any_subject=True).with_user(self.manager).convert_opportunity(self.partner)
        lead.with_context(crm_any_subject=ANY_SUBJECT).with_user(self.manager).convert_opportunity(self.partner)
        self.assertEqual((lead.type, lead.name), ("opportunity", "Question"))

    def test_a_project_of_another_team_keeps_its_words(self):
        lead = self._make_native_lead(name="Ships", probability=33).with_user(self.manager)
        lead.team_id = self.team
        self.assertEqual((lead.name, lead.subject_id.id), ("Ships", False))

    def test_renaming_a_subject_renames_its_projects(self):
        self.fleet.with_user(self.manager).name = "Cars"
        self.assertEqual((self.lead.name, self.lead.subject_id), ("Cars", self.fleet))
        self.fleet.with_user(self.manager).with_context(lang="nl_NL").name = "Wagens"
        self.assertEqual(self.lead.name, "Cars")

    def test_an_archived_subject_stays_on_its_project(self):
        self.fleet.active = False
        lead = self._as_sales(self.lead)
        lead.write({"name": "Fleet", "expected_revenue": 3})
        self.assertEqual(lead.subject_id, self.fleet)
        with self.assertRaises(ValidationError):
            self._as_sales(self.free_lead).name = "Fleet"

    # ------------------------------------------------------------
    # Weights
    # ------------------------------------------------------------

    def test_a_project_has_one_of_the_weights(self):
        lead = self._as_sales(self.lead)
        self.assertEqual(lead.probability, 40)
        lead.chance_id = self.hot
        self.assertEqual(lead.probability, 90)
        lead.probability = 10
        self.assertEqual(lead.chance_id, self.cold)
        with self.assertRaisesRegex(ValidationError, "A weight of 50 % is not one of Standard.*10 %, 40 %, 90 %"):
            lead.probability = 50
        with self.assertRaisesRegex(ValidationError, "is not offered as"):
            lead.chance_id = self.env.ref("crm_salesboard.crm_choice_list_chance").choice_ids[2]

    def test_without_a_weight_a_project_gets_the_nearest(self):
        lead = self._make_lead(name="Fleet")
        self.assertIn(lead.chance_id, self.weights.choice_ids)
        self.assertEqual(lead.probability, lead.chance_id.percentage)

    def test_with_fixed_weights_a_chance_is_not_emptied(self):
        self._as_sales(self.lead).chance_id = False
        self.env.flush_all()
        self.assertEqual((self.lead.chance_id, self.lead.probability), (self.warm, 40))

    def test_a_project_from_another_team_gets_the_nearest_weight(self):
        lead = self._make_native_lead(name="Fleet", probability=33).with_user(self.manager)
        lead.team_id = self.team
        self.assertEqual((lead.probability, lead.chance_id), (40, self.warm))

    def test_what_came_before_keeps_its_weight_until_it_moves(self):
        lead = self._as_sales(self.free_lead)
        lead.expected_revenue = 7
        self.assertEqual((lead.probability, lead.chance_id.id), (33, False))
        lead.board_column_id = self.open
        self.assertEqual((lead.probability, lead.chance_id), (40, self.warm))

    def test_what_waits_gets_a_weight_with_its_status(self):
        lead = self._as_sales(self._make_lead(name="Fleet", board_column_id=self._column("unprocessed").id))
        lead.board_column_id = self.open
        self.assertIn(round(lead.probability, 2), [10, 40, 90])
        self.assertEqual(lead.chance_id.list_id, self.weights)

    def test_a_reopened_project_has_one_of_the_weights(self):
        lead = self._as_sales(self.lead)
        lead.board_column_id = self._column("order")
        self.assertEqual(lead.probability, 100)
        lead.action_reopen()
        self.assertEqual((lead.probability, lead.chance_id), (40, self.warm))

    def test_closing_is_not_held_to_the_weights(self):
        for kind in ("lost", "cancelled", "order"):
            self.assertEqual(self._close(self._make_lead(name="Fleet"), kind).board_column_id.kind, kind)

    def test_an_archived_weight_stays_on_its_project(self):
        self.warm.active = False
        lead = self._as_sales(self.lead)
        lead.write({"probability": 40, "expected_revenue": 2})
        self.assertEqual(lead.chance_id, self.warm)
        with self.assertRaises(ValidationError):
            self._as_sales(self._make_lead(name="Fleet", chance_id=self.cold.id)).probability = 40

    # ------------------------------------------------------------
    # The process
    # ------------------------------------------------------------

    def test_a_process_takes_lists_of_the_right_kind(self):
        process = self.process.with_user(self.manager)
        for values in ({"subject_list_id": self.weights.id}, {"chance_list_id": self.subjects.id}):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, "another kind"):
                process.write(values)

    def test_an_empty_list_leaves_the_choice_free(self):
        empty = self.env["crm.choice.list"].create({"name": "Empty", "usage": "chance"})
        none = self.env["crm.choice.list"].create({"name": "None", "usage": "subject"})
        self.process.write({"chance_list_id": empty.id, "subject_list_id": none.id})
        lead = self._as_sales(self.lead)
        lead.write({"name": "Ships", "probability": 33})
        self.assertFalse(lead.weight_is_fixed or lead.subject_is_fixed)

    def test_projects_find_their_choices_when_a_process_gets_lists(self):
        self.process.write({"subject_list_id": False, "chance_list_id": False})
        self.assertFalse(self.lead.subject_id)
        self.process.write({"subject_list_id": self.subjects.id, "chance_list_id": self.weights.id})
        self.assertEqual((self.lead.subject_id, self.lead.chance_id), (self.fleet, self.warm))
        self.team.switch_process(self.env["crm.process"])
        self.assertFalse(self.lead.subject_id)

    def test_many_projects_are_held_to_the_lists_without_a_query_each(self):
        def write_all(count):
            leads = self.env["crm.lead"].create(
                [{"name": "Fleet", "type": "opportunity", "team_id": self.team.id} for _ in range(count)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            leads.with_user(self.manager).write({"chance_id": self.hot.id, "subject_id": self.printers.id})
            self.env.flush_all()
            return self.cr.sql_log_count - before

        write_all(2)
        self.assertLessEqual(write_all(60) - write_all(10), 10)
