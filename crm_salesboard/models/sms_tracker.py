from odoo import fields, models


class SmsTracker(models.Model):
    """Answers of the gateway and delivery reports, handed on to the recipients of a sending."""

    _inherit = "sms.tracker"

    crm_sms_recipient_id = fields.Many2one("crm.sms.recipient", ondelete="cascade", index="btree_not_null")

    def _action_update_from_provider_error(self, provider_error):
        result = super()._action_update_from_provider_error(provider_error)
        _status, failure_type, failure_reason = result
        self.crm_sms_recipient_id._on_refused(failure_type, failure_reason)
        return result

    def _action_update_from_sms_state(self, sms_state, failure_type=False, failure_reason=False):
        res = super()._action_update_from_sms_state(sms_state, failure_type=failure_type, failure_reason=failure_reason)
        if sms_state == "sent":
            self.crm_sms_recipient_id._on_delivered()
        elif sms_state in ("process", "pending"):
            self.crm_sms_recipient_id._on_accepted()
        elif sms_state == "error":
            self.crm_sms_recipient_id._on_refused(failure_type, failure_reason)
        return res
