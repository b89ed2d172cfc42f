from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache


class CrmChoice(models.Model):
    """One choice of a list: a name in its colours, kept for as long as a record has it."""

    _name = "crm.choice"
    _description = "Choice"
    _inherit = "crm.badge.mixin"
    _order = "sequence, id"

    list_id = fields.Many2one("crm.choice.list", required=True, index=True, ondelete="cascade")
    usage = fields.Selection(related="list_id.usage")
    name = fields.Char(required=True, translate=True)
    short_name = fields.Char(translate=True, help="Shown where there is little room, on the cards of the board.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, help="An archived choice is kept where it is used and offered no more.")
    text_color = fields.Char(default="#1F2937")
    background_color = fields.Char(default="#E5E7EB")
    percentage = fields.Float(
        "Weight (%)", digits=(16, 2), aggregator=None, help="The probability that a project with this chance gets."
    )
    use_count = fields.Integer("Uses", compute="_compute_use_count")

    _percentage_range = models.Constraint(
        "CHECK (percentage BETWEEN 0 AND 100)", "The weight of a chance is between 0 and 100 percent."
    )

    def _compute_use_count(self):
        counts = self._uses()
        for choice in self:
            choice.use_count = sum(counts.get(choice.id, {}).values())

    @api.constrains("name", "list_id", "active")
    def _check_name_once(self):
        for choice_list in self.list_id:
            seen = set()
            for choice in choice_list.choice_ids:
                key = (choice.name or "").strip().casefold()
                if not key:
                    raise ValidationError(self.env._("A choice of %(list)s has no name.", list=choice_list.name))
                if key in seen:
                    raise ValidationError(
                        self.env._(
                            "%(list)s has %(choice)s already. Choose another name.",
                            list=choice_list.name,
                            choice=choice.name,
                        )
                    )
                seen.add(key)

    @api.model_create_multi
    def create(self, vals_list):
        choices = super().create(vals_list)
        self.env.registry.clear_cache()
        return choices

    def write(self, vals):
        """Change choices; open projects follow the weight of their chance, and the name of their fixed subject.

        :raise UserError: a choice that is used would change list
        """
        if "list_id" in vals:
            self.filtered(lambda choice: choice.list_id.id != vals["list_id"])._check_keeps_list()
        names = {choice: choice.name for choice in self} if "name" in vals else {}
        res = super().write(vals)
        self.env.registry.clear_cache()
        # sudo: what a project says does not depend on who may see it
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        if "percentage" in vals:
            chances = [("chance_id", "in", self.ids), ("won_status", "=", "pending")]
            leads.search(chances).write({"probability": vals["percentage"]})
        for subject, name in names.items():
            # A name that it keeps in another language is still its name.
            if subject.usage == "subject" and not subject._named(name):
                leads.search([("subject_id", "=", subject.id), ("name", "=", name)]).write({"name": subject.name})
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "name" not in (default or {}):
            for choice, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%(choice)s (copy)", choice=choice.name)
        return vals_list

    def _check_keeps_list(self):
        for choice_id in self._uses():
            raise UserError(
                self.env._(
                    "%(choice)s is used. Leave it in its list, and add a choice to the other list instead.",
                    choice=self.browse(choice_id).name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Refuse to delete choices that records have.

        :raise UserError: it names the choice, and counts its uses per kind of record
        """
        for choice_id, uses in self._uses().items():
            raise UserError(
                self.env._(
                    "%(choice)s is used by %(uses)s. Archive it instead: it stays where it is used and is offered no "
                    "more.",
                    choice=self.browse(choice_id).name,
                    uses=", ".join(
                        f"{count} × {self.env['ir.model']._get(model).name}" for model, count in uses.items()
                    ),
                )
            )

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        # An import looks in the list of one field only.
        if (ids := self.env.context.get("crm_choice_ids")) is not None:
            domain = Domain(domain or Domain.TRUE) & Domain("id", "in", ids)
        return super().name_search(name, domain, operator, limit)

    def _named(self, name):
        """Those of these choices that have the name, in whichever language it was written."""
        wanted = (name or "").strip().casefold()
        languages = [code for code, _name in self.env["res.lang"].get_installed()] if wanted and self else ()
        return self.filtered(
            lambda choice: any(choice.with_context(lang=lang).name.strip().casefold() == wanted for lang in languages)
        )

    @api.model
    @ormcache()
    def _chances_by_weight(self):
        """The first chance of each weight, per list that processes fix, and of the standard list as list False.

        :return: ``{(crm.choice.list id or False, percentage): crm.choice id}``
        """
        standard = self.env.ref("crm_salesboard.crm_choice_list_chance", raise_if_not_found=False)
        found = {}
        # sudo: which chance a weight stands for does not depend on who saves it
        for choice in self.sudo().search([("usage", "=", "chance")]):
            weight = round(choice.percentage, 2)
            found.setdefault((choice.list_id.id, weight), choice.id)
            if choice.list_id == standard:
                found.setdefault((False, weight), choice.id)
        return found

    def _uses(self):
        """How many records have each choice, whoever may see them.

        :return: ``{choice id: {model name: count}}``, without choices that are not used
        """
        uses = {}
        # sudo: a choice must not be deleted because its uses are hidden from the administrator
        for field in self._using_fields() if self.ids else ():
            records = self.env[field.model_name].sudo().with_context(active_test=False)
            for choice, count in records._read_group([(field.name, "in", self.ids)], [field.name], ["__count"]):
                if choice.id in self.ids:
                    of_choice = uses.setdefault(choice.id, {})
                    of_choice[field.model_name] = of_choice.get(field.model_name, 0) + count
        return uses

    @api.model
    def _using_fields(self):
        """All stored fields that point at choices, those that administrators added too."""
        return [
            field
            for model in self.env.registry.values()
            if model._auto and not model._abstract and not model._transient
            for field in model._fields.values()
            if field.comodel_name == self._name and field.store and field.type in ("many2one", "many2many")
        ]
