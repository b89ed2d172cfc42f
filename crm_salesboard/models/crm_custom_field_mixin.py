from lxml import etree

from odoo import Command, api, models
from odoo.exceptions import ValidationError
from odoo.tools import frozendict

from .crm_custom_field import CHOICE_TYPES

# The first fields stand on the first page of a form and in the menus of the search, where more would be in the way;
# the others have a page of their own and are found under "Custom Filter" and "Custom Group".
PROMINENT = 12
_WIDGETS = frozendict({"many2one": "crm_choice", "many2many": "crm_choices"})
_GROUPABLE = ("many2one", "many2many", "boolean", "date", "char")
_SEARCHABLE = ("many2one", "many2many", "char", "text")


class CrmCustomFieldMixin(models.AbstractModel):
    """Shows the fields that administrators define in the views of a model, and holds its records to them.

    The views are completed when they are read, not stored: so they never name a column that is gone, and follow the
    views they are added to. What is added depends on the definitions alone, as views are kept for all users.
    """

    _name = "crm.custom.field.mixin"
    _description = "Custom Fields"

    @api.model
    def _custom_fields(self):
        """The definitions to show, without those whose column another server process knows and this one not yet."""
        return [field for field in self.env["crm.custom.field"]._shown(self._name) if field["name"] in self._fields]

    # ------------------------------------------------------------
    # Views
    # ------------------------------------------------------------

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if (custom := self._custom_fields()) and (add := getattr(self, f"_add_custom_to_{view_type}", None)):
            add(arch, custom)
        return arch, view

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Offer fields that are archived, or not named yet, in no menu; programs still find them."""
        described = super().fields_get(allfields, attributes)
        for name in self.env["crm.custom.field"]._hidden_names(self._name) & described.keys():
            described[name].update(searchable=False, sortable=False, groupable=False, exportable=False)
        return described

    @api.model
    def _custom_field_node(self, field, **attributes):
        node = etree.Element("field", name=field["name"], **attributes)
        if widget := _WIDGETS.get(field["ttype"]):
            node.set("widget", widget)
            node.set("options", "{'no_create': True, 'no_open': True}")
        if field["list_id"]:
            node.set("domain", f"[('list_id', '=', {field['list_id']})]")
        return node

    @api.model
    def _custom_form_places(self, arch):
        """Where custom fields go on a form.

        :return: ``(element, position)`` of the first ones, and of the page of the others; ``position`` is how the
            new element relates to it: "after", "before" or "inside". None for forms that do not show them.
        """
        return None

    @api.model
    def _custom_page_title(self):
        return self.env._("More Fields")

    @api.model
    def _add_custom_to_form(self, arch, custom):
        if not (places := self._custom_form_places(arch)):
            return
        (first, where_first), (rest, where_rest) = places
        if first is not None:
            _insert(first, where_first, self._custom_group("custom_fields", custom[:PROMINENT]))
            custom = custom[PROMINENT:]
        if custom:
            page = etree.Element("page", name="custom_fields_page", string=self._custom_page_title())
            page.append(self._custom_group("custom_fields_more", custom))
            _insert(rest, where_rest, page)

    @api.model
    def _custom_group(self, name, custom):
        group = etree.Element("group", name=name)
        halves = (custom[: (len(custom) + 1) // 2], custom[(len(custom) + 1) // 2 :])
        for side, half in zip(("left", "right"), halves, strict=True):
            column = etree.SubElement(group, "group", name=f"{name}_{side}")
            for field in half:
                column.append(self._custom_field_node(field, **self._custom_modifiers(field)))
        return group

    @api.model
    def _custom_modifiers(self, field):
        """Attributes of the field's node on a form: when it is invisible or required."""
        return {}

    @api.model
    def _add_custom_to_list(self, arch, custom):
        for field in custom:
            arch.append(self._custom_field_node(field, optional="hide"))

    @api.model
    def _add_custom_to_search(self, arch, custom):
        known = {node.get("name") for node in arch.iter("field")}
        groups = next(iter(arch.iter("group")), None)
        for field in custom[:PROMINENT]:
            if field["ttype"] in _SEARCHABLE and field["name"] not in known:
                node = etree.Element("field", name=field["name"])
                if field["list_id"]:
                    node.set("domain", f"[('list_id', '=', {field['list_id']})]")
                last = [child for child in arch if child.tag == "field"]
                last[-1].addnext(node) if last else arch.insert(0, node)
            if field["ttype"] in _GROUPABLE and groups is not None:
                label = self._fields[field["name"]]._description_string(self.env)
                context = f"{{'group_by': '{field['name']}'}}"
                etree.SubElement(groups, "filter", name=f"group_{field['name']}", string=label, context=context)

    # ------------------------------------------------------------
    # Values
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_choices_of_list(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_choices_of_list([vals])
        return super().write(vals)

    @api.model
    def _check_choices_of_list(self, vals_list):
        """Refuse a choice of another list, which the screens do not offer and programs might send.

        :raise ValidationError: it names the choice and those of the list
        """
        named = {name for vals in vals_list for name in vals if name.startswith("x_")}
        for field in self._custom_fields() if named else ():
            if field["name"] not in named or field["ttype"] not in CHOICE_TYPES:
                continue
            ids = {id_ for vals in vals_list for id_ in _named_ids(vals.get(field["name"]))}
            choices = self.env["crm.choice"].browse(ids).exists()
            for choice in choices.filtered(lambda choice, field=field: choice.list_id.id != field["list_id"]):
                offered = self.env["crm.choice.list"].browse(field["list_id"]).choice_ids
                raise ValidationError(
                    self.env._(
                        "%(choice)s is not a choice of %(field)s. Choose one of: %(choices)s.",
                        choice=choice.name,
                        field=self._fields[field["name"]]._description_string(self.env),
                        choices=", ".join(offered.mapped("name")),
                    )
                )


def _named_ids(value):
    """The ids that a value written to a relational field adds: of a record, or of commands."""
    if isinstance(value, int) and not isinstance(value, bool):
        return {value}
    ids = set()
    for command in value if isinstance(value, list | tuple) else ():
        if isinstance(command, int):
            ids.add(command)
        elif command[0] in (Command.LINK, Command.UPDATE):
            ids.add(command[1])
        elif command[0] == Command.SET:
            ids.update(command[2])
    return ids


def _insert(element, where, node):
    if where == "after":
        element.addnext(node)
    elif where == "before":
        element.addprevious(node)
    else:
        element.append(node)
