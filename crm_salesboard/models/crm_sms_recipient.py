from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [
    ("waiting", "Waiting"),
    ("sending", "Being Sent"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("failed", "Failed"),
    ("uncertain", "Uncertain"),
    ("left_out", "Left Out"),
]
REASONS = [
    ("process", "The process sends no SMS"),
    ("archived", "Archived customer"),
    ("out_of_reach", "Customer or project you may not see"),
    ("company", "Customer of another company"),
    ("number_missing", "No number"),
    ("number_invalid", "Not a valid number"),
    ("not_mobile", "Not a mobile number"),
    ("blacklisted", "Blacklisted"),
    ("double", "Same number as another customer"),
]


class CrmSmsRecipient(models.Model):
    """A customer of a sending: gets the message, got it, or does not and why.

    ``sending`` is committed before the gateway is called, so a message that was on its way when the server died is
    found again as *uncertain*. Nobody but those ``waiting`` is sent to, and only a user puts somebody back there.
    """

    _name = "crm.sms.recipient"
    _description = "SMS Recipient"
    _order = "id"
    _rec_name = "number"

    sending_id = fields.Many2one("crm.sms.sending", required=True, readonly=True, index=True, ondelete="cascade")
    lead_id = fields.Many2one("crm.lead", "Project", required=True, readonly=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, index="btree_not_null", ondelete="cascade")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, help="Through whose gateway the message is sent."
    )
    number = fields.Char(readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="waiting")
    reason = fields.Selection(REASONS, "Left Out Because", readonly=True)
    failure = fields.Char(readonly=True, help="What the gateway said.")
    sent_on = fields.Datetime(readonly=True)
    # The same for every attempt: a gateway that remembers it does not send the message again.
    uuid = fields.Char("UUID", required=True, readonly=True, copy=False, default=lambda self: uuid4().hex)
    mail_message_id = fields.Many2one("mail.message", "Log", readonly=True, index="btree_not_null", ondelete="set null")

    _number_once = models.UniqueIndex(
        "(sending_id, number) WHERE state <> 'left_out'", "A number gets the message of a sending once."
    )
    _uuid_once = models.Constraint("UNIQUE(uuid)", "A message has an id of its own.")
    _waiting_index = models.Index("(sending_id, company_id, id) WHERE state = 'waiting'")
    _left_out_has_reason = models.Constraint(
        "CHECK ((state = 'left_out') = (reason IS NOT NULL))", "Who is left out is left out for a reason."
    )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_send_again(self):
        """Send once more to customers for whom it failed, or of whom nobody knows whether they got it.

        Never happens by itself: only a user can tell whether a second message is better than none.

        :raise UserError: none of them failed or is uncertain
        """
        self.sending_id.check_access("write")
        again = self.filtered(lambda recipient: recipient.state in ("failed", "uncertain"))
        if not again:
            raise UserError(self.env._("Nobody here failed or is uncertain: there is nothing to send again."))
        # sudo: who may send the sending may do so again; recipients cannot be written otherwise
        again.sudo().write({"state": "waiting", "failure": False})
        again.sending_id._run()

    # ------------------------------------------------------------
    # What becomes of a message
    # ------------------------------------------------------------

    def _leave_out(self, reason):
        self.write({"state": "left_out", "reason": reason})

    @api.model
    def _give_up_lost(self):
        """Messages that were with the gateway when a job died: nobody knows whether they were sent."""
        # Those that a job is working on at this moment are locked by it.
        lost = self.search([("state", "=", "sending")]).try_lock_for_update()
        lost._set_uncertain(self.env._("The server stopped before the gateway answered."))
        return lost

    def _set_uncertain(self, why):
        self.filtered(lambda recipient: recipient.state == "sending").write({"state": "uncertain", "failure": why})

    def _set_failed(self, why):
        self.filtered(lambda recipient: recipient.state == "sending").write({"state": "failed", "failure": why})

    def _on_accepted(self):
        """The gateway has taken the message. Also a report that comes late and settles what was uncertain."""
        self.filtered(lambda recipient: recipient.state not in ("left_out", "sent", "delivered")).write(
            {"state": "sent", "failure": False, "sent_on": fields.Datetime.now()}
        )

    def _on_delivered(self):
        self._on_accepted()
        self.filtered(lambda recipient: recipient.state == "sent").state = "delivered"

    def _on_refused(self, failure_type, why):
        """The gateway says that the message was not sent, or could not be delivered.

        An answer that comes twice does not undo what the first one said; only a delivery report does.
        """
        open_states = {"sending", "uncertain"}
        if failure_type in self.env["sms.sms"].DELIVERY_ERRORS:
            open_states.add("sent")
        # A "server error" also stands for time-outs, after which the message may have been sent.
        state = "uncertain" if failure_type == "sms_server" else "failed"
        self.filtered(lambda recipient: recipient.state in open_states).write(
            {"state": state, "failure": self._failure_text(failure_type, why)}
        )

    def _failure_text(self, failure_type, why):
        labels = dict(self.env["mail.notification"]._fields["failure_type"]._description_selection(self.env))
        return ": ".join(str(part) for part in (labels.get(failure_type), why) if part)
