from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from .sms_gateway import Gateway, gateway_class
from .test_sales_board_screen import SalesBoardScreen


class SmsScreen(SalesBoardScreen):
    """Two customers with a mobile number, one with a landline and one without a number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process.allow_sms = True
        country = cls.env.ref("base.nl").id
        phones = {"First": "+31612340001", "Second": "+31612340002", "Landline": "+31205550100", "Silent": False}
        for name, phone in phones.items():
            partner = cls.env["res.partner"].create({"name": name, "phone": phone, "country_id": country})
            cls._make_project(name, "status", "Prospect", 100, 20, partner_id=partner.id, owner=cls.sales)

    def setUp(self):
        super().setUp()
        self.gateway = Gateway()
        self.addCleanup(self.gateway.stop)
        api_class = gateway_class(self.gateway.url)
        self.patch(type(self.env["res.company"]), "_get_sms_api_class", lambda company: api_class)

    def _run_job(self):
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["crm.sms.sending"]._send_waiting()
        self.env.invalidate_all()

    def _numbers(self):
        return sorted(number for number, _text in self.gateway.received)


@tagged("post_install", "-at_install")
class TestSmsScreen(SmsScreen):
    def test_who_gets_it_is_shown_then_it_is_sent_and_what_became_of_it_is_shown(self):
        self.start_tour("/odoo/sales-board", "salesboard_sms", login="board_sales")
        self.assertFalse(self.gateway.received, "The job sends, not the button")
        self.gateway.script = ["answer_for_some"]
        self._run_job()
        self.assertEqual(self._numbers(), ["+31612340001", "+31612340002"])
        self.start_tour(
            "/odoo/action-crm_salesboard.crm_sms_sending_action", "salesboard_sms_sent", login="board_sales"
        )
        self._run_job()
        self.assertEqual(len(self.gateway.received), 2)

    def test_the_menu_offers_it_only_where_the_process_allows_it(self):
        self.process.allow_sms = False
        self.sales.group_ids += self.env.ref("base.group_allow_export")  # so that there is a menu
        self.start_tour("/odoo/sales-board", "salesboard_sms_not_allowed", login="board_sales")

    def test_delivery_reports_over_http_may_come_twice(self):
        lead = self.env["crm.lead"].with_user(self.sales)
        action = lead.action_salesboard_sms([("team_id", "=", self.team.id)])
        sending = self.env["crm.sms.sending"].with_user(self.sales).browse(action["res_id"])
        sending.body = "Open day"
        sending.action_send()
        self.gateway.script = ["hang_up"]
        self.env.flush_all()
        self._run_job()
        waiting = sending.recipient_ids.filtered(lambda recipient: recipient.state == "uncertain")
        self.assertEqual(len(waiting), 2)
        for _time in range(2):
            self.make_jsonrpc_request(
                "/sms/status", {"message_statuses": [{"sms_status": "delivered", "uuids": waiting.mapped("uuid")}]}
            )
        self.env.invalidate_all()
        self.assertEqual(waiting.mapped("state"), ["delivered"] * 2)


@tagged("post_install", "-at_install")
class TestSmsPhone(SmsScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_it_is_sent_on_a_phone(self):
        self.start_tour("/odoo/sales-board", "salesboard_sms_phone", login="board_sales")
        self._run_job()
        self.assertEqual(self._numbers(), ["+31612340001", "+31612340002"])
