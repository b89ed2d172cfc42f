from odoo import Command
from odoo.addons.crm_salesboard.models.crm_lead_project import ANY_SUBJECT
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestChance(SalesBoardCase):
    """A chance carries its percentage: it sets the weight, and the weight finds its chance."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chances = cls.env.ref("crm_salesboard.crm_choice_list_chance")
        by_weight = {chance.percentage: chance for chance in cls.chances.choice_ids}
        cls.half, cls.quarter = by_weight[50], by_weight[25]
        cls.lead = cls._make_lead(automated_probability=1)
        cls.lead.probability = 12

    def test_a_chance_sets_the_weight_and_a_weight_its_chance(self):
        lead = self.lead.with_user(self.sales)
        lead.chance_id = self.half
        self.assertEqual((lead.probability, lead.prorated_revenue), (50, 500))
        lead.probability = 25
        self.assertEqual(lead.chance_id, self.quarter)
        lead.probability = 33
        self.assertFalse(lead.chance_id)
        self.assertEqual(lead.probability, 33)

    def test_a_project_is_made_with_a_chance(self):
        lead = self._make_lead(chance_id=self.half.id)
        self.assertEqual((lead.probability, lead.chance_id), (50, self.half))
        in_column = self.env["crm.lead"].with_context(default_chance_id=self.quarter.id, default_team_id=self.team.id)
        self.assertEqual(in_column.create({"name": "From a column"}).probability, 25)

    def test_the_form_shows_the_weight_of_the_chance_at_once(self):
        with Form(self.lead.with_user(self.sales)) as form:
            form.chance_id = self.half
            self.assertEqual(form.probability, 50)
            form.probability = 25
            self.assertEqual(form.chance_id, self.quarter)
            form.probability = 26
            self.assertFalse(form.chance_id)
        self.assertEqual(self.lead.probability, 26)

    def test_a_chance_and_another_weight_are_refused_together(self):
        with self.assertRaisesRegex(ValidationError, "50 % stands for a weight of 50 %, and 60 % was given"):
            self.lead.with_user(self.sales).write({"chance_id": self.half.id, "probability": 60})
        self.lead.write({"chance_id": self.half.id, "probability": "50"})
        self.assertEqual(self.lead.chance_id, self.half)

    def test_a_chance_is_emptied_without_losing_the_weight(self):
        self.lead.chance_id = self.half
        self.lead.with_user(self.sales).chance_id = False
        self.env.flush_all()
        self.assertEqual((self.lead.probability, self.lead.chance_id.id), (50, False))

    def test_an_estimate_has_no_chance(self):
        self.lead.chance_id = self.half
        self.lead.automated_probability = 50
        self.lead._write_native({"probability": 25, "automated_probability": 25})
        self.assertFalse(self.lead.chance_id)

    def test_an_estimate_by_the_nightly_job_takes_its_chance_along(self):
        self.lead.chance_id = self.half
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET probability = 12, automated_probability = 12 WHERE id = %s", [self.lead.id]
        )
        self.env.invalidate_all()
        self.env["crm.lead"]._update_automated_probabilities()
        self.assertFalse(self.lead.chance_id)

    def test_reopening_brings_back_the_very_chance(self):
        twin = self.env["crm.choice"].create({"list_id": self.chances.id, "name": "Gut feeling", "percentage": 50})
        for kind in ("lost", "cancelled", "order"):
            with self.subTest(kind=kind):
                lead = self._make_lead(chance_id=twin.id)
                self._close(lead, kind)
                self.env.flush_all()
                self.assertEqual(lead.chance_id, twin, "what was thought of it remains known")
                self.assertEqual(lead.probability, 100 if kind == "order" else 0)
                lead.with_user(self.sales).action_reopen()
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertEqual((lead.chance_id, lead.probability), (twin, 50))

    def test_undo_brings_back_the_chance(self):
        lead = self._make_lead(chance_id=self.half.id).with_user(self.sales)
        before = lead.board_column_id
        lead.write({"board_column_id": self._column("order").id})
        lead.action_undo_move(before.id, lead.board_column_id.id)
        self.assertEqual((lead.chance_id, lead.probability), (self.half, 50))

    def test_the_chance_of_a_closed_project_is_corrected_without_reopening_it(self):
        closed = self._close(self._make_lead(), "lost")
        (closed | self.lead).with_user(self.manager).write({"chance_id": self.half.id})
        self.assertEqual((closed.won_status, closed.probability, closed.chance_id), ("lost", 0, self.half))
        self.assertEqual(self.lead.probability, 50)
        won = self._make_lead(chance_id=self.half.id, board_column_id=self._column("order").id)
        self.assertEqual((won.won_status, won.probability, won.chance_id), ("won", 100, self.half))

    def test_reopening_with_a_chance_takes_its_weight(self):
        closed = self._close(self._make_lead(chance_id=self.quarter.id), "lost")
        closed.write({"board_column_id": self._column("status", self.offer).id, "chance_id": self.half.id})
        self.assertEqual((closed.won_status, closed.probability, closed.chance_id), ("pending", 50, self.half))

    def test_open_projects_follow_a_chance_that_is_given_another_weight(self):
        self.lead.chance_id = self.half
        closed = self._close(self._make_lead(chance_id=self.half.id), "lost")
        self.half.with_user(self.manager).percentage = 55
        self.assertEqual((self.lead.probability, self.lead.chance_id), (55, self.half))
        self.assertEqual((closed.probability, closed.chance_id), (0, self.half))

    def test_a_copy_is_weighed_and_dated_anew(self):
        self.lead.write({"chance_id": self.half.id, "date_start": "2020-01-01"})
        copy = self.lead.copy()
        self.assertFalse(copy.chance_id)
        self.assertNotEqual(str(copy.date_start), "2020-01-01")

    def test_projects_of_native_teams_have_chances_too(self):
        lead = self._make_native_lead(chance_id=self.half.id)
        self.assertEqual(lead.probability, 50)
        lead.action_set_lost()
        lead.action_unarchive()
        self.env.flush_all()
        self.assertNotEqual((lead.probability, lead.chance_id), (0, self.half))

    def test_imported_projects_have_their_chance_by_name(self):
        result = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .load(
                ["name", "chance_id", "kind_id"],
                [["One", "50 %", "Renewal"], ["Two", "25 %", ""]],
            )
        )
        self.assertFalse(result["messages"])
        one, two = self.env["crm.lead"].browse(result["ids"])
        self.assertEqual((one.probability, one.kind_id.name, two.probability), (50, "Renewal", 25))

    def test_an_import_of_unknown_choices_says_which_and_imports_nothing(self):
        before = self.env["crm.lead"].search_count([])
        result = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .load(["name", "kind_id"], [["One", "Renewal"], ["Two", "No such kind"]])
        )
        self.assertFalse(result["ids"])
        self.assertEqual([(m["record"], m["field"]) for m in result["messages"]], [(1, "kind_id")])
        self.assertIn("No such kind", result["messages"][0]["message"])
        self.assertEqual(self.env["crm.lead"].search_count([]), before)


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
