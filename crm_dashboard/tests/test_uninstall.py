from odoo.tests import TransactionCase, tagged

from ..hooks import uninstall_hook


@tagged("post_install", "-at_install")
class TestUninstall(TransactionCase):
    def setUp(self):
        super().setUp()
        self.group = self.env.ref("crm_dashboard.spreadsheet_dashboard_group_crm")

    def test_the_group_of_dashboards_goes_where_only_ours_are_in_it(self):
        # those of other addons of ours, that go before this one
        ours = self.env["ir.model.data"].search(
            [("model", "=", "spreadsheet.dashboard"), ("module", "=", "crm_dashboard")]
        )
        dashboards = self.env["spreadsheet.dashboard"].browse(ours.mapped("res_id"))
        (self.group.with_context(active_test=False).dashboard_ids - dashboards).unlink()
        uninstall_hook(self.env)
        self.assertTrue(self.group.get_external_id()[self.group.id])

    def test_the_group_stays_with_a_dashboard_of_the_companys_own(self):
        own = self.env["spreadsheet.dashboard"].create({"name": "Ours", "dashboard_group_id": self.group.id})
        uninstall_hook(self.env)
        self.assertEqual(own.dashboard_group_id, self.group)
        self.assertFalse(self.group.get_external_id()[self.group.id], "Odoo deletes what has an external id")

    def test_no_index_of_ours_stays_on_a_column_of_the_boards(self):
        uninstall_hook(self.env)
        self.cr.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'crm_lead_move__to_column_id_index'")
        self.assertEqual(self.cr.fetchall(), [])
