from uuid import uuid4

from odoo import api, fields, models

from ..tools import sender, signature
from .crm_webhook import OVERLAP, TEST_EVENT


class CrmWebhook(models.Model):
    """What an administrator does with a webhook: make a secret, try it out, send again what was parked."""

    _inherit = "crm.webhook"

    def action_new_secret(self):
        """Make a secret and show it, this one time; the one before goes on for a day.

        The secret goes to the browser and nowhere else: not into a log, an address or a message.
        """
        self.ensure_one()
        self.check_access("write")
        webhook = self.sudo()  # sudo: secrets are for server code, and who asks may write the webhook
        now = fields.Datetime.now()
        secret = signature.generate()
        webhook.write(
            {
                # one that was shown to nobody is worth nothing
                "former_secret": webhook.secret_date and webhook.secret,
                "former_secret_until": now + OVERLAP,
                "secret": secret,
                "secret_date": now,
            }
        )
        return {
            "type": "ir.actions.client",
            "tag": "crm_webhook.show_secret",
            "target": "new",
            "params": {"secret": secret, "webhook_name": self.name},
        }

    def action_send_test(self):
        """Send something at once, and say what the receiver answered.

        The user has asked for it, and waits for as long as a receiver may take.
        """
        self.ensure_one()
        self.check_access("write")
        # sudo: nobody writes the log but this, which has checked who asks
        delivery = self.env["crm.webhook.delivery"].sudo().create(self._prepare_test())
        outcome = sender.send(self._get_receiver(), delivery._get_message())
        delivery._note_test(outcome)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if outcome.is_delivered else "danger",
                "title": self.env._("Test of %(name)s", name=self.name),
                "message": self._describe_test(outcome),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _prepare_test(self):
        uuid = str(uuid4())
        envelope = self.env["crm.webhook.delivery"]._prepare_envelope(uuid, TEST_EVENT, {"webhook": self.name})
        return {
            "webhook_id": self.id,
            "event": TEST_EVENT,
            "company_id": self.company_id.id,
            "uuid": uuid,
            "payload": self.env["crm.webhook.delivery"]._as_text(envelope),
            "state": "parked",  # it is tried once, by the user
        }

    def _describe_test(self, outcome):
        _ = self.env._
        if outcome.is_delivered:
            return _("Delivered: %(status)s after %(time)s ms.", status=outcome.status, time=outcome.milliseconds)
        if outcome.status:
            return _("The receiver answered %(status)s.", status=outcome.status)
        return self._describe_error(outcome.error)

    def action_send_parked(self):
        """Send again all that was parked of these webhooks."""
        self.check_access("write")
        # sudo: it is sent as it would have been, whichever projects the administrator may see
        parked = self.env["crm.webhook.delivery"].sudo()
        domain = [("webhook_id", "in", self.ids), ("state", "=", "parked"), ("event", "!=", TEST_EVENT)]
        return parked.search(domain)._send_again()

    def action_view_deliveries(self):
        """The log; the context key ``webhook_state`` narrows it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_webhook.crm_webhook_delivery_action")
        action["domain"] = [("webhook_id", "=", self.id)]
        state = self.env.context.get("webhook_state")
        action["context"] = {f"search_default_{state}": 1} if state else {}
        return action

    def _get_receiver(self):
        """What the sender has to know, which is nothing of Odoo."""
        self.ensure_one()
        return sender.Receiver(self.sudo().url.strip(), self._get_keys(), self._get_allowed(), self._get_timeout())

    @api.model
    def _get_timeout(self):
        """Seconds that all of a request may take."""
        return 10
