import uuid

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import addresses

# Who sees what belongs to a source: salespeople, who see where their leads came in, may not read it.
MANAGER, OFFICER = "crm_leadintake.group_intake_manager", "crm_leadintake.group_intake_officer"


class CrmIntakeSource(models.Model):
    """Where leads come from: a website, a partner's program, a portal; and what becomes of them."""

    _name = "crm.intake.source"
    _inherit = ["mail.thread", "crm.intake.config.mixin"]
    _description = "Lead Source"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    note = fields.Html(string="Internal Notes")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)

    # what becomes of a lead
    team_id = fields.Many2one("crm.team", string="Sales Team", check_company=True, tracking=True)
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        domain="[('share', '=', False)]",
        check_company=True,
        help="Gets the leads that no rule assigns. Empty: the leader of the team, where it has one.",
    )
    campaign_id = fields.Many2one("utm.campaign", help="For leads that name no campaign themselves.")
    utm_source_id = fields.Many2one("utm.source", string="Source", help="For leads that name no source themselves.")
    medium_id = fields.Many2one("utm.medium", help="For leads that name no medium themselves.")
    mapping_ids = fields.One2many("crm.intake.mapping", "source_id", string="Their Fields", copy=True, groups=OFFICER)
    unknown_fields = fields.Selection(
        [
            ("refuse", "Are refused with a message"),
            ("note", "Are added to the notes of the lead"),
            ("ignore", "Are left out"),
        ],
        required=True,
        default="refuse",
        help="What happens to fields that are neither ours nor mapped.",
    )

    # the same thing twice
    same_id = fields.Selection(
        [("update", "Updates the lead"), ("conflict", "Is refused as a conflict")],
        string="Same External ID, Other Content",
        required=True,
        default="update",
    )
    window_hours = fields.Integer(
        string="Same Content Within",
        default=24,
        help="Hours in which a lead without an external id that comes with the very same content is the same lead.",
    )
    duplicate_by_email = fields.Boolean(string="E-mail", default=True)
    duplicate_by_phone = fields.Boolean(string="Phone", default=True)
    duplicate_by_company = fields.Boolean(string="Company Name")
    duplicate_by_name = fields.Boolean(string="Contact Name", help="And the same company, or none on both.")
    duplicate_action = fields.Selection(
        [
            ("link", "Link to the lead that is there"),
            ("update", "Update the lead that is there"),
            ("note", "Add a note to the lead that is there"),
            ("reject", "Refuse it"),
        ],
        string="A Duplicate",
        required=True,
        default="note",
        help="Duplicates are open leads and projects. A customer who has none gets a new one.",
    )

    # taking leads
    processing = fields.Selection(
        [("now", "Before the answer"), ("later", "By a job, the answer does not wait")],
        string="Leads Are Made",
        required=True,
        default="now",
    )
    allowed_addresses = fields.Text(help="Addresses and networks, one per line. Empty: from everywhere.")
    request_limit = fields.Integer(string="Requests per Minute", default=600, help="0: any number.")
    retention_days = fields.Integer(
        string="Keep What Came In",
        default=90,
        required=True,
        help="Days after which the content of what came in is emptied in the inbox. The leads stay.",
    )
    key_ids = fields.One2many("crm.intake.key", "source_id", string="Keys", groups=MANAGER)
    api_user_ids = fields.Many2many(
        "res.users",
        string="API Users",
        copy=False,
        help="Users in the group Lead Intake Program whose API keys send leads of this source over Odoo's own API.",
    )
    public_id = fields.Char(readonly=True, copy=False, default=lambda self: uuid.uuid4().hex, index=True)
    inbox_ids = fields.One2many("crm.lead.inbox", "source_id", groups=OFFICER)

    _positive = models.Constraint(
        "CHECK (request_limit >= 0 AND window_hours >= 0 AND retention_days > 0)",
        "The request limit and the hours cannot be negative, and what came in is kept for a day at least.",
    )

    @api.constrains("allowed_addresses")
    def _check_allowed_addresses(self):
        for source in self:
            try:
                addresses.parse(source.allowed_addresses)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "Allowed addresses: %(error)s. Write addresses or networks, as in 192.0.2.7 or 192.0.2.0/24.",
                        error=error,
                    )
                ) from error

    @api.constrains("api_user_ids", "active")
    def _check_api_users(self):
        for source in self.filtered("active"):
            others = self.search([("api_user_ids", "in", source.api_user_ids.ids), ("id", "!=", source.id)])
            if taken := source.api_user_ids & others.api_user_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s sends leads of another source already. Make a user for each source.",
                        user=taken[0].name,
                    )
                )
