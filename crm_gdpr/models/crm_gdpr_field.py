from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..engine.policy import TECHNICAL, TEXTS, is_derived
from ..engine.settings import Settings
from ..tools import strategies

MODELS = [("res.partner", "Contact"), ("crm.lead", "Lead")]
# what officers choose; of which field is settled when the record is made
CHOICES = {"strategy", "fixed_text"}
# text that says nothing about anybody
NO_PERSONAL_DATA = {
    "signup_type", "invoice_edi_format_store", "reveal_id", "commercial_company_name", "ticket_alias_kept",
}  # fmt: skip
# what is no text and tells where or who somebody is all the same
ALSO = {"state_id": "empty", "country_id": "keep", "lang": "keep", "tz": "keep", "lang_id": "keep",
        "industry_id": "keep", "partner_latitude": "empty", "partner_longitude": "empty"}  # fmt: skip


class CrmGdprField(models.Model):
    """How one field of contacts or leads is anonymised.

    There is one for every field that can hold something about a person, also for those that the company made itself:
    these are emptied as long as nobody chose anything else.
    """

    _name = "crm.gdpr.field"
    _description = "Field to Anonymise"
    _order = "model, id"
    _rec_name = "field_id"

    model = fields.Selection(MODELS, string="Of", required=True, readonly=True)
    field_id = fields.Many2one("ir.model.fields", required=True, readonly=True, ondelete="cascade", index=True)
    name = fields.Char(string="Technical Name", related="field_id.name", store=True, readonly=True)
    strategy = fields.Selection(strategies.STRATEGIES, string="Becomes", required=True)
    fixed_text = fields.Char(translate=False, help="What stands in the field afterwards.")

    _field_unique = models.Constraint("UNIQUE (field_id)", "This field is in the list already.")

    def write(self, vals):
        """Officers choose what becomes of a field, and each choice is in the log.

        :raise AccessError: to who would make it a choice about another field
        """
        if not self.env.su and vals.keys() - CHOICES:
            raise AccessError(self.env._("Which field this is about is not changed: choose what becomes of it alone."))
        before = {record: (record.strategy, record.fixed_text) for record in self}
        result = super().write(vals)
        for record in self.filtered(lambda record: (record.strategy, record.fixed_text) != before[record]):
            record._note(*before[record])
        return result

    def _note(self, strategy, text):
        """Write in the log what somebody chose instead of what; texts do not go there."""
        self.env["crm.gdpr.log"]._append(
            "settings",
            setting="field",
            field=f"{self.model}.{self.name}",
            strategy=self.strategy,
            before=strategy,
            is_text_changed=self.fixed_text != text,
        )

    @api.constrains("model", "field_id", "strategy", "fixed_text")
    def _check_strategy(self):
        for record in self:
            record._check_possible()

    def _check_possible(self):
        self.ensure_one()
        words = {"field": self.field_id.field_description, "strategy": self._get_label()}
        if not strategies.is_for(self.strategy, self.field_id.ttype):
            raise ValidationError(self.env._("%(field)s cannot become “%(strategy)s”: it is of another type.", **words))
        if self.strategy == "fixed" and not (self.fixed_text or "").strip():
            raise ValidationError(self.env._("Enter the text that stands in %(field)s afterwards.", **words))
        is_name = (self.model, self.name) == ("res.partner", "name")
        if is_name and self.strategy not in ("fixed", "hash"):
            raise ValidationError(self.env._("A contact has to have a name: choose a fixed text or a keyed hash."))

    def _get_label(self):
        return dict(self._fields["strategy"]._description_selection(self.env))[self.strategy]

    @api.model
    def action_open(self):
        """Open the list, with the fields that were made since."""
        self._complete()
        return self.env["ir.actions.act_window"]._for_xml_id("crm_gdpr.crm_gdpr_field_action")

    @api.model
    def _complete(self):
        """Make the records that are missing.

        :raise AccessError: to who is no privacy officer
        """
        self.check_access("write")
        known = {(record.model, record.name) for record in self.search([])}
        missing = [
            (model, field)
            for model, _label in MODELS
            for field in self._get_candidates(model)
            if (model, field.name) not in known
        ]
        # which fields there are is no secret, yet only administrators read their definitions
        fields_of = self.env["ir.model.fields"].sudo()
        # sudo: nobody makes any by hand, and these say what holds without them
        return self.sudo().create(
            [
                {
                    "model": model,
                    "field_id": fields_of._get(model, field.name).id,
                    "strategy": self._get_default(field),
                    "fixed_text": self._get_default_name() if field.name == "name" else False,
                }
                for model, field in missing
            ]
        )

    @api.model
    def _get_candidates(self, model):
        """The fields that can hold something about a person."""
        return [field for field in self.env[model]._fields.values() if self._is_candidate(model, field)]

    @api.model
    def _is_candidate(self, model, field):
        if not field.store or field.name in TECHNICAL | NO_PERSONAL_DATA or is_derived(field):
            return False
        if field.type in ("one2many", "many2many"):
            return False
        if model == "crm.lead" and field.name in ("name", "email_domain_criterion"):
            return False
        if field.type == "binary":
            return not field.related
        return field.type in TEXTS or field.manual or field.name in ALSO

    @api.model
    def _get_default(self, field):
        return "fixed" if field.name == "name" else ALSO.get(field.name, "empty")

    @api.model
    def _get_default_name(self):
        return self.env._("Anonymised contact")

    @api.model
    def _get_settings(self):
        """What the company chose, for a run; a field that nobody chose anything for is treated by its default."""
        chosen = {(record.model, record.name): (record.strategy, record.fixed_text or "") for record in self.search([])}
        told = {
            model: {
                field.name: chosen.get((model, field.name)) or (self._get_default(field), self._get_default_name())
                for field in self._get_candidates(model)
            }
            for model, _label in MODELS
        }
        return Settings(self.env, told, self.env["crm.gdpr.log"]._get_key())
