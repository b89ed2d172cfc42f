import textwrap

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..tools import form_guard
from ..tools.config import CONFIG_VERSION
from ..tools.form_page import INPUTS, FormConfig, FormField
from ..tools.refusal import IntakeRefusal
from ..tools.vocabulary import IDENTIFYING
from .crm_intake_source import OFFICER

# What a form asks for until somebody says otherwise, and whether it is mandatory.
_DEFAULT_FIELDS = {"contact_name": True, "email": True, "phone": False, "company": False, "description": True}


class CrmIntakeSource(models.Model):
    """The form of a source: a page of its own, and a snippet to paste on any website."""

    _inherit = "crm.intake.source"

    form_enabled = fields.Boolean(string="Form", tracking=True)
    form_field_ids = fields.One2many(
        "crm.intake.form.field",
        "source_id",
        string="Fields of the Form",
        compute="_compute_form_field_ids",
        store=True,
        readonly=False,
        copy=True,
        groups=OFFICER,
    )
    form_lang_id = fields.Many2one(
        "res.lang",
        string="Language of the Form",
        default=lambda self: self.env["res.lang"]._lang_get(self.env.company.partner_id.lang or self.env.lang),
    )
    form_title = fields.Char(string="Title of the Form", help="Empty: Contact us.")
    form_thanks = fields.Text(string="Thank-You Message", help="What is shown after sending, where no page is given.")
    form_consent = fields.Char(
        string="Consent", help="Beside a box that has to be ticked, as in: I agree to be called about my request."
    )
    form_origins = fields.Text(
        string="Allowed Websites",
        help="Where the form stands, one per line, as in https://www.example.com. Empty: anywhere.",
    )
    form_redirect_url = fields.Char(string="Page After Sending", help="As in https://www.example.com/thanks.")
    form_url = fields.Char(string="Page of the Form", compute="_compute_form_url")
    form_snippet = fields.Text(string="Snippet", compute="_compute_form_snippet", groups=OFFICER)

    @api.depends("form_enabled")
    def _compute_form_field_ids(self):
        """A form that is opened has the usual fields, to begin with."""
        for source in self:
            if source.form_enabled and not source.form_field_ids:
                source.form_field_ids = [
                    Command.create({"field": name, "is_required": is_required})
                    for name, is_required in _DEFAULT_FIELDS.items()
                ]
            else:
                source.form_field_ids = source.form_field_ids

    @api.depends("public_id", "form_enabled")
    def _compute_form_url(self):
        for source in self:
            path = f"/leadintake/form/{source.public_id}"
            source.form_url = source.form_enabled and source.public_id and source.get_base_url() + path

    @api.depends(
        "form_url",
        "form_lang_id",
        "form_consent",
        "form_field_ids.field",
        "form_field_ids.label",
        "form_field_ids.is_required",
        "form_field_ids.sequence",
    )
    def _compute_form_snippet(self):
        for source in self:
            snippet = source._render_form("form_snippet", source._as_form()) if source.form_url else ""
            source.form_snippet = textwrap.dedent(snippet).strip()

    @api.constrains("form_origins", "form_redirect_url")
    def _check_form_addresses(self):
        for source in self:
            try:
                form_guard.parse_origins(source.form_origins)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "Allowed websites: %(website)s is none. Write it as in https://www.example.com.", website=error
                    )
                ) from error
            url = source.form_redirect_url
            if url and (not form_guard.origin_of(url) or not url.isascii() or not url.isprintable() or " " in url):
                raise ValidationError(
                    self.env._("Page after sending: write a web address, as in https://www.example.com/thanks.")
                )

    @api.constrains("form_enabled", "form_field_ids")
    def _check_form_fields(self):
        for source in self.filtered("form_enabled"):
            if not set(source.form_field_ids.mapped("field")) & set(IDENTIFYING):
                raise ValidationError(
                    self.env._("The form has to ask who sends it: for a name, a company, an e-mail address or a phone.")
                )

    # ------------------------------------------------------------
    # Serving it
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache(CONFIG_VERSION, "public_id")
    def _get_form(self, public_id):
        """The form of that public id.

        :rtype: tools.form_page.FormConfig
        :raise IntakeRefusal: there is none, or it is closed; which is not remembered, as there are no end of these
        """
        # superuser, without a context: as for _get_config, and a form is open to everybody
        Source = self.env(user=SUPERUSER_ID, context={})["crm.intake.source"]
        source = Source.search([("public_id", "=", public_id), ("form_enabled", "=", True)], limit=1)
        if not source:
            raise IntakeRefusal("unknown")
        return source._as_form()

    def _as_form(self):
        self.ensure_one()
        specs = self._get_specs()
        return FormConfig(
            source_id=self.id,
            public_id=self.public_id,
            lang=self.form_lang_id.code or "en_US",
            title=self.form_title or "",
            thanks=self.form_thanks or "",
            consent=self.form_consent or "",
            redirect_url=self.form_redirect_url or "",
            origins=form_guard.parse_origins(self.form_origins),
            fields=tuple(
                FormField(line.field, line.label or "", spec.kind, line.is_required, spec.size)
                for line in self.form_field_ids.sorted("sequence")
                if (spec := specs.get(line.field)) and spec.kind in INPUTS
            ),
        )

    @api.model
    def _admit_form(self, sender):
        """Admit a visitor, within the limits of the source and of one address.

        :param tools.form_guard.ByForm sender:
        :rtype: tools.config.SourceConfig
        """
        if not sender.is_from_allowed_page():
            raise IntakeRefusal("address")
        config = self._get_config(sender.form.source_id)
        bucket = form_guard.bucket_of(self._get_form_secret(), sender.address)
        self.env["crm.intake.usage"]._count(config.id, form_guard.SENT_PER_MINUTE, bucket)
        return self._admit(config, sender.address)

    @api.model
    def _get_form_secret(self):
        # sudo: only what is signed with it leaves the server
        return self.env["ir.config_parameter"].sudo().get_param("database.secret")

    @api.model
    def _render_form(self, template, form, **values):
        """A template of ours in the language of a form, as text."""
        localised = self.with_context(lang=form.lang)
        values = {
            "form": form,
            "url": f"{self.get_base_url()}/leadintake/form/{form.public_id}",
            "controls": localised._get_form_controls(form, values.pop("typed", {}), values.get("errors", {})),
            "trap": form_guard.TRAP,
            **values,
        }
        # sudo: visitors may read no views, and what these show is what the form is meant to show
        return localised.env["ir.qweb"].sudo()._render(f"crm_leadintake.{template}", values) or Markup()
