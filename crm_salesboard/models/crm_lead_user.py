from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmLeadUser(models.Model):
    """One colleague in the selling centre of a project, who may read and change it like its owner."""

    _name = "crm.lead.user"
    _description = "Linked User"
    _inherit = "crm.access.mixin"
    _order = "id"
    _rec_name = "user_id"

    lead_id = fields.Many2one(required=True)
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade", domain="[('share', '=', False)]")
    part_id = fields.Many2one(
        "crm.choice",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('usage', '=', 'user_part')]",
        help="The part that the colleague has in the sale.",
    )
    note = fields.Char()

    # By user first: this is how the projects that are shared with somebody are found.
    _user_once = models.UniqueIndex("(user_id, lead_id)", "This user is linked to the project already.")

    @api.constrains("user_id")
    def _check_user_is_internal(self):
        for line in self:
            if line.user_id.share:
                raise ValidationError(
                    self.env._(
                        "%(user)s is no internal user. Add customers and partners to the contacts of the project.",
                        user=line.user_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Link users to projects.

        :raise AccessError: the current user may not write one of the projects
        """
        vals_list = [self._add_missing_default_values(vals) for vals in vals_list]
        # Before the links are there: afterwards everybody whom they name may write the project.
        self._check_may_link({vals.get("lead_id") for vals in vals_list})
        lines = super().create(vals_list)
        lines.lead_id._on_access_change()
        return lines

    def write(self, vals):
        leads = self.lead_id
        if "lead_id" in vals:
            self._check_may_link({vals["lead_id"]})
        res = super().write(vals)
        if vals.keys() & {"lead_id", "user_id"}:
            (leads | self.lead_id)._on_access_change()
        return res

    def unlink(self):
        """Unlink users from projects.

        :raise UserError: nobody would be left who may see a restricted project
        """
        # sudo: who removes the own link may not see the project any more afterwards
        leads = self.sudo().lead_id
        res = super().unlink()
        leads._on_access_change()
        return res

    @api.model
    def _check_may_link(self, lead_ids):
        self.env["crm.lead"].browse(filter(None, lead_ids)).check_access("write")
