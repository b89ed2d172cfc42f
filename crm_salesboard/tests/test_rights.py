from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestRights(SalesBoardCase):
    def test_an_outsider_gets_nothing_of_the_sale(self):
        for call in (
            lambda leads: leads.get_salesboard([]),
            lambda leads: leads.search([]),
        ):
            with self.assertRaises(AccessError):
                call(self.env["crm.lead"].with_user(self.outsider))

    def test_what_takes_records_is_not_offered_over_rpc(self):
        with self.assertRaises(AccessError):
            get_public_method(self.team, "switch_process")
        for model in ("crm.lead", "crm.team", "crm.process", "crm.stage", "crm.process.column"):
            for name in dir(type(self.env[model])):
                method = getattr(type(self.env[model]), name)
                if name.startswith("_") or "crm_salesboard" not in getattr(method, "__module__", ""):
                    continue
                with self.subTest(f"{model}.{name}"):
                    self.assertTrue(method.__doc__ or name in ("create", "write", "unlink", "copy_data"))

    def test_a_colleagues_project_is_out_of_reach_by_every_way_of_the_board(self):
        lead = self._make_lead(user_id=self.other.id)
        column = lead.board_column_id
        theirs = lead.with_user(self.sales)
        ways = {
            "move": lambda: theirs.write({"board_column_id": self._column("status", self.offer).id}),
            "order": lambda: (
                self.env["crm.lead.order"].with_user(self.sales).create({"lead_id": lead.id}).action_apply()
            ),
            "lost": lambda: theirs.action_set_lost(lost_reason_id=self.reason.id),
            "cancelled": lambda: theirs.action_set_cancelled(cancel_reason_id=self.cancel_reason.id),
            "reopen": lambda: theirs.action_reopen(),
            "undo": lambda: theirs.action_undo_move(False, column.id),
        }
        for name, way in ways.items():
            with self.subTest(name), mute_logger("odoo.addons.base.models.ir_rule"):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    way()
                self.env.invalidate_all()
                self.assertEqual(lead.board_column_id, column)

    def test_the_dialog_of_closing_tells_nothing_of_a_project_that_is_not_ones_own(self):
        lead = self._make_lead(user_id=self.other.id, expected_revenue=4711)
        wizards = self.env["crm.lead.order"].with_user(self.sales)
        spec = {name: {} for name in ("lead_id", "expected_revenue", "ordered_revenue", "actual_revenue")}
        for ask in (
            lambda: wizards.create({"lead_id": lead.id}).read(["expected_revenue", "ordered_revenue"]),
            lambda: wizards.onchange({"lead_id": lead.id}, ["lead_id"], spec),
        ):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                ask()

    def test_only_a_manager_switches_and_only_teams_of_the_own_companies(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        team = self.env["crm.team"].create({"name": "Elsewhere", "company_id": company.id})
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            team.with_user(self.manager).write({"process_id": self.process.id})
        with self.assertRaises(AccessError):
            self.native_team.with_user(self.all_leads).write({"process_id": self.process.id})
        with self.assertRaises(AccessError):
            self.team.with_user(self.sales).action_leave_process()

    def test_a_process_of_one_company_is_no_process_for_the_teams_of_another(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        process = self.process.copy({"company_id": company.id})
        self.assertFalse(self.env["crm.process"].with_user(self.manager).search([("id", "=", process.id)]))
        self.assertFalse(self.env["crm.process.column"].with_user(self.sales).search([("process_id", "=", process.id)]))
        here = self.env["crm.team"].create({"name": "Here", "company_id": self.env.company.id})
        with self.assertRaises(UserError):
            here.process_id = process
