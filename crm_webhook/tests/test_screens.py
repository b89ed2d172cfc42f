from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import ReceiverCase


class WebhookScreen(HttpCase, ReceiverCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin.group_ids |= cls.env.ref("sales_team.group_sale_manager")

    def _make_parked(self):
        self.webhook.name = "Tour receiver"
        self._make_leads("Fleet 0", "Fleet 1")
        self._end_transaction()
        rows = self.deliveries.search([])
        rows.write({"state": "parked", "error": "silent"})
        return rows


@tagged("post_install", "-at_install")
class TestScreens(WebhookScreen):
    @mute_logger("odoo.http")  # an address that is refused
    def test_a_webhook_is_set_up_its_secret_shown_once_and_tried_out(self):
        self.webhook.unlink()
        self.start_tour(f"/odoo/crm?receiver={self.receiver.url}", "crm_webhook_set_up", login="cast_admin", timeout=90)
        webhook = self.env["crm.webhook"].search([])
        self.assertEqual(
            (webhook.name, webhook.url, webhook.on_project_won), ("Tour receiver", self.receiver.url, True)
        )
        self.assertEqual([event for event, _name in self.receiver.events], ["test"])

    def test_what_was_parked_is_sent_again_from_the_list(self):
        rows = self._make_parked()
        self.start_tour("/odoo/crm", "crm_webhook_send_again", login="cast_admin", timeout=90)
        self.assertEqual(set(rows.mapped("state")), {"waiting"})

    def test_a_sales_manager_opens_every_view_and_is_offered_nothing_to_change(self):
        self._make_parked()
        for model in ("crm.webhook", "crm.webhook.delivery"):
            views = (
                self.env[model]
                .with_user(self.manager)
                .get_views([(False, kind) for kind in ("list", "kanban", "form", "search")])
            )
            for kind, view in views["views"].items():
                with self.subTest(model=model, kind=kind):
                    for name in ("action_new_secret", "action_send_test", "action_send_again", "url", "payload"):
                        self.assertNotIn(f'name="{name}"', view["arch"])


@tagged("post_install", "-at_install")
class TestPhone(WebhookScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_the_log_is_read_on_a_phone(self):
        self._make_parked()
        self.start_tour("/odoo/crm-webhooks", "crm_webhook_phone", login="cast_admin", timeout=90)
