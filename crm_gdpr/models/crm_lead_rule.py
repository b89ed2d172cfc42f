from odoo import api, fields, models


class CrmLead(models.Model):
    """Which leads a rule hits is a matter of searching, as with contacts."""

    _inherit = "crm.lead"

    gdpr_rule_id = fields.Many2one(
        "crm.gdpr.rule",
        string="Hit by Rule",
        store=False,
        copy=False,
        search="_search_gdpr_rule_id",
        groups="crm_gdpr.group_privacy_officer",
    )

    @api.model
    def _search_gdpr_rule_id(self, operator, value):
        return self.env["crm.gdpr.rule"]._search_hits(self._name, operator, value)
