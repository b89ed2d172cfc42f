from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmCallAssign(models.TransientModel):
    """Says whose calls these were: the customer, and the project if it was about one."""

    _name = "crm.call.assign"
    _description = "Assign Calls"

    call_ids = fields.Many2many("crm.call", string="Calls", required=True)
    partner_id = fields.Many2one("res.partner", "Customer", required=True)
    commercial_partner_id = fields.Many2one(related="partner_id.commercial_partner_id", related_sudo=False)
    lead_id = fields.Many2one(
        "crm.lead",
        "Project",
        compute="_compute_lead_id",
        store=True,
        readonly=False,
        domain="[('type', '=', 'opportunity'), ('partner_id', 'child_of', commercial_partner_id)]",
    )
    other_ids = fields.Many2many("crm.call", compute="_compute_other_ids", string="Waiting Calls of the Same Number")
    other_count = fields.Integer(compute="_compute_other_ids")
    number = fields.Char(compute="_compute_number", help="The number of all the calls, if it is the same.")
    may_keep_number = fields.Boolean(compute="_compute_number")
    keep_number = fields.Boolean(
        "Remember the Number",
        default=True,
        help="Keep it as the phone number of the customer: later calls of that number are theirs too.",
    )

    @api.depends("partner_id")
    def _compute_lead_id(self):
        """The open project of the customer, if there is exactly one that the user sees."""
        for wizard in self:
            domain = [
                ("partner_id", "child_of", wizard.commercial_partner_id.ids),
                ("type", "=", "opportunity"),
                ("won_status", "=", "pending"),
            ]
            projects = wizard.lead_id.search(domain, limit=2) if wizard.partner_id else wizard.lead_id
            wizard.lead_id = projects if len(projects) == 1 else False

    @api.depends("call_ids")
    def _compute_other_ids(self):
        for wizard in self:
            calls = wizard.call_ids._origin
            numbers = list(filter(None, calls.mapped("number_sanitized")))
            domain = [("number_sanitized", "in", numbers), ("is_unassigned", "=", True), ("id", "not in", calls.ids)]
            wizard.other_ids = calls.search(domain) if numbers else False
            wizard.other_count = len(wizard.other_ids)

    @api.depends("call_ids", "partner_id")
    def _compute_number(self):
        for wizard in self:
            numbers = set(wizard.call_ids.mapped("number_sanitized"))
            wizard.number = numbers.pop() if len(numbers) == 1 else False
            wizard.may_keep_number = (
                wizard.number and not wizard.partner_id.phone and wizard.partner_id.has_access("write")
            )

    def action_apply(self):
        """Assign these calls, and those of the same numbers that wait too.

        :return: closing the assistant
        :raise UserError: there are no calls to assign
        """
        self.ensure_one()
        if not self.call_ids:
            raise UserError(self.env._("Choose the calls to assign."))
        (self.call_ids | self.other_ids).write({"partner_id": self.partner_id.id, "lead_id": self.lead_id.id})
        if self.keep_number and self.may_keep_number:
            self.partner_id.phone = self.number
        return {"type": "ir.actions.act_window_close"}
