from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CrmChoiceList(models.Model):
    """A list of choices that an administrator maintains: kinds, chances, roles, document types and the like."""

    _name = "crm.choice.list"
    _description = "Choice List"
    _order = "usage, sequence, id"

    name = fields.Char(required=True, translate=True)
    usage = fields.Selection(
        [
            ("kind", "Kinds of project"),
            ("chance", "Chances"),
            ("subject", "Subjects"),
            ("contact_role", "Roles of contacts"),
            ("user_part", "Parts of linked users"),
            ("document_type", "Document types"),
            ("field", "Custom field"),
        ],
        required=True,
        default="field",
        help="Where the choices are offered. A process may have subjects and chances of its own; custom fields have "
        "a list each, or share one.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    choice_ids = fields.One2many("crm.choice", "list_id", "Choices")
    choice_count = fields.Integer(compute="_compute_choice_count")

    @api.depends("choice_ids")
    def _compute_choice_count(self):
        counts = dict(self.env["crm.choice"]._read_group([("list_id", "in", self.ids)], ["list_id"], ["__count"]))
        for choice_list in self:
            choice_list.choice_count = counts.get(choice_list, 0)

    def write(self, vals):
        """Keep a list what it is used for.

        :raise UserError: the usage of a list with choices would change
        """
        if "usage" in vals:
            for choice_list in self.with_context(active_test=False):
                if choice_list.choice_ids and choice_list.usage != vals["usage"]:
                    raise UserError(
                        self.env._(
                            "%(list)s holds choices already. Make a new list for the other use.", list=choice_list.name
                        )
                    )
        return super().write(vals)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for choice_list, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(list)s (copy)", list=choice_list.name)
            choices = choice_list.choice_ids
            copies = zip(choices, choices.copy_data(), strict=True)
            # In a list of its own a choice keeps its name.
            vals["choice_ids"] = [Command.create({**copy, "name": choice.name}) for choice, copy in copies]
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.with_context(active_test=False).choice_ids._unlink_except_used()
