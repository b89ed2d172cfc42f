from collections import defaultdict
from functools import partial

from odoo import _, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.alphabet import in_alphabetical_order

MODELS = [("res.partner", "Customers"), ("crm.lead", "Projects")]
MODES = [("dropdown", "Values in use"), ("text", "Free text"), ("range", "From – to")]
# How each type of field can be searched, the way that suits it best first.
MODES_OF_TYPE = {
    "many2one": ("dropdown", "text"),
    "many2many": ("dropdown", "text"),
    "selection": ("dropdown",),
    "boolean": ("dropdown",),
    "char": ("dropdown", "text"),
    "text": ("text",),
    "integer": ("range", "dropdown"),
    "float": ("range",),
    "monetary": ("range",),
    "date": ("range",),
    "datetime": ("range",),
}
RELATIONAL = ("many2one", "many2many")
# How many values a dropdown shows at once; the others are found by typing.
VALUES_LIMIT = 100


class CrmSearchField(models.Model):
    """A field that users of the search lists can search by: one control in the panel beside the list.

    It only says which control is offered. What a user finds with it, and which values the dropdown holds, is read
    with that user's own rights on the customers or projects and on whatever they link to.
    """

    _name = "crm.search.field"
    _description = "Search Field"
    _order = "model desc, sequence, id"

    model = fields.Selection(MODELS, "Search List", required=True, default="res.partner")
    field_id = fields.Many2one(
        "ir.model.fields",
        required=True,
        ondelete="cascade",
        index=True,
        domain=f"[('model', '=', model), ('store', '=', True), ('ttype', 'in', {sorted(MODES_OF_TYPE)})]",
    )
    relation = fields.Char(related="field_id.relation")
    sub_field_id = fields.Many2one(
        "ir.model.fields",
        "Field of the Linked Record",
        ondelete="cascade",
        index=True,
        compute="_compute_sub_field_id",
        store=True,
        precompute=True,
        readonly=False,
        domain=f"[('model', '=', relation), ('store', '=', True), ('ttype', 'in', {sorted(MODES_OF_TYPE)})]",
        help="Search by a field of the record that the field links to, as the country of a project's customer.",
    )
    label = fields.Char(translate=True, help="What the control is called. Leave empty for the name of the field.")
    ttype = fields.Char("Type", compute="_compute_ttype")
    mode = fields.Selection(
        MODES, "Search by", compute="_compute_mode", store=True, readonly=False, required=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _unique_field = models.UniqueIndex(
        "(field_id, COALESCE(sub_field_id, 0))",
        "This field can already be searched by. If you do not see it, look among the archived search fields.",
    )

    # ------------------------------------------------------------
    # Computes and checks
    # ------------------------------------------------------------

    @api.depends("label", "field_id", "sub_field_id")
    def _compute_display_name(self):
        for search_field in self:
            # sudo: the labels of fields are no secret, while their definitions are for administrators
            labels = (search_field.sudo().field_id | search_field.sudo().sub_field_id).mapped("field_description")
            search_field.display_name = search_field.label or " ▸ ".join(labels)

    @api.depends("field_id")
    def _compute_sub_field_id(self):
        """Forget the field of a linked record where the field does not link to such records."""
        for search_field in self:
            if search_field.sub_field_id.model != search_field.field_id.relation:
                search_field.sub_field_id = False

    @api.depends("field_id", "sub_field_id")
    def _compute_ttype(self):
        for search_field in self:
            search_field.ttype = (search_field.sub_field_id or search_field.field_id).ttype

    @api.depends("field_id", "sub_field_id")
    def _compute_mode(self):
        """Keep a way to search that fits the field, else take the one that suits it best."""
        for search_field in self:
            modes = MODES_OF_TYPE.get((search_field.sub_field_id or search_field.field_id).ttype, ("text",))
            if search_field.mode not in modes:
                search_field.mode = modes[0]

    @api.onchange("model")
    def _onchange_model(self):
        if self.field_id.model != self.model:
            self.field_id = False

    @api.constrains("model", "field_id", "sub_field_id", "mode")
    def _check_field(self):
        """Take only fields that can be searched and whose values can be counted.

        :raise ValidationError: it names the field and says why it does not do
        """
        for search_field in self:
            field, sub_field = search_field.field_id, search_field.sub_field_id
            if field.model != search_field.model:
                raise ValidationError(_("%(field)s is not a field of this search list.", field=field.field_description))
            if sub_field and (field.ttype != "many2one" or sub_field.model != field.relation):
                raise ValidationError(
                    _(
                        "%(sub_field)s is not a field of what %(field)s links to.",
                        sub_field=sub_field.field_description,
                        field=field.field_description,
                    )
                )
            search_field._check_type(sub_field or field)

    def _check_type(self, field):
        modes = MODES_OF_TYPE.get(field.ttype, ()) if field.store else ()
        if not modes:
            raise ValidationError(
                _(
                    "%(field)s cannot be searched by: its values are not stored one by one. Choose a field of text, a "
                    "number, a date, a choice or a link.",
                    field=field.field_description,
                )
            )
        if self.mode not in modes:
            labels = dict(self._fields["mode"]._description_selection(self.env))
            raise ValidationError(
                _(
                    "%(field)s cannot be searched by %(mode)s. Choose one of: %(modes)s.",
                    field=field.field_description,
                    mode=labels[self.mode],
                    modes=", ".join(labels[mode] for mode in modes),
                )
            )

    # ------------------------------------------------------------
    # What the panel asks for
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def get_controls(self, model):
        """The controls of a search list that this user can use, in order.

        A field that the user may not read, or whose linked records the user may not read, is not offered.

        :param str model: ``res.partner`` or ``crm.lead``
        :return: list of ``{"id", "path", "label", "type", "mode"}``
        :raise AccessError: the user may not read search fields or records of the model
        """
        self.env[model].check_access("read")
        search_fields = self.search([("model", "=", model)])
        controls = [search_field._control() for search_field in search_fields]
        return [control for control in controls if control]

    @api.readonly
    def get_values(self, domain, term=""):
        """The values in use among the records that the user finds, with how many records have each.

        :param list domain: the present search but for this field
        :param str term: only values that contain this text
        :return: ``{"values": [{"value", "label", "count", and of choices "text_color", "background_color"}],
            "more": whether there are others}``; the value False stands for records without one
        :raise AccessError: the user may not read search fields
        :raise UserError: the user may not read the field
        """
        self.ensure_one()
        self.check_access("read")
        control = self._control()
        if not control:
            raise UserError(_("You cannot search by this field. Ask your administrator for the right to read it."))
        path, kind = control["path"], control["type"]
        in_text = term and kind in ("char", *RELATIONAL)
        groups = self.env[self.model]._read_group(
            Domain(domain) & (Domain(path, "ilike", term) if in_text else Domain.TRUE),
            [path],
            ["__count"],
            order="__count DESC",
            # Of several tags of a record some do not match the term; choices of a selection are few.
            limit=VALUES_LIMIT + 1 if kind not in ("many2many", "selection") else None,
        )
        label = self._label_relational if kind in RELATIONAL else self._label_plain
        values = label(groups, term)
        return {"values": values[:VALUES_LIMIT], "more": len(values) > VALUES_LIMIT}

    # ------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------

    def _names(self):
        # sudo: which fields they are; whether the user may read these is checked by the caller
        search_field = self.sudo()
        return search_field.field_id.name, search_field.sub_field_id.name

    def _owner(self):
        """The model that the values are of, the field in it, and the path to it from the list's model.

        :return: None where the user may not read the way to it
        """
        name, sub_name = self._names()
        model = self.env[self.model]
        if not sub_name:
            return model, name, name
        field = model._fields.get(name)
        if not field or not model._has_field_access(field, "read"):
            return None
        comodel = self.env[field.comodel_name]
        return (comodel, sub_name, f"{name}.{sub_name}") if comodel.has_access("read") else None

    def _control(self):
        """What the panel has to know of this field, None if the user may not read it."""
        owner = self._owner()
        if not owner:
            return None
        model, name, path = owner
        # A field made a moment ago by another process of the server may not be there yet.
        field = model._fields.get(name)
        if not field or not model._has_field_access(field, "read"):
            return None
        if field.type in RELATIONAL and not self.env[field.comodel_name].has_access("read"):
            return None
        return {
            "id": self.id,
            "path": path,
            "label": self.label or self._label_of(path, field),
            "type": field.type,
            "mode": self.mode,
        }

    def _label_of(self, path, field):
        """The names that the fields have for this user, in the user's language."""
        label = field._description_string(self.env)
        if "." not in path:
            return label
        link = self.env[self.model]._fields[path.split(".")[0]]
        return _("%(field)s of %(link)s", field=label, link=link._description_string(self.env))

    def _label_relational(self, groups, term):
        """Values of linked records, without those that the user may not read, in the order of their model."""
        counts = {record.id: count for record, count in groups if record}
        empty = sum(count for record, count in groups if not record)
        model, name, _path = self._owner()
        comodel = self.env[model._fields[name].comodel_name].with_context(active_test=False)
        domain = Domain("id", "in", list(counts)) & (Domain("display_name", "ilike", term) if term else Domain.TRUE)
        colors = [color for color in ("text_color", "background_color") if color in comodel._fields]
        values = [
            {
                "value": record.id,
                "label": record.display_name,
                "count": counts[record.id],
                **{color: record[color] for color in colors},
            }
            for record in comodel.search_fetch(domain, ["display_name", *colors])
        ]
        return values if term else self._with_empty(values, empty)

    def _label_plain(self, groups, term):
        """Values that are stored as they are; without a value is one case, however the database says so."""
        model, name, _path = self._owner()
        field = model._fields[name]
        counts = defaultdict(int)
        for value, count in groups:
            counts[value or field.falsy_value] += count
        if field.type == "boolean":
            labels = {True: _("Yes"), False: _("No")}
        elif field.type == "selection":
            labels = dict(field._description_selection(self.env))
        else:
            order = partial(in_alphabetical_order, self.env) if field.type == "char" else sorted
            labels = {value: str(value) for value in order(value for value in counts if value != "")}
        values = [
            {"value": value, "label": label, "count": counts[value]}
            for value, label in labels.items()
            if value in counts and term.casefold() in label.casefold()
        ]
        empty = counts.get(field.falsy_value, 0) if field.type in ("char", "selection") else 0
        return values if term else self._with_empty(values, empty)

    def _with_empty(self, values, count):
        """The values, with one for the records that have none."""
        return [*values, {"value": False, "label": _("Not set"), "count": count}] if count else values
