from odoo import api, fields, models
from odoo.fields import Domain

PRIORITIES = [("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Very High")]


class CrmTicket(models.Model):
    """A complaint of a customer: what it is about, until when something happens, what was decided and what came of it.

    Whoever may see the customer and, where it has one, the project may see it, within the rules of the groups.
    """

    _name = "crm.ticket"
    _description = "Service Ticket"
    _inherit = [
        "portal.mixin",
        "mail.thread.cc",
        "mail.activity.mixin",
        "crm.access.mixin",
    ]
    _order = "priority desc, date_deadline, id desc"
    _check_company_auto = True
    _rec_names_search = ["name", "number"]

    number = fields.Char(required=True, readonly=True, copy=False, index="trigram", default="/")
    name = fields.Char("Subject", required=True, tracking=True)
    description = fields.Html("Complaint", sanitize_style=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", index="btree_not_null", check_company=True, tracking=True, ondelete="restrict"
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        "Customer Company",
        compute="_compute_commercial_partner_id",
        store=True,
        index="btree_not_null",
        help="Whose portal users see the ticket.",
    )
    contact_id = fields.Many2one(
        "res.partner",
        "Contact",
        index="btree_not_null",
        check_company=True,
        domain="[('id', 'child_of', commercial_partner_id)]",
        help="The person at the customer's who complained, and gets the answers.",
    )
    # who wrote, as long as nobody has said which customer it is
    email_from = fields.Char("E-mail", help="Of who complained, where no contact is known.")
    lead_id = fields.Many2one(index="btree_not_null", domain="[('partner_id', 'child_of', commercial_partner_id)]")
    team_id = fields.Many2one(
        "crm.team", check_company=True, index=True, domain=[("uses_tickets", "=", True)], tracking=True
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", index="btree_not_null", check_company=True, tracking=True, domain=[("share", "=", False)]
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    status_id = fields.Many2one(
        "crm.ticket.status",
        "Status",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        copy=False,
        group_expand="_group_expand_status_id",
        default=lambda self: self.env["crm.ticket.status"].search([("closes", "=", False)], limit=1),
    )
    is_closed = fields.Boolean(related="status_id.closes", store=True, string="Closed")
    priority = fields.Selection(PRIORITIES, required=True, default="1", tracking=True)
    date_deadline = fields.Datetime(
        "Deadline",
        compute="_compute_date_deadline",
        store=True,
        readonly=False,
        tracking=True,
        help="By the priority, in working hours of the team.",
    )
    product_id = fields.Many2one("product.product", index="btree_not_null", check_company=True)
    sale_order_id = fields.Many2one(
        "sale.order",
        "Order",
        index="btree_not_null",
        check_company=True,
        domain="[('partner_id', 'child_of', commercial_partner_id)]",
        help="That the complaint is about.",
    )
    invoice_id = fields.Many2one(
        "account.move",
        "Invoice",
        index="btree_not_null",
        check_company=True,
        domain="[('move_type', '=', 'out_invoice'), ('partner_id', 'child_of', commercial_partner_id)]",
        help="That the complaint is about.",
    )
    measure_id = fields.Many2one(
        "crm.choice", index="btree_not_null", ondelete="restrict", domain=[("usage", "=", "ticket_measure")], tracking=True
    )
    result = fields.Text(help="What came of it. A ticket is not closed without.", tracking=True)
    closed_on = fields.Datetime("Closed On", readonly=True, copy=False)
    reopened_count = fields.Integer("Reopened", readonly=True, copy=False)

    _number_once = models.UniqueIndex("(company_id, number) WHERE number <> '/'", "There is a ticket of this number.")
    _open_index = models.Index("(date_deadline) WHERE is_closed IS NOT TRUE")

    @api.depends("partner_id.commercial_partner_id")
    def _compute_commercial_partner_id(self):
        for ticket in self:
            ticket.commercial_partner_id = ticket.partner_id.commercial_partner_id

    @api.depends("priority", "team_id")
    def _compute_date_deadline(self):
        for ticket in self:
            ticket.date_deadline = ticket.date_deadline

    @api.depends("number", "name")
    def _compute_display_name(self):
        for ticket in self:
            ticket.display_name = f"{ticket.number} {ticket.name}" if ticket.number != "/" else ticket.name

    @api.model
    def _group_expand_status_id(self, statuses, domain):
        return statuses.search([])

    @api.model
    def _get_access_domain(self):
        """Without a project or customer it is for all whom the rules let see it."""
        of_projects = Domain("lead_id", "=", False) | super()._get_access_domain()
        of_customers = Domain("partner_id", "=", False) | Domain("partner_id", "any", [])
        return of_projects & of_customers

    @api.model_create_multi
    def create(self, vals_list):
        """Give each ticket the next number of its company."""
        for vals in vals_list:
            if vals.get("number", "/") == "/":
                company = vals.get("company_id") or self.env.company.id
                vals["number"] = self.env["ir.sequence"].with_company(company).next_by_code("crm.ticket") or "/"
        return super().create(vals_list)
