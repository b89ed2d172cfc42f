from odoo import fields, models


class ResPartner(models.Model):
    """Whether a contact is anonymised."""

    _inherit = "res.partner"

    gdpr_state = fields.Selection(
        [("restricted", "Restricted"), ("anonymised", "Anonymised")],
        string="Privacy",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Anonymised: nothing is left of the person. Restricted: posted invoices stay as long as the law demands.",
    )
    # who else has the address or number of a person
    email_normalized = fields.Char(index="btree_not_null")
    phone_sanitized = fields.Char(index="btree_not_null")
    gdpr_date = fields.Datetime(
        string="Anonymised On", readonly=True, copy=False, groups="crm_gdpr.group_privacy_officer"
    )
