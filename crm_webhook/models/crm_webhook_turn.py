from odoo import fields, models


class CrmWebhookTurn(models.Model):
    """Whose turn it is: which receivers a process is at, until when at most, and how they work.

    Apart from the webhook, so that the job never writes that: an administrator who edits it, or a user who changes what
    it is told of, has nothing to do with the job. Written by the job alone, in SQL.
    """

    _name = "crm.webhook.turn"
    _description = "Turn of a Webhook"
    _log_access = False

    webhook_id = fields.Many2one(
        "crm.webhook", "Receiver", required=True, readonly=True, ondelete="cascade", index=True
    )
    # A process that dies cannot give it back: then others go on.
    claimed_until = fields.Datetime(readonly=True)
    began = fields.Datetime(readonly=True)
    is_slow = fields.Boolean("Slow", readonly=True)

    _webhook_unique = models.UniqueIndex("(webhook_id)")
