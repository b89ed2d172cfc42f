import json

from odoo import api, models
from odoo.tools import SQL

from .crm_campaign_step_run import REACTIONS

# What Odoo's trace says, as an outcome. ``outgoing`` and ``process`` are with a queue.
OUTCOME_OF_TRACE = {
    "pending": "sent",
    "sent": "sent",
    "open": "opened",
    "reply": "answered",
    "bounce": "bounced",
    "error": "failed",
    "cancel": "left_out",
}
# Why Odoo left out somebody when the message was made, as a reason.
REASON_OF_FAILURE = {
    "mail_bl": "blacklisted",
    "mail_optout": "blacklisted",
    "mail_dup": "same_address",
    "mail_email_missing": "no_email",
    "mail_email_invalid": "invalid_email",
    "sms_blacklist": "blacklisted",
    "sms_optout": "blacklisted",
    "sms_duplicate": "same_address",
    "sms_number_missing": "no_number",
    "sms_number_format": "invalid_number",
}


class CrmCampaignDispatch(models.Model):
    """What happened, as Odoo's own traces, letters and activities tell it."""

    _inherit = "crm.campaign.dispatch"

    @api.depends(
        "state",
        "trace_id.trace_status",
        "trace_id.links_click_datetime",
        "letter_id.state",
        "result_id.is_campaign_reaction",
    )
    def _compute_outcome(self):
        for dispatch in self:
            dispatch.outcome = dispatch._get_outcome()

    def _get_outcome(self):
        """To be extended by channels that know more."""
        if self.state not in ("sent", "failed"):
            return self.state
        if self.trace_id:
            return self._get_outcome_of_trace()
        if self.result_id:
            return "answered" if self.result_id.is_campaign_reaction else "done"
        return self.state

    def _get_outcome_of_trace(self):
        trace = self.trace_id
        outcome = OUTCOME_OF_TRACE.get(trace.trace_status, "waiting")
        # Whoever clicked and answered has answered; a click on a message that bounces later was made by a machine.
        if outcome in ("sent", "opened") and trace.links_click_datetime:
            return "clicked"
        return outcome

    @api.model
    def _get_reacted(self, campaign):
        """
        :return: ids of the members of a campaign who clicked, answered or said yes, in any step
        """
        domain = [("campaign_id", "=", campaign.id), ("outcome", "in", REACTIONS)]
        return [member.id for (member,) in self._read_group(domain, ["member_id"])]

    @api.model
    def _link_traces(self, traces):
        """Note which message each member got, in one statement.

        Odoo makes messages and traces in one transaction, and this is in it: either a member has both, or none and is
        waiting still.

        :param traces: ``mailing.trace`` of members, just made
        """
        traces.flush_recordset()
        self.flush_model(["state", "trace_id", "reason", "outcome"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_campaign_dispatch dispatch
                   SET trace_id = trace.id,
                       state = CASE trace.trace_status WHEN 'cancel' THEN 'left_out' WHEN 'error' THEN 'failed'
                               ELSE 'sent' END,
                       outcome = CASE trace.trace_status WHEN 'cancel' THEN 'left_out' WHEN 'error' THEN 'failed'
                                 ELSE 'waiting' END,
                       reason = CASE WHEN trace.trace_status = 'cancel'
                                THEN COALESCE(%(reasons)s::jsonb ->> trace.failure_type, 'removed') END,
                       write_date = %(now)s
                  FROM mailing_trace trace
                  JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id
                 WHERE trace.id = ANY(%(traces)s)
                   AND dispatch.step_id = mailing.campaign_step_id
                   AND dispatch.member_id = trace.res_id
                   -- PostgreSQL knows nothing yet of a table that was filled a minute ago: this says how few they are
                   AND dispatch.member_id = ANY(%(members)s)
                   AND dispatch.state = 'waiting'
                """,
                reasons=json.dumps(REASON_OF_FAILURE),
                now=self.env.cr.now(),
                traces=traces.ids,
                members=traces.mapped("res_id"),
            )
        )
        self.invalidate_model(["state", "trace_id", "reason", "outcome"], flush=False)

    @api.model
    def _leave_out_lost(self, steps):
        """Whose message somebody deleted or cancelled in Odoo's queue gets none: they are not waited for.

        :param steps: ``crm.campaign.step`` that are running; of a stopped one messages are cancelled until it goes on
        """
        for model in ("mail.mail", "sms.sms"):
            self.env[model].flush_model(["state"])
        self.env["mailing.trace"].flush_model(["trace_status", "mail_mail_id", "sms_id_int"])
        self.flush_model(["step_id", "state", "outcome", "trace_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT dispatch.id
                  FROM crm_campaign_dispatch dispatch
                  JOIN mailing_trace trace ON trace.id = dispatch.trace_id
                  LEFT JOIN mail_mail mail ON mail.id = trace.mail_mail_id
                  LEFT JOIN sms_sms sms ON sms.id = trace.sms_id_int
                 WHERE dispatch.step_id = ANY(%s) AND dispatch.state = 'sent' AND dispatch.outcome = 'waiting'
                   AND trace.trace_status = 'outgoing'
                   AND COALESCE(mail.state, sms.state, 'cancel') IN ('cancel', 'canceled')
                   FOR NO KEY UPDATE OF dispatch SKIP LOCKED
                """,
                steps.ids,
            )
        )
        lost = self.browse([dispatch_id for (dispatch_id,) in rows])
        lost.write({"state": "left_out", "reason": "removed"})
        lost.trace_id.set_canceled()

    def _forget_message(self):
        """Wait again, as if no message had been made: what failed goes from Odoo's queues."""
        traces = self.trace_id
        mails = self.env["mail.mail"].search([("id", "in", traces.mail_mail_id.ids), ("state", "=", "exception")])
        messages = self.env["sms.sms"].search([("id", "in", traces.mapped("sms_id_int")), ("state", "=", "error")])
        self.write({"state": "waiting", "trace_id": False})
        traces.unlink()
        mails.unlink()
        messages.unlink()

    def _on_answered(self):
        """Somebody answered what they were sent."""
        self.member_id._on_reaction()

    @api.model
    def _note_answer(self, sent_ids, answer_id):
        """An answer has come in: tell the customer's history of it, and do what the campaign does with answers.

        :param list sent_ids: Message-Ids that the answer refers to
        :param str answer_id: its own Message-Id
        """
        traces = (
            self.env["mailing.trace"]
            .sudo()
            .search([("message_id", "in", sent_ids), ("model", "=", "crm.campaign.member")])
        )
        # sudo: whoever answers has no rights here
        dispatches = self.sudo().search([("trace_id", "in", traces.ids)])
        if dispatches:
            answer = self.env["mail.message"].sudo().search([("message_id", "=", answer_id)], order="id desc", limit=1)
            dispatches.member_id._tell_history(answer)
            dispatches._on_answered()
