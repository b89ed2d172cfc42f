from odoo import api, fields, models
from odoo.fields import Domain


class CrmAccessMixin(models.AbstractModel):
    """What hangs on a project: for those, and only those, who may see or change the project itself.

    A record rule cannot say so: its domain is evaluated for the superuser, for whom every project is there.
    """

    _name = "crm.access.mixin"
    _description = "As Accessible as its Project"

    lead_id = fields.Many2one("crm.lead", "Project", index=True, ondelete="cascade")

    @api.model
    def _get_access_domain(self):
        """What a user may find, beyond the record rules of the model."""
        return Domain("lead_id", "any", [])

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._get_access_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        allowed = (self - result[0] if result else self).filtered("id")
        forbidden = allowed._filter_out_of_reach(operation) if allowed else allowed
        if not forbidden:
            return result
        if result:
            return result[0] | forbidden, result[1]
        return forbidden, lambda: self.env["ir.rule"]._make_access_error(operation, forbidden)

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
