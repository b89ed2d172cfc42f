from odoo import api, models
from odoo.tools import mail

# What programs say of themselves when they answer (RFC 3834, and what was used before it).
AUTOMATIC_HEADERS = {
    "Auto-Submitted": lambda value: value.split(";")[0].strip().lower() not in ("", "no"),
    "X-Autoreply": lambda value: value.strip().lower() not in ("", "no"),
    "X-Autorespond": bool,
    "Precedence": lambda value: value.strip().lower() in ("auto_reply", "bulk", "junk"),
}


def is_automatic(message):
    """
    :param message: ``email.message.EmailMessage``
    :return: whether a program answered, such as one that says when somebody is back in the office
    """
    return any(is_one(str(message[name])) for name, is_one in AUTOMATIC_HEADERS.items() if message[name])


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """What a program answers is kept, and is nobody's answer to a campaign."""
        if not routes or not any(model == "crm.campaign.member" for model, *_rest in routes):
            return super()._message_route_process(message, message_dict, routes)
        automatic = is_automatic(message)
        # Odoo takes the references out of the message while it is processed.
        references = message_dict.get("references") or message_dict.get("in_reply_to") or ""
        message_ids = mail.mail_header_msgid_re.findall(references)
        this = self.with_context(crm_is_automatic_answer=True) if automatic else self
        thread_id = super(MailThread, this)._message_route_process(message, message_dict, routes)
        if not automatic and message_ids:
            self.env["crm.campaign.dispatch"]._note_answer(message_ids, message_dict.get("message_id"))
        return thread_id
