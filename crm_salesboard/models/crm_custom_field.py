from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import ormcache

# The characters that a label may have.
MAX_LABEL = 80
CHOICE_TYPES = ("many2one", "many2many")
PRESETS = [("char", "x_free_field_%s", "Free field %s", 4), ("many2one", "x_choice_field_%s", "Choice field %s", 5)]


class CrmCustomField(models.Model):
    """A field that an administrator defines. Behind it stands a stored column, made by Odoo's own custom fields.

    So it works in lists, searches, groups, pivots, imports, exports, access rules and the API like any other field.
    ``crm.custom.field.mixin`` shows it in the views of its model.
    """

    _name = "crm.custom.field"
    _description = "Custom Field"
    _order = "model, sequence, id"

    name = fields.Char("Label", translate=True, help="What users read. Renaming keeps all values.")
    placeholder = fields.Char("Ready-made as", readonly=True, translate=True)
    model = fields.Selection("_selection_model", "On", required=True, default="crm.lead")
    ttype = fields.Selection(
        [
            ("char", "Text"),
            ("text", "Long text"),
            ("float", "Decimal number"),
            ("monetary", "Currency"),
            ("date", "Date"),
            ("boolean", "Yes/No"),
            ("many2one", "Choice"),
            ("many2many", "Multiple choice"),
        ],
        "Type",
        required=True,
        default="char",
    )
    list_id = fields.Many2one(
        "crm.choice.list",
        "Choice List",
        ondelete="restrict",
        domain=[("usage", "=", "field")],
        help="The choices that the field offers. Several fields may share a list.",
    )
    choice_ids = fields.One2many(related="list_id.choice_ids", readonly=False)
    help = fields.Text(translate=True, help="Shown when the mouse rests on the label.")
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True, help="An archived field is hidden and keeps its values.")
    process_ids = fields.Many2many(
        "crm.process", string="Processes", help="The field shows on projects of these processes; of all, if empty."
    )
    stage_ids = fields.Many2many(
        "crm.stage",
        string="Mandatory From",
        domain="[('process_id', '!=', False), ('is_won', '=', False)]",
        help="From this status of its process on, the order included, a project cannot do without a value.",
    )
    on_card = fields.Boolean("On the Card", default=True, help="Show the choice, in its colours, on the board.")
    field_id = fields.Many2one("ir.model.fields", "Column", readonly=True, ondelete="cascade", copy=False)
    field_name = fields.Char("Name for Programs", compute="_compute_field_name", compute_sudo=True, store=True)
    value_count = fields.Integer("Values", compute="_compute_value_count")

    _field_once = models.UniqueIndex("(field_id)")

    @api.model
    def _selection_model(self):
        return [
            ("crm.lead", self.env._("Projects")),
            ("res.partner", self.env._("Customers")),
            ("crm.note", self.env._("Notes")),
        ]

    @api.depends("field_id.name")
    def _compute_field_name(self):
        for definition in self:
            definition.field_name = definition.field_id.name

    def _compute_value_count(self):
        for definition in self:
            definition.value_count = definition._count_values()

    @api.depends("name", "placeholder")
    def _compute_display_name(self):
        for definition in self:
            definition.display_name = definition.name or definition.placeholder

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------

    @api.constrains("name", "placeholder")
    def _check_name(self):
        for definition in self:
            name = (definition.name or "").strip()
            if not name and not definition.placeholder:
                raise ValidationError(self.env._("A field needs a label. Write what users shall read."))
            if len(name) > MAX_LABEL:
                raise ValidationError(
                    self.env._(
                        "A label has at most %(max)s characters, and “%(label)s…” has %(count)s. Shorten it, and put "
                        "the rest into the help.",
                        max=MAX_LABEL,
                        label=name[:20],
                        count=len(name),
                    )
                )
            if name and definition._has_double(name):
                raise ValidationError(
                    self.env._(
                        "%(model)s have a field %(label)s already. Choose another label, so that users can tell them "
                        "apart.",
                        model=dict(self._selection_model())[definition.model],
                        label=name,
                    )
                )

    def _has_double(self, name):
        """Whether the model has another field of that label; Odoo itself would warn of it at every start."""
        # sudo: labels only; salespeople in charge may not read ir.model.fields
        domain = [("model", "=", self.model), ("id", "!=", self.field_id.id), ("field_description", "=ilike", name)]
        same = self.env["ir.model.fields"].sudo().search(domain)
        return any(field.field_description.strip().casefold() == name.casefold() for field in same)

    @api.constrains("ttype", "list_id")
    def _check_list(self):
        for definition in self.filtered(lambda definition: definition.ttype in CHOICE_TYPES):
            if not definition.list_id:
                raise ValidationError(
                    self.env._("%(field)s needs a list of choices. Choose or make one.", field=definition.display_name)
                )

    @api.constrains("stage_ids", "model")
    def _check_stages(self):
        for definition in self.filtered("stage_ids"):
            processes = definition.stage_ids.mapped("process_id")
            if definition.model != "crm.lead":
                raise ValidationError(self.env._("Only a field of projects can be mandatory from a status on."))
            if len(processes) != len(definition.stage_ids):
                raise ValidationError(
                    self.env._(
                        "%(field)s is mandatory from one status of a process on. Choose at most one of each process.",
                        field=definition.display_name,
                    )
                )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Define fields and make their columns, all at once.

        :raise ValidationError: a label is empty, too long or double, or a choice field has no list
        :raise UserError: the table is busy
        """
        vals_list = [dict(vals) for vals in vals_list]
        names = [vals.pop("field_name", None) for vals in vals_list]
        for vals in vals_list:
            if isinstance(vals.get("name"), str):
                vals["name"] = vals["name"].strip()
            if vals.get("ttype") in CHOICE_TYPES and not vals.get("list_id"):
                label = vals.get("name") or vals.get("placeholder")
                choices = vals.pop("choice_ids", [])
                vals["list_id"] = self.env["crm.choice.list"].create({"name": label, "choice_ids": choices}).id
        definitions = super().create(vals_list)
        definitions._make_columns(names)
        definitions._views_changed()
        return definitions

    def write(self, vals):
        """Change definitions; the columns follow.

        :raise UserError: the type or the model of a field with values would change
        """
        if isinstance(vals.get("name"), str):
            vals = {**vals, "name": vals["name"].strip()}
        for name in ("model", "ttype", "list_id"):
            if name in vals:
                self._check_without_values(name, vals[name])
        anew = self.filtered(lambda d: any(name in vals and vals[name] != d[name] for name in ("model", "ttype")))
        names = anew.mapped("field_name")
        if anew:
            columns = anew.sudo().field_id  # sudo: no values are lost, and the right to define fields was checked
            self.check_access("write")
            anew.sudo().field_id = False
            columns.unlink()
        ready_made = self.filtered(lambda d: d.placeholder and not d.name and d.list_id.name == d.placeholder)
        res = super().write(vals)
        for definition in ready_made if vals.get("name") else ():
            definition.list_id.name = definition.name
        anew._make_columns(names)
        anew._push_labels()
        if "list_id" in vals:
            for definition in self - anew:
                # sudo: the right to define fields has been checked by super
                definition.field_id.sudo().domain = definition._column_domain()
        if "name" in vals or "help" in vals:
            self._push_labels()
        self._views_changed()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_values(self):
        """Keep values from going unasked.

        :raise UserError: a field holds values; ``action_remove`` asks before they go
        """
        if self.env.context.get("crm_custom_field_values_go"):
            return
        for definition in self:
            if count := definition._count_values():
                raise UserError(
                    self.env._(
                        "%(field)s holds %(count)s values, which would be lost. Archive it to hide it and keep "
                        "them, or choose Remove on its form.",
                        field=definition.display_name,
                        count=count,
                    )
                )

    def unlink(self):
        """Remove definitions with their columns."""
        # Before anything is announced: to take the views anew costs every server process its registry.
        self.check_access("unlink")
        columns = self.sudo().field_id  # sudo: the right to remove definitions was checked just now
        self._views_changed()
        res = super().unlink()
        self._in_lock_timeout(columns.unlink)
        return res

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for definition, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(field)s (copy)", field=definition.display_name)
            vals["placeholder"] = False
        return vals_list

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        res = super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
        if field_name in ("name", "help"):
            self._push_labels()
            self._views_changed()
        return res

    def action_remove(self):
        """Remove the field at once where it holds nothing; else ask, with the number of values that would go."""
        self.ensure_one()
        if not self._count_values():
            self.unlink()
            return self._action_list()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Remove %(field)s", field=self.display_name),
            "res_model": "crm.custom.field.remove",
            "view_mode": "form",
            "target": "new",
            "context": {"default_field_id": self.id},
        }

    @api.model
    def _action_list(self):
        """Back to the list, without a way back to a field that is gone."""
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_salesboard.crm_custom_field_action")
        return {**action, "target": "main"}

    # ------------------------------------------------------------
    # Labels and views
    # ------------------------------------------------------------

    def _push_labels(self):
        """Give the columns the labels and helps of their definitions, in every language."""
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        for definition in self.filtered("field_id"):
            # sudo: the right to define fields has been checked where the label was written
            column = definition.field_id.sudo()
            in_language = [(code, definition.with_context(lang=code)) for code in {*languages, "en_US"}]
            labels = {code: local.name or local.placeholder for code, local in in_language}
            column.update_field_translations("field_description", labels)
            if column.help or definition.help:
                column.with_context(lang="en_US").help = definition.with_context(lang="en_US").help
                column.update_field_translations("help", {code: local.help or "" for code, local in in_language})

    @api.model
    def _views_changed(self):
        """Let every server process and every open screen take the definitions anew."""
        self.env.registry.clear_cache("stable")
        self.env.registry.clear_cache("templates")
        self.env.registry.clear_cache()
        # The screens keep their views for as long as the registry of the server stays the same.
        self.env.registry.registry_invalidated = True
        self.env["bus.bus"]._sendone("broadcast", "crm_salesboard.views_changed", {})

    @api.model
    @ormcache("model")
    def _shown(self, model):
        """What the views need to know of the fields that users see, in order.

        :param str model: name of the model
        :return: tuple of dicts with name, ttype, list_id, processes, mandatory (ids of statuses), on_card
        """
        # sudo: everybody sees the same fields; the views check what each may read
        definitions = self.sudo().search([("model", "=", model), ("name", "not in", (False, ""))])
        return tuple(
            {
                "name": definition.field_name,
                "ttype": definition.ttype,
                "list_id": definition.list_id.id,
                "processes": tuple(definition.process_ids.ids),
                "mandatory": tuple(definition._mandatory_stages().ids),
                "on_card": definition.on_card,
            }
            for definition in definitions
            if definition.field_name
        )

    @api.model
    @ormcache("model")
    def _hidden_names(self, model):
        """The names of the columns whose definition is archived, or not named yet."""
        shown = {field["name"] for field in self._shown(model)}
        definitions = self.sudo().with_context(active_test=False).search([("model", "=", model)])
        return frozenset(name for name in definitions.mapped("field_name") if name and name not in shown)

    def _mandatory_stages(self):
        """All statuses in which a project needs a value: from the chosen ones on, orders included."""
        stages = self.env["crm.stage"]
        for stage in self.stage_ids:
            later = stage.process_id.status_ids
            position = later.ids.index(stage.id) if stage in later else 0
            stages |= later[position:] | stage.process_id.won_stage_id
        return stages

    # ------------------------------------------------------------
    # Ready-made fields
    # ------------------------------------------------------------

    @api.model
    def _ensure_presets(self):
        """Four free and five choice fields of projects, hidden until an administrator names them."""
        known = set(self.with_context(active_test=False).search([("model", "=", "crm.lead")]).mapped("field_name"))
        vals_list = []
        for ttype, name, placeholder, count in PRESETS:
            for number in range(1, count + 1):
                if name % number in known or name % number in self.env["crm.lead"]._fields:
                    continue
                vals = {"ttype": ttype, "field_name": name % number, "placeholder": placeholder % number}
                vals_list.append({**vals, "sequence": len(vals_list) + 1})
        xmlids = [f"crm_salesboard.crm_custom_field_{vals['field_name'][2:]}" for vals in vals_list]
        self.env["ir.model.data"]._update_xmlids(
            {"xml_id": xmlid, "record": definition, "noupdate": True}
            for xmlid, definition in zip(xmlids, self.create(vals_list), strict=True)
        )
