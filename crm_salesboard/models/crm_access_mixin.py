from odoo import api, fields, models
from odoo.fields import Domain


class CrmAccessMixin(models.AbstractModel):
    """What hangs on a project: for those, and only those, who may see or change the project itself."""

    _name = "crm.access.mixin"
    _description = "As Accessible as its Project"
    _inherit = "crm.reach.mixin"

    lead_id = fields.Many2one("crm.lead", "Project", index=True, ondelete="cascade")

    @api.model
    def _get_access_domain(self):
        return Domain("lead_id", "any", [])

    def _filter_out_of_reach(self, operation):
        """Those of these records whose project the user may not read or, to change anything, not write."""
        # sudo: only to learn which project to ask for, which is then asked as the user
        lead_of = {part.id: part.lead_id.id for part in self.sudo()}
        leads = self.env["crm.lead"].browse({lead_id for lead_id in lead_of.values() if lead_id})
        reachable = set(leads._filtered_access("read" if operation == "read" else "write")._ids)
        return self.browse(part for part, lead in lead_of.items() if lead and lead not in reachable)

    def write(self, vals):
        res = super().write(vals)
        if "lead_id" in vals:
            # Odoo checks before writing: the project that it is moved to must be in reach as well.
            self.check_access("write")
        return res
