from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CrmCampaignStep(models.Model):
    """SMS: as e-mail, by Odoo's mailing of text messages, to mobile numbers."""

    _inherit = "crm.campaign.step"

    def _check_sms(self):
        """
        :raise UserError: there is no text, or a placeholder of it is not there; it is named
        """
        mailing = self.sudo().mailing_id  # sudo: as for e-mail
        if not mailing or not (mailing.body_plaintext or "").strip():
            raise UserError(self.env._("Write the text of the SMS first."))
        self._check_placeholders({"body_plaintext": mailing.body_plaintext})

    def _get_reasons_sms(self, members):
        return members._get_reasons_of_sms(taken=self._get_taken("phone_sanitized"))

    def _launch_sms(self):
        self.mailing_id._queue_step()
        self._set_queued_sms("canceled", "outgoing")

    def _halt_sms(self):
        self._set_queued_sms("outgoing", "canceled")

    def _get_halted(self):
        halted = super()._get_halted()
        if self.channel != "sms":
            return halted
        # sudo: messages are Odoo's, as the mailing is
        domain = [("mailing_id", "=", self.sudo().mailing_id.id), ("state", "=", "canceled"), ("to_delete", "!=", True)]
        messages = self.env["sms.sms"].sudo().search(domain)
        return halted.search([*self._get_outgoing_domain(), ("trace_id.sms_id_int", "in", messages.ids)], order="id")

    def _set_queued_sms(self, old, new):
        """Of the messages that were made and not sent yet. Odoo's queue only takes those that are ``outgoing``."""
        self.env["sms.sms"].flush_model(["state"])
        self.env["mailing.trace"].flush_model(["trace_status"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE sms_sms SET state = %(new)s
                 WHERE id IN (SELECT sms.id
                                FROM sms_sms sms
                                JOIN mailing_trace trace ON trace.sms_id_int = sms.id
                               WHERE trace.mass_mailing_id = %(mailing)s AND trace.trace_status = 'outgoing'
                                 AND sms.state = %(old)s AND sms.to_delete IS NOT TRUE
                                 FOR UPDATE OF sms SKIP LOCKED)
                """,
                old=old,
                new=new,
                mailing=self.sudo().mailing_id.id or 0,
            )
        )
        self.env["sms.sms"].invalidate_model(["state"], flush=False)
        if new == "outgoing" and self.env.cr.rowcount:
            self.env.ref("sms.ir_cron_sms_scheduler_action").sudo()._trigger()
