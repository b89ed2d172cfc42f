from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.placeholders import html_expressions, line_expressions, unknown_in

LINES = ("subject", "salutation", "closing")
RENDERED = (*LINES, "body")


class CrmLetterTemplate(models.Model):
    """The text of letters, with placeholders as Odoo's e-mail templates have them; ``object`` is who it goes to.

    Rendered like ``mail.template``: whatever a template says is carried out for whoever prints it, so only who may
    edit e-mail templates can save one with more than plain placeholders in it.
    """

    _name = "crm.letter.template"
    _description = "Letter Template"
    _inherit = "crm.letter.render.mixin"
    _order = "sequence, name, id"
    _unrestricted_rendering = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index="btree_not_null", help="Empty: for all companies.")
    model = fields.Char(default="res.partner", readonly=True, required=True)
    subject = fields.Char(translate=True, required=True, help="Placeholders may be used here.")
    salutation = fields.Char(
        translate=True,
        default=lambda self: self.env._("Dear %s,", "{{ object.name }}"),
        help="Placeholders may be used here.",
    )
    body = fields.Html(
        "Text", translate=True, required=True, render_engine="qweb", sanitize="email_outgoing", prefetch=True
    )
    closing = fields.Char(translate=True, default=lambda self: self.env._("Kind regards"))

    @api.depends("model")
    def _compute_render_model(self):
        for template in self:
            template.render_model = template.model

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Save templates.

        :raise AccessError: there is more than plain placeholders in one, and the user may not save such
        :raise ValidationError: a placeholder is not there or cannot be filled in; it is named
        """
        templates = super().create([self._with_tags(vals) for vals in vals_list])
        templates._check_placeholders()
        return templates

    def write(self, vals):
        """Change templates.

        :raise AccessError: as for new ones
        :raise ValidationError: as for new ones
        """
        res = super().write(self._with_tags(vals))
        if vals.keys() & {*RENDERED, "lang"}:
            self._check_placeholders()
        return res

    def _update_field_translations(self, field_name, translations, *args, **kwargs):
        res = super()._update_field_translations(field_name, translations, *args, **kwargs)
        if field_name in RENDERED:
            for lang in translations:
                self.with_context(lang=lang)._check_placeholders()
        return res

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "name" not in (default or {}):
            for template, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%s (copy)", template.name)
        return vals_list

    def _check_placeholders(self):
        """Name a placeholder that is not there when the template is saved, and not when letters are printed.

        No constraint: those are asked as superuser, and before Odoo asks who may save such placeholders. Trying them
        carries them out: as the user, once they may be saved.
        """
        for template in self:
            if unknown := template._unknown_placeholder():
                raise ValidationError(self._unknown_message(template.name, unknown))
            template._check_renders()

    def _check_renders(self):
        """Try it with somebody: a placeholder may be there and make no sense all the same."""
        somebody = self.env[self.model].search([], limit=1)
        try:
            self._render_texts(somebody)
        except UserError as error:
            raise ValidationError(
                self.env._("The template %(template)s cannot be printed: %(error)s", template=self.name, error=error)
            ) from None

    # ------------------------------------------------------------
    # Placeholders
    # ------------------------------------------------------------

    @api.model
    def _unknown_message(self, name, unknown):
        return self.env._(
            "The template %(template)s asks for %(placeholder)s, which is not there. Correct or remove this "
            "placeholder.",
            template=name,
            placeholder=unknown,
        )

    def _unknown_placeholder(self):
        """The first placeholder that asks for something that is not there, as it was written; None if there is none."""
        return self._find_unknown({name: self[name] for name in (*RENDERED, "lang")})

    @api.model
    def _find_unknown(self, texts):
        """As :meth:`_unknown_placeholder`, of texts that are not those of a template.

        :param dict texts: by name of the field of a template
        """
        known = set(self._render_eval_context())
        expressions, names = html_expressions(texts.get("body"))
        for name in (*LINES, "lang"):
            expressions += line_expressions(texts.get(name))
        model = self.env["res.partner"]
        found = (unknown_in(expression, model, known | names) for expression in expressions)
        return next(filter(None, found), None)

    def _check_printable(self, langs=()):
        """Ask again before printing: a field may have been removed since the template was saved.

        :param langs: languages of those whom it goes to
        :raise UserError: it names the placeholder
        """
        self._check_frozen(self._freeze(set(langs) or {self.env.lang}))

    @api.model
    def _check_frozen(self, frozen, langs=None):
        """As :meth:`_check_printable`, of texts that were kept.

        :param dict frozen: see :meth:`_freeze`
        """
        for lang, texts in frozen["texts"].items():
            if langs is not None and lang not in langs:
                continue
            if unknown := self._find_unknown({**texts, "lang": frozen["lang"]}):
                raise UserError(self._unknown_message(frozen["name"], unknown))

    # ------------------------------------------------------------
    # Rendering
    # ------------------------------------------------------------

    def _freeze(self, langs=None):
        """What the template says now, to be kept while letters are printed.

        :param langs: codes of languages; None for all that are installed
        :return: dict, which can be stored as JSON
        """
        self.ensure_one()
        codes = [code for code, _name in self.env["res.lang"].get_installed()] if langs is None else langs
        texts = {
            code: {name: str(self.with_context(lang=code)[name] or "") for name in RENDERED} for code in sorted(codes)
        }
        return {"name": self.name, "lang": self.lang or False, "texts": texts}

    def _render_texts(self, partners):
        """What the template says to each, in their own language.

        :param partners: ``res.partner``
        :return: ``{partner id: {"subject", "salutation", "closing", "body", "lang"}}``
        :raise UserError: a placeholder cannot be filled in
        """
        self.ensure_one()
        langs = self._get_languages(self.lang, partners)
        return self._render_frozen(self._freeze(set(langs.values())), partners)

    @api.model
    def _render_frozen(self, frozen, partners):
        """As :meth:`_render_texts`, of texts that were kept.

        :param dict frozen: see :meth:`_freeze`; nothing else may ever be in it, for it is carried out
        """
        langs = self._get_languages(frozen["lang"], partners)
        said = {}
        for lang, group in partners.grouped(lambda partner: langs[partner.id]).items():
            # A language may have been installed since.
            texts = frozen["texts"].get(lang) or next(iter(frozen["texts"].values()))
            rendered = self.with_context(lang=lang)._render_each(texts, group)
            said |= {partner_id: {"lang": lang, **of_partner} for partner_id, of_partner in rendered.items()}
        return said

    @api.model
    def _get_languages(self, expression, partners):
        """
        :param expression: of the template, which chooses the language; empty for that of the customer
        :return: ``{partner id: code of a language that is installed}``
        """
        if expression:
            codes = self._render_template(expression, "res.partner", partners.ids)
        else:
            codes = {partner.id: partner.lang for partner in partners}
        return {partner_id: self._language(code) for partner_id, code in codes.items()}

    @api.model
    def _language(self, code):
        """A language that is installed: theirs, else the company's."""
        languages = self.env["res.lang"]
        codes = (code, self.env.company.partner_id.lang)
        return next((one for one in codes if one and languages._get_data(code=one)), self.env.lang or "en_US")

    def action_preview(self):
        """Open what the template says to a customer that is chosen there.

        :return: an action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview of %s", self.name),
            "res_model": "crm.letter.preview",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_template_id": self.id},
        }
