from odoo import fields, models, modules
from odoo.tools import SQL


class MailMail(models.Model):
    """A mail of a step is sent once, also when the server dies between handing it over and writing that down.

    That it is about to be sent is committed before. A mail that is found like this later has failed: nobody knows
    whether it arrived, and only a user has it sent again.
    """

    _inherit = "mail.mail"

    is_being_sent = fields.Boolean(readonly=True, copy=False)

    def write(self, vals):
        """Whatever it becomes is known by then: what failed may be tried again."""
        return super().write({**vals, "is_being_sent": False} if "state" in vals else vals)

    def _send(self, auto_commit=False, *args, **kwargs):
        # In tests and in the transactions of users nothing is committed: there Odoo's way is all there is.
        ours = self._of_steps() if auto_commit else self.browse()
        if others := self - ours:
            super(MailMail, others)._send(auto_commit, *args, **kwargs)
        if ours:
            self.env.cr.commit()  # steps stopped up to now are seen to be
        for mail in ours:
            if mail._announce():
                super(MailMail, mail)._send(auto_commit, *args, **kwargs)
        return True

    def _of_steps(self):
        # sudo: which mails those are, for whoever sends
        return self.sudo().search([("id", "in", self.ids), ("mailing_id.campaign_step_id", "!=", False)], order="id")

    def _announce(self):
        """
        :return: whether it is to be sent now
        """
        query = SQL(
            """
            SELECT mail.state, mail.is_being_sent, step.state
              FROM mail_mail mail
              JOIN mailing_mailing mailing ON mailing.id = mail.mailing_id
              JOIN crm_campaign_step step ON step.id = mailing.campaign_step_id
             WHERE mail.id = %s
               FOR NO KEY UPDATE OF mail SKIP LOCKED
            """,
            self.id,
        )
        rows = self.env.execute_query(query)
        if not rows or rows[0][0] != "outgoing":
            return False
        _state, is_being_sent, step_state = rows[0]
        if is_being_sent:
            reason = self.env._("The server stopped while it was being sent: nobody knows whether it arrived.")
            self.write({"state": "exception", "failure_type": "unknown", "failure_reason": reason})
            self._postprocess_sent_message(
                success_pids=[], success_emails=[], failure_reason=reason, failure_type="unknown"
            )
        elif step_state == "stopped":
            # Made while somebody stopped the step: going on with it finds it.
            self.state = "cancel"
        else:
            self.is_being_sent = True
        self.env.cr.commit()  # before it leaves the house
        return self.is_being_sent


class SmsSms(models.Model):
    """As for mails: what was with the gateway when the server died is not sent again by itself."""

    _inherit = "sms.sms"

    is_being_sent = fields.Boolean(readonly=True, copy=False)

    def write(self, vals):
        return super().write({**vals, "is_being_sent": False} if "state" in vals else vals)

    def _send(self, *args, **kwargs):
        ours = self.filtered("mailing_id.campaign_step_id")
        if not ours or modules.module.current_test:
            return super()._send(*args, **kwargs)
        lost = ours.filtered("is_being_sent")
        if lost:
            lost._update_sms_state_and_trackers("error", failure_type="unknown")
        (ours - lost).is_being_sent = True
        self.env.flush_all()
        self.env.cr.commit()  # before they leave the house
        self.env.invalidate_all()  # what was stopped up to now is read
        rest = (self - lost).try_lock_for_update()
        kept = (rest & ours).filtered(lambda sms: sms.mailing_id.campaign_step_id.state == "stopped")
        kept.filtered(lambda sms: sms.state == "outgoing").state = "canceled"
        kept.is_being_sent = False
        rest = rest.filtered(lambda sms: sms.state == "outgoing")
        return super(SmsSms, rest)._send(*args, **kwargs) if rest else None
