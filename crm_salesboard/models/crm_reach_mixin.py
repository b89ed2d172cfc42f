from odoo import api, models
from odoo.fields import Domain


class CrmReachMixin(models.AbstractModel):
    """What a user finds and uses only where something else is within reach of theirs.

    A record rule cannot say so: its domain is evaluated for the superuser, for whom everything is there.
    """

    _name = "crm.reach.mixin"
    _description = "As Accessible as its Project"

    @api.model
    def _get_access_domain(self):
        """What a user may find, beyond the record rules of the model. To be extended, with ``_filter_out_of_reach``."""
        return Domain.TRUE

    def _filter_out_of_reach(self, operation):
        """Those of these records that the user may not use, beyond the record rules of the model."""
        return self.browse()

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._get_access_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su:
            return result
        allowed = (self - result[0] if result else self).filtered("id")
        forbidden = allowed._filter_out_of_reach(operation) if allowed else allowed
        if not forbidden:
            return result
        if result:
            return result[0] | forbidden, result[1]
        return forbidden, lambda: self.env["ir.rule"]._make_access_error(operation, forbidden)
