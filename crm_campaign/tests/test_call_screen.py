from odoo import Command
from odoo.tests import tagged

from odoo.addons.crm_salesboard.tests.test_sales_board_keyboard import axe_core
from odoo.addons.crm_salesboard.tests.test_sales_board_screen import SalesBoardScreen


class CallScreen(SalesBoardScreen):
    """Three calls that a salesperson is to make, on a server that hands out axe-core."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env.company
        cls.people = cls.env["res.partner"].create(
            [
                {"name": f"Tour Call {name}", "phone": f"+49 151 2300000{number}", "email": f"call{number}@example.com"}
                for number, name in enumerate(("One", "Two", "Three"), start=1)
            ]
        )
        cls.campaign = cls.env["utm.campaign"].create({"title": "Tour fair", "company_id": company.id})
        cls.env["crm.campaign.member"].create(
            [
                {"campaign_id": cls.campaign.id, "company_id": company.id, "partner_id": partner.id}
                for partner in cls.people
            ]
        )
        cls.step = cls.env["crm.campaign.step"].create(
            {
                "campaign_id": cls.campaign.id,
                "company_id": company.id,
                "name": "Calls",
                "channel": "phone",
                "activity_summary": "Invite",
                "activity_note": "<p>Remind them of the <b>free ticket</b>.</p>",
                "user_ids": [Command.create({"user_id": cls.sales.id})],
            }
        )
        cls.step.action_start()
        for _chunk in range(2):  # who calls, and that all of them are shared out
            cls.step.sudo()._share_out_chunk({})
        cls.step.dispatch_ids.activity_id.date_deadline = "2024-05-01"
        cls.env["ir.attachment"].create(
            {
                "name": "axe.min.js",
                "url": "/crm_salesboard/axe.min.js",
                "raw": axe_core(),
                "mimetype": "text/javascript",
                "public": True,
            }
        )

    def _said(self):
        self.env.invalidate_all()
        return {call.member_id.name: call.result_id.name for call in self.step.dispatch_ids}


@tagged("post_install", "-at_install")
class TestCallScreen(CallScreen):
    def test_a_salesperson_calls_one_after_the_other(self):
        self.start_tour("/odoo/campaign-calls", "campaign_calls", login="board_sales", timeout=120)
        self.assertEqual(
            self._said(),
            {"Tour Call One": "Interested", "Tour Call Two": "Wrong number", "Tour Call Three": "Not interested"},
        )
        self.assertEqual(self.step.state, "done")
        calls = self.env["crm.call"].search([("campaign_dispatch_id.step_id", "=", self.step.id)])
        self.assertEqual((len(calls), calls.user_id), (4, self.sales))
        self.assertIn("Interested: Comes on Friday", calls.mapped("note"))


@tagged("post_install", "-at_install")
class TestCallPhone(CallScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_salesperson_calls_on_a_phone(self):
        self.start_tour("/odoo/campaign-calls", "campaign_calls_phone", login="board_sales", timeout=120)
        self.assertEqual(self._said()["Tour Call One"], "Not interested")
