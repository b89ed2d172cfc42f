from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.crm_salesboard.hooks import pre_init_hook, uninstall_hook

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestInstall(SalesBoardCase):
    def test_projects_from_before_get_their_date_and_value_when_their_team_is_switched_on(self):
        won = self._make_native_lead()
        won.action_set_won()
        won.date_closed = "2024-03-31 12:00:00"
        opened = self._make_native_lead(date_deadline="2024-05-01")
        leads = won | opened
        self.env.flush_all()
        self.cr.execute(
            SQL(
                """
                UPDATE crm_lead SET date_last_touch = NULL, date_start = NULL, create_date = '2023-12-24' WHERE id IN %s
                """,
                tuple(leads.ids),
            )
        )
        leads.invalidate_recordset()
        pre_init_hook(self.env)
        leads.invalidate_recordset()
        self.assertEqual(leads.mapped("date_last_touch"), leads.mapped("date_last_stage_update"))
        self.assertEqual({str(lead.date_start) for lead in leads}, {"2023-12-24"})
        self.native_team.switch_process(self.process)
        self.assertEqual([str(lead.board_date) for lead in leads], ["2024-03-31", "2024-05-01"])
        self.assertEqual(leads.mapped("actual_revenue"), [1000, 0])

    def test_leaving_gives_native_crm_its_pipeline_back(self):
        native = self._make_native_lead()
        stage = native.stage_id
        self.native_team.switch_process(self.process)
        reason = self.env.ref("crm_salesboard.cancel_reason_budget")
        cancelled = self._close(self._make_lead(), "cancelled", cancel_reason_id=reason.id)
        self.addCleanup(self.registry.reset_changes)
        field = self.env["crm.custom.field"].create({"name": "Segment", "ttype": "char"}).field_name
        chance = self.env.ref("crm_salesboard.crm_choice_chance_50")
        native.write({"chance_id": chance.id, field: "Retail"})
        uninstall_hook(self.env)
        self.env.invalidate_all()
        self.assertFalse(self.env["crm.team"].with_context(active_test=False).search([("process_id", "!=", False)]))
        self.assertEqual(native.stage_id, stage)
        self.assertFalse(
            self.env["crm.lead"].with_context(active_test=False).search([("stage_id.process_id", "!=", False)])
        )
        self.assertFalse(self.prospect.exists())
        self.assertFalse(cancelled.stage_id.process_id)
        self.assertFalse(self.env.ref("crm.crm_menu_root").action)
        self.assertEqual((cancelled.lost_reason_id, cancelled.cancel_reason_id.id), (reason, False))
        self.assertFalse(reason.get_external_id()[reason.id], "a reason in use stays")
        self.assertNotIn(field, self.env["crm.lead"]._fields)
        self.assertFalse(self.env["crm.custom.field"].with_context(active_test=False).search([]))
        self.assertFalse(chance.use_count, "a choice in use could not be removed")
