from lxml import etree

from odoo import api, models
from odoo.exceptions import ValidationError

from .crm_custom_field import CHOICE_TYPES


class CrmLead(models.Model):
    """The custom fields of projects: per process, mandatory from a status on, on the card, and kept by a merge."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "crm.custom.field.mixin"]

    # ------------------------------------------------------------
    # Views
    # ------------------------------------------------------------

    @api.model
    def _custom_form_places(self, arch):
        group = arch.find(".//group[@name='project']")
        page = arch.find(".//page[@name='internal_notes']")
        return ((group, "after"), (page, "after")) if group is not None and page is not None else None

    @api.model
    def _custom_modifiers(self, field):
        modifiers = {}
        if field["processes"]:
            modifiers["invisible"] = f"process_id not in {list(field['processes'])}"
        if field["mandatory"]:
            modifiers["required"] = f"stage_id in {list(field['mandatory'])} and won_status in ('pending', 'won')"
        return modifiers

    @api.model
    def _add_custom_to_kanban(self, arch, custom):
        """Show the choices, in their colours, on the cards of the board."""
        kind = arch.find(".//t[@t-name='card']//field[@name='kind_id']/..")
        row = kind if arch.get("js_class") == "salesboard_kanban" else None
        choices = [field for field in custom if field["on_card"] and field["ttype"] in CHOICE_TYPES]
        if row is None or not choices:
            return
        for field in choices:
            hidden = [f"not {field['name']}"]
            if field["processes"]:
                hidden.append(f"process_id not in {list(field['processes'])}")
            node = self._custom_field_node(field, invisible=" or ".join(hidden), readonly="1")
            node.set("options", "{'short': True, 'no_open': True}")
            row.append(node)
        if arch.find("./field[@name='process_id']") is None:
            arch.insert(0, etree.Element("field", name="process_id"))

    # ------------------------------------------------------------
    # Mandatory from a status on
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._check_mandatory_fields()
        return leads

    def write(self, vals):
        res = super().write(vals)
        if any(name.startswith("x_") and not value for name, value in vals.items()):
            self._check_mandatory_fields(names=vals.keys())
        return res

    def _after_move(self, before, vals):
        res = super()._after_move(before, vals)
        self.filtered(lambda lead: lead.board_column_id != before[lead][0])._check_mandatory_fields()
        return res

    def _check_mandatory_fields(self, names=None):
        """Hold projects to the values that their status calls for.

        :param names: look at these fields only
        :raise ValidationError: one message with all that is missing
        """
        custom = [
            field for field in self._custom_fields() if field["mandatory"] and (names is None or field["name"] in names)
        ]
        missing = {}
        for lead in self if custom else ():
            if lead.won_status not in ("pending", "won") or not lead.team_id.process_id or lead.type == "lead":
                continue
            for field in custom:
                shown = not field["processes"] or lead.team_id.process_id.id in field["processes"]
                empty = not lead[field["name"]] and field["ttype"] != "boolean"
                if shown and empty and lead.stage_id.id in field["mandatory"]:
                    label = self._fields[field["name"]]._description_string(self.env)
                    missing.setdefault(lead, []).append(label)
        if missing:
            lines = [
                self.env._(
                    "%(lead)s needs, in status %(status)s: %(fields)s.",
                    lead=lead.name,
                    status=lead.stage_id.name,
                    fields=", ".join(labels),
                )
                for lead, labels in missing.items()
            ]
            raise ValidationError("\n".join(lines))

    def _track_prepare(self, fields_iter):
        # in one query: Odoo reads each field that somebody added by itself
        names = list(fields_iter)
        self.filtered("id").fetch([name for name in names if self._fields[name].manual])
        return super()._track_prepare(names)

    # ------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------

    def _merge_get_fields_specific(self):
        """All choices of the merged projects, and of the other fields the first value; Odoo merges no field untold."""
        specific = super()._merge_get_fields_specific()
        for name in self._custom_names():
            if self._fields[name].type == "many2many":
                specific[name] = lambda fname, leads: leads.mapped(fname)
        return specific

    def _merge_get_fields(self):
        known = super()._merge_get_fields()
        return [*known, *(name for name in self._custom_names() if name not in known)]

    @api.model
    def _custom_names(self):
        """The names of all custom columns, the archived ones too: a merge loses nothing."""
        definitions = self.env["crm.custom.field"]
        shown = [field["name"] for field in definitions._shown(self._name)]
        names = [*shown, *sorted(definitions._hidden_names(self._name))]
        return [name for name in names if name in self._fields]
