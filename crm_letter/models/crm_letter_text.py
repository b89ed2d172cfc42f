from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class CrmLetter(models.Model):
    """What a letter says: from its template until somebody edits it. Nothing of an edited text is carried out."""

    _inherit = "crm.letter"

    @api.depends("template_id", "partner_id")
    def _compute_text(self):
        drafts = self.filtered(lambda letter: letter.state == "draft" and letter.partner_id)
        for template, letters in drafts.grouped("template_id").items():
            letters._fill_in(template)

    def _fill_in(self, template):
        for letter in self:
            partner = letter.partner_id._origin
            # Without a template a text that was begun stays.
            values = letter._render_of(template, partner) if template else letter._standard_text(partner)
            letter.update(values)

    def _render_of(self, template, partner):
        """What the template says to a customer.

        :raise UserError: a placeholder of it is not there; it is named
        """
        template._check_printable([template._language(partner.lang)])
        return template._render_texts(partner)[partner.id]

    def _standard_text(self, partner):
        lang = self.env["crm.letter.template"]._language(partner.lang)
        words = self.with_context(lang=lang).env
        return {
            "lang": lang,
            "salutation": words._("Dear %s,", partner.name or ""),
            "closing": self.closing or words._("Kind regards"),
            "subject": self.subject,
            "body": self.body,
        }

    def _check_text(self):
        for letter in self:
            if not (letter.subject or "").strip() or is_html_empty(letter.body):
                raise UserError(self.env._("Write the subject and the text of the letter first."))

    @api.model
    def _new_sample(self, vals):
        """A letter to be looked at, which is written nowhere."""
        return self.new({**self.default_get(["state", "company_id", "user_id", "date"]), **vals})
