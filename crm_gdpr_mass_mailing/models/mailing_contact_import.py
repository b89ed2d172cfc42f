from odoo import models
from odoo.tools.mail import email_split_tuples, formataddr


class MailingContactImport(models.TransientModel):
    """Addresses that are pasted into a list are an import as well."""

    _inherit = "mailing.contact.import"

    def action_import(self):
        self.ensure_one()
        contacts = email_split_tuples(", ".join((self.contact_list or "").splitlines()))
        suppression = self.env["crm.gdpr.suppression"]
        suppressed = suppression._find({email for _name, email in contacts}, (), self.env.company)
        if not suppressed:
            return super().action_import()
        kept = [contact for contact in contacts if contact[1] not in suppressed]
        self.contact_list = "\n".join(formataddr(contact) for contact in kept)
        told = self.env._("%(count)s addresses of anonymised persons were left out.", count=len(contacts) - len(kept))
        action = super().action_import()
        action["params"]["message"] = f"{action['params']['message']} {told}"
        return action
