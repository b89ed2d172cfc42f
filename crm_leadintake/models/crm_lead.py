from odoo import fields, models

from .crm_intake_source import OFFICER


class CrmLead(models.Model):
    """Leads know where they came in, and the inbox when they were taken up."""

    _inherit = "crm.lead"

    intake_source_id = fields.Many2one(
        "crm.intake.source", string="Came In From", readonly=True, index="btree_not_null", copy=False
    )
    intake_inbox_ids = fields.One2many("crm.lead.inbox", "lead_id", string="Inbox", readonly=True, groups=OFFICER)

    # What duplicates are found by among a million leads, of which few are open.
    _open_email_idx = models.Index(
        "(email_normalized) WHERE active AND won_status = 'pending' AND email_normalized IS NOT NULL"
    )
    _open_phone_idx = models.Index(
        "(phone_sanitized) WHERE active AND won_status = 'pending' AND phone_sanitized IS NOT NULL"
    )
    _open_company_idx = models.Index(
        "(lower(partner_name)) WHERE active AND won_status = 'pending' AND partner_name IS NOT NULL"
    )
    _open_name_idx = models.Index(
        "((lower(contact_name) || '|' || COALESCE(lower(partner_name), '')))"
        " WHERE active AND won_status = 'pending' AND contact_name IS NOT NULL"
    )

    def _inverse_email_from(self):
        if not self.env.context.get("intake_keep_customer"):
            super()._inverse_email_from()

    def _inverse_phone(self):
        if not self.env.context.get("intake_keep_customer"):
            super()._inverse_phone()

    def _merge_dependences(self, opportunities):
        """What came in stays with the lead that remains, so that its sender still learns what became of it."""
        (self | opportunities)._take_up()
        super()._merge_dependences(opportunities)
        # sudo: salespeople who merge leads need not see the inbox
        self.env["crm.lead.inbox"].sudo().search([("lead_id", "in", opportunities.ids)]).lead_id = self
