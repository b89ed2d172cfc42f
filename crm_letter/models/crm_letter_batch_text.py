from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..tools.placeholders import html_expressions, line_expressions
from .crm_letter_template import RENDERED


class CrmLetterBatch(models.Model):
    """What a batch says to each: what its template said when it was chosen, or the text that somebody typed.

    Which of them is decided once, when it is printed. A template that is edited while letters are printed changes
    nothing of them.
    """

    _inherit = "crm.letter.batch"

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Begin letters to many.

        :raise UserError: more than the text would be set; whose rights the job has is not for the caller to choose
        """
        batches = super().create([self._with_tags(vals) for vals in vals_list])
        batches._freeze_template()
        if not self.env.su:
            batches._check_new()
        return batches

    def _check_new(self):
        for batch in self:
            is_own = batch.user_id == self.env.user and batch.company_id in self.env.companies
            if not is_own or batch.state != "draft" or batch.attachment_id or batch.letter_ids:
                raise UserError(self.env._("Of a letter to many, only the text can be set."))

    def write(self, vals):
        """The switch that leaves customers out is a matter of the list, which is made anew."""
        res = super().write(self._with_tags(vals))
        if "template_id" in vals:
            self._freeze_template()
        if "leaves_out_blacklisted" in vals:
            for batch in self:
                batch._refresh_reasons()
        return res

    # ------------------------------------------------------------
    # The text of the template
    # ------------------------------------------------------------

    def _freeze_template(self):
        """Keep what the template says, whatever else was to be written there."""
        for batch in self:
            # sudo: the field is written here alone; the template is read as the user
            batch.sudo().frozen_texts = batch.template_id._freeze() if batch.template_id else False

    def _differs_from_template(self):
        """Whether the text is another one than that of the template, in whichever language it was chosen."""
        texts = (self.frozen_texts or {}).get("texts", {})
        own = {name: self._plain(self[name]) for name in RENDERED}
        return all(own != {name: self._plain(said[name]) for name in RENDERED} for said in texts.values())

    @api.model
    def _plain(self, text):
        """A text without what an editor changes without being asked."""
        return " ".join(str(text or "").split())

    # ------------------------------------------------------------
    # What it says
    # ------------------------------------------------------------

    def _texts_of(self, partners):
        """What the batch says to each, in their language while it is the text of its template.

        :param partners: ``res.partner``
        :return: ``{partner id: {"subject", "salutation", "closing", "body", "lang"}}``
        :raise UserError: a placeholder is not there, it is named; or cannot be filled in
        :raise AccessError: a text that was edited holds more than plain placeholders, and the user may not write such
        """
        if self._differs_from_template() if self.state == "draft" else self.is_edited:
            return self._edited_texts_of(partners)
        templates = self.env["crm.letter.template"]
        langs = templates._get_languages(self.frozen_texts["lang"], partners)
        templates._check_frozen(self.frozen_texts, set(langs.values()))
        return templates._render_frozen(self.frozen_texts, partners)

    def _edited_texts_of(self, partners):
        templates = self.env["crm.letter.template"]
        if unknown := templates._find_unknown({name: self[name] for name in RENDERED}):
            raise UserError(
                self.env._(
                    "The letter asks for %(placeholder)s, which is not there. Correct or remove this placeholder.",
                    placeholder=unknown,
                )
            )
        kept = {name: self._frozen_text(name) for name in RENDERED}
        typed = {name: self[name] for name in RENDERED if kept[name] is None}
        self._check_plain(typed)
        # What was not edited is the template's, which may hold more than a salesperson may write.
        of_template = templates._render_each({name: text for name, text in kept.items() if text is not None}, partners)
        own = self._render_each(typed, partners)
        return {
            partner.id: {"lang": templates._language(partner.lang), **of_template[partner.id], **own[partner.id]}
            for partner in partners
        }

    def _frozen_text(self, name):
        """The template's own text that stands in a field, None if another one does."""
        texts = (self.frozen_texts or {}).get("texts", {}).values()
        own = self._plain(self[name])
        return next((said[name] for said in texts if self._plain(said[name]) == own), None)

    def _check_plain(self, texts):
        """Carry out no code of salespeople: all employees are template editors in Odoo unless it is switched off.

        :param dict texts: that were typed, by name of the field
        :raise AccessError: there is more than plain placeholders in one; it is named
        """
        # sudo: which group somebody is in
        if self.user_id.sudo().has_group("sales_team.group_sale_manager"):
            return
        for name, text in texts.items():
            is_body = name == "body"
            find = (
                self._has_unsafe_expression_template_qweb
                if is_body
                else (self._has_unsafe_expression_template_inline_template)
            )
            if find(text, "res.partner"):
                expressions = html_expressions(text)[0] if is_body else line_expressions(text)
                is_allowed = self.env["ir.qweb"]._is_expression_allowed
                culprit = next((each for each in expressions if not is_allowed(each, "res.partner")), "t-…")
                raise AccessError(
                    self.env._(
                        "Only sales managers can write this placeholder into a text: %(placeholder)s. Take it out, or "
                        "use a template that has it.",
                        placeholder=culprit,
                    )
                )

    def _get_sample(self):
        """The first letter with its text, which is written nowhere."""
        letters = self.env["crm.letter"]
        first = letters.search([("batch_id", "=", self.id), ("state", "=", "waiting")], order="position", limit=1)
        if not first:
            raise UserError(self.env._("Nobody on the list can get the letter. See why each was left out."))
        texts = self._texts_of(first.partner_id)[first.partner_id.id]
        vals = {"user_id": self.user_id.id, "company_id": self.company_id.id, "place": self.place, "date": self.date}
        return letters._new_sample({**vals, **texts, "partner_id": first.partner_id.id, "lead_id": first.lead_id.id})
