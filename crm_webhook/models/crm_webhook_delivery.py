import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .crm_webhook import MANAGER, TEST_EVENT

# How long a delivery is tried.
TRIES_FOR = timedelta(days=1)
# How long what was parked is kept at least, for somebody to see it.
PARKED_FOR = timedelta(days=7)
CLEANED_AT_ONCE = 10_000


class CrmWebhookDelivery(models.Model):
    """One thing that a receiver is told: written together with the change that it is about, and kept as a log.

    What is sent is frozen then. Nobody edits it.
    """

    _name = "crm.webhook.delivery"
    _inherit = ["crm.lead.hidden.mixin"]
    _description = "Webhook Delivery"
    _order = "id desc"
    _rec_name = "uuid"

    webhook_id = fields.Many2one(
        "crm.webhook", "Receiver", required=True, readonly=True, ondelete="cascade", index=True
    )
    event = fields.Selection(
        [
            ("customer.created", "Customer created"),
            ("customer.changed", "Customer changed"),
            ("project.created", "Project created"),
            ("project.changed", "Project changed"),
            ("project.status_changed", "Status changed"),
            ("project.won", "Project won"),
            ("project.lost", "Project lost"),
            ("project.cancelled", "Project cancelled"),
            ("project.reopened", "Project reopened"),
            (TEST_EVENT, "Test"),
        ],
        required=True,
        readonly=True,
    )
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    # Of the record as it was then: what was sent stays that company's.
    company_id = fields.Many2one("res.company", readonly=True, index="btree_not_null", ondelete="cascade")
    record_name = fields.Char("About", compute="_compute_record_name")
    uuid = fields.Char("Delivery ID", required=True, readonly=True)
    payload = fields.Text("Content", required=True, readonly=True, groups=MANAGER)
    payload_text = fields.Text("What Is Sent", compute="_compute_payload_text", groups=MANAGER)
    state = fields.Selection(
        [("waiting", "Waiting"), ("delivered", "Delivered"), ("parked", "Parked")],
        required=True,
        readonly=True,
        default="waiting",
    )
    attempts = fields.Integer(readonly=True)
    next_attempt = fields.Datetime(readonly=True, default=fields.Datetime.now)
    give_up_on = fields.Datetime(readonly=True, default=lambda self: fields.Datetime.now() + TRIES_FOR)
    # The receiver did not work, so that whatever comes after this has to wait as well.
    blocks = fields.Boolean(readonly=True)
    status_code = fields.Integer("Answer", readonly=True)
    error = fields.Char(readonly=True)
    error_text = fields.Char("Problem", compute="_compute_error_text")
    milliseconds = fields.Integer("Took (ms)", readonly=True, aggregator="avg")
    last_attempt_on = fields.Datetime("Last Attempt", readonly=True)
    delivered_on = fields.Datetime(readonly=True)

    _uuid_unique = models.UniqueIndex("(uuid)")
    _waiting_index = models.Index("(webhook_id, id) WHERE state = 'waiting'")
    _next_index = models.Index("(next_attempt) WHERE state = 'waiting'")
    _waiting_record_index = models.Index("(webhook_id, res_model, res_id, id) WHERE state = 'waiting'")
    _blocking_index = models.Index("(webhook_id, next_attempt) WHERE state = 'waiting' AND blocks")
    _record_index = models.Index("(res_model, res_id)")
    _created_index = models.Index("(create_date)")

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("res_model", "res_id")
    @api.depends_context("uid")
    def _compute_record_name(self):
        """The present name of what it is about, for those who may see it."""
        self.record_name = False
        for model, deliveries in self.grouped("res_model").items():
            if model not in self.env:
                continue
            records = self.env[model].with_context(active_test=False)
            seen = records.search([("id", "in", deliveries.mapped("res_id"))])
            names = {record.id: record.display_name for record in seen}
            for delivery in deliveries:
                delivery.record_name = names.get(delivery.res_id, f"#{delivery.res_id}")

    @api.depends("payload")
    def _compute_payload_text(self):
        """The same with line breaks, to be read by people."""
        for delivery in self:
            delivery.payload_text = json.dumps(json.loads(delivery.payload), ensure_ascii=False, indent=2)

    @api.depends("error", "status_code", "state")
    @api.depends_context("lang")
    def _compute_error_text(self):
        for delivery in self:
            delivery.error_text = delivery.error and self.env["crm.webhook"]._describe_error(delivery.error)

    # ------------------------------------------------------------
    # Content
    # ------------------------------------------------------------

    @api.model
    def _prepare_envelope(self, uuid, event, data, **extra):
        """What is sent: the same around every content."""
        return {
            "id": uuid,
            "event": event,
            "version": 1,
            "created_at": f"{self.env.cr.now():%Y-%m-%dT%H:%M:%SZ}",
            **extra,
            "data": data,
        }

    @api.model
    def _as_text(self, envelope):
        return json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))

    def _webhook_merge(self, record, content, extra):
        """Say in one delivery, which is not committed yet, what another part of the same transaction did.

        :param record: what it is about
        :param dict content: how that is now
        :param dict extra: what differs; how it was before is known already
        """
        self.ensure_one()
        envelope = json.loads(self.payload)
        envelope["data"] = content
        if self.event.endswith(".created"):
            extra = {**extra, "changed": []}
        envelope["changed"] = sorted({*envelope["changed"], *extra["changed"]})
        self.write({"payload": self._as_text(envelope), "company_id": record.company_id.id})

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_send_again(self):
        """Have parked deliveries tried for another day; others are left as they are.

        :raise AccessError: for everybody but administrators
        """
        self.check_access("read")
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only an administrator may have something sent again."))
        # sudo: nobody writes the log but this, which has checked who asks
        return self.sudo().filtered(lambda row: row.state == "parked" and row.event != TEST_EVENT)._send_again()

    def _send_again(self):
        now = fields.Datetime.now()
        self.write(
            {
                "state": "waiting",
                "attempts": 0,
                "next_attempt": now,
                "give_up_on": now + TRIES_FOR,
                "blocks": False,
            }
        )
        self._wake()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("%(number)s are sent again.", number=len(self)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _wake(self, at=None):
        """Have the job run when this transaction is committed, or at a time.

        Where somebody has deleted the job, what is told waits, and nobody's change fails by it.
        """
        job = self.env.ref("crm_webhook.ir_cron_deliver", raise_if_not_found=False)
        if job:
            # sudo: whoever changes a project has it delivered
            job.sudo()._trigger(at)

    # ------------------------------------------------------------
    # Clean-up
    # ------------------------------------------------------------

    @api.autovacuum
    def _gc_deliveries(self):
        """Delete what is older than its webhook says, once nobody needs it any more.

        What waits for a webhook in use is to be delivered still; what was parked stays for a week at least after
        something was done about it last, for somebody to have it sent again.

        :return: how many were deleted, and whether there may be more
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM crm_webhook_delivery WHERE id IN (
                    SELECT delivery.id
                      FROM crm_webhook_delivery delivery JOIN crm_webhook webhook ON webhook.id = delivery.webhook_id
                     WHERE delivery.create_date < %(now)s - webhook.retention_days * interval '1 day'
                       AND CASE delivery.state
                               WHEN 'delivered' THEN TRUE
                               WHEN 'waiting' THEN NOT webhook.active
                               ELSE GREATEST(delivery.last_attempt_on, delivery.write_date) < %(now)s - %(parked)s
                           END
                     LIMIT %(limit)s
                       FOR UPDATE OF delivery SKIP LOCKED)
                """,
                now=fields.Datetime.now(),
                parked=PARKED_FOR,
                limit=CLEANED_AT_ONCE,
            )
        )
        self.invalidate_model()
        done = self.env.cr.rowcount
        return done, done == CLEANED_AT_ONCE
