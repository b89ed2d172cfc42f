from odoo import SUPERUSER_ID, api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY


class CrmLead(models.Model):
    """Mails to the address of a source come in through the intake, all others as ever."""

    _inherit = "crm.lead"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a lead of a mail, or find the one that it belongs to.

        What is done stays in the transaction of the gateway, which posts the mail on what it gets from here and would
        not see a lead made in another one.
        """
        source_id = (custom_values or {}).get("intake_source_id")
        # superuser: the gateway works for strangers, and their rights are no measure for what the source does; the
        # context of the gateway is meant for records that it makes itself
        source = self.env(user=SUPERUSER_ID, context={})["crm.intake.source"].browse(source_id).exists()
        if source and source.active:
            return self._message_new_of_source(source, msg_dict)
        others = {name: value for name, value in (custom_values or {}).items() if name != "intake_source_id"}
        return super().message_new(msg_dict, custom_values=others)

    @api.model
    def _message_new_of_source(self, source, msg_dict):
        try:
            with self.env.cr.savepoint():
                thread, is_known = source._take_mail(msg_dict)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
            if not self.env.context.get("default_fetchmail_server_id"):
                # From here it would have the gateway tell the sender that the mail was not taken, although the request
                # is tried again at once.
                return self.with_context(intake_met_another=error)
            # What Odoo fetches from a mailbox itself is not tried again: it would be lost.
            thread, is_known = source._keep_mail(msg_dict), False
        return thread.with_env(self.env).with_context(intake_mail_on_known_lead=is_known)

    def _creation_subtype(self):
        if error := self.env.context.get("intake_met_another"):
            raise error
        if self.env.context.get("intake_mail_on_known_lead"):
            return self.env["mail.message.subtype"]
        return super()._creation_subtype()
