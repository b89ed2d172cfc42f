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
