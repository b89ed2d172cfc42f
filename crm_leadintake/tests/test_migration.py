from odoo.modules.migration import load_script
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path, sql


@tagged("post_install", "-at_install")
class TestMigration(TransactionCase):
    def test_indexes_of_the_inbox_that_nothing_uses_any_more_go_and_the_others_stay(self):
        names = ["crm_lead_inbox__company_id_index", "crm_lead_inbox__state_index"]
        for name, column in zip(names, ("company_id", "state"), strict=True):
            sql.create_index(self.cr, name, "crm_lead_inbox", [column])
        script = "crm_leadintake/migrations/19.0.1.0.1/post-migrate.py"
        load_script(file_path(script), script.replace("/", "_").removesuffix(".py")).migrate(self.cr, "19.0.1.0.0")
        self.assertFalse([name for name in names if sql.index_exists(self.cr, name)])
        self.assertTrue(sql.index_exists(self.cr, "crm_lead_inbox__source_id_index"))
