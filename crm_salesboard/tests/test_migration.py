from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import SQL, file_path

from ..wizards.crm_private_customers import RULES
from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestMigration(SalesBoardCase):
    """Rows as former versions left them, and what becomes of them."""

    def _migrate(self, script, version):
        self.env.flush_all()
        load_script(file_path(script), script.replace("/", "_").removesuffix(".py")).migrate(self.env.cr, version)
        self.env.invalidate_all()

    def test_ready_made_fields_and_chances_of_weights_come_to_who_had_neither(self):
        self.addCleanup(self.registry.reset_changes)
        presets = self.env["crm.custom.field"].with_context(active_test=False)
        presets.search([("placeholder", "!=", False)]).with_context(crm_custom_field_values_go=True).unlink()
        half = self._make_lead(probability=50)
        other = self._make_lead(probability=43)
        self.env.flush_all()
        self.cr.execute(SQL("UPDATE crm_lead SET chance_id = NULL WHERE id IN %s", (half | other)._ids))
        self._migrate("crm_salesboard/migrations/19.0.1.1.0/pre-migrate.py", "19.0.1.0.0")
        self._migrate("crm_salesboard/migrations/19.0.1.1.0/post-migrate.py", "19.0.1.0.0")
        self.assertEqual(len(presets.search([("placeholder", "!=", False)])), 9)
        self.assertEqual(half.chance_id, self.env.ref("crm_salesboard.crm_choice_chance_50"))
        self.assertFalse(other.chance_id)

    def test_columns_that_are_not_there_yet_are_made_before_odoo_would_fill_them_project_by_project(self):
        self.env.flush_all()
        self.cr.execute("ALTER TABLE crm_lead DROP COLUMN subject_id")
        self._migrate("crm_salesboard/migrations/19.0.1.1.0/pre-migrate.py", "19.0.1.0.0")
        self.cr.execute("SELECT subject_id FROM crm_lead LIMIT 1")

    def test_where_customers_are_private_what_came_later_is_too(self):
        rules = self.env["ir.rule"].union(*(self.env.ref(rule) for rule in RULES))
        for private in (True, False):
            with self.subTest(private=private):
                rules.active = not private
                rules[0].active = private
                self._migrate("crm_salesboard/migrations/19.0.1.3.0/post-migrate.py", "19.0.1.2.0")
                self.assertEqual(rules.mapped("active"), [private] * len(rules))

    def test_a_move_that_was_taken_back_is_marked_as_the_one_that_took_it_back(self):
        lead, other = self._make_lead(), self._make_lead()
        for project in (lead, other):
            project.board_column_id = self._column("status", self.offer)
            project.board_column_id = self._column("status", self.prospect)
        self.env.flush_all()
        moves = lead.move_ids.sorted("id")
        first, second = moves[-2:]
        self.cr.execute(SQL("UPDATE crm_lead_move SET undone = (id = %s)", second.id))
        self._migrate("crm_salesboard/migrations/19.0.1.4.0/post-migrate.py", "19.0.1.3.0")
        self.assertEqual([first.undone, second.undone], [True, True])
        self.assertFalse((moves[:-2] | other.move_ids).filtered("undone"))
