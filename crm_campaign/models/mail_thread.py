from odoo import api, models
from odoo.tools import mail

from odoo.addons.crm_salesboard.tools import automatic_mails


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """What a program answers is kept, and is nobody's answer to a campaign."""
        if not routes or not any(model == "crm.campaign.member" for model, *_rest in routes):
            return super()._message_route_process(message, message_dict, routes)
        automatic = bool(automatic_mails.kind_of(message))
        # Odoo takes the references out of the message while it is processed.
        references = message_dict.get("references") or message_dict.get("in_reply_to") or ""
        message_ids = mail.mail_header_msgid_re.findall(references)
        this = self.with_context(crm_is_automatic_answer=True) if automatic else self
        thread_id = super(MailThread, this)._message_route_process(message, message_dict, routes)
        if not automatic and message_ids:
            self.env["crm.campaign.dispatch"]._note_answer(message_ids, message_dict.get("message_id"))
        return thread_id
