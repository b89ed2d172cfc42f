from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..models.res_partner_private import UNOWNED_PARAMETER

RULES = tuple(
    f"crm_salesboard.{name}_rule_private"
    for name in (
        "res_partner",
        "res_partner_bank",
        "crm_lead",
        "crm_lead_move",
        "crm_activity_report",
        "crm_call",
        "crm_customer_block",
        "sale_order",
        "sale_order_line",
        "sale_report",
        "account_move",
        "account_move_line",
        "account_invoice_report",
    )
)


class CrmPrivateCustomers(models.TransientModel):
    """The switch that keeps customers private to their owners, for the whole database.

    Sales managers have this dialog; the same stands in the settings, which only administrators open.
    """

    _name = "crm.private.customers"
    _description = "Private Customers"

    private_customers = fields.Boolean(
        default=lambda self: self._is_on(),
        help="Salespeople see only the customers and projects they own or work on. Sales managers, accountants and "
        "administrators see all.",
    )
    unowned_customers = fields.Selection(
        [("everybody", "Everybody sees them"), ("managers", "Only those who see all")],
        "Customers and Projects without an Owner",
        required=True,
        default=lambda self: self._unowned_choice(),
    )

    @api.model
    def _is_on(self):
        # sudo: whether a rule is in force holds for everybody
        return self.env.ref(RULES[0]).sudo().active

    @api.model
    def _unowned_choice(self):
        return "everybody" if self.env["res.partner"]._unowned_is_open() else "managers"

    def action_apply(self):
        """Switch, for everybody at once.

        :return: an action that reloads the web client
        """
        self.ensure_one()
        self._switch(self.private_customers, self.unowned_customers)
        return {"type": "ir.actions.client", "tag": "reload"}

    @api.model
    def _switch(self, private_customers, unowned_customers):
        """Turn the record rules on or off.

        :param bool private_customers: whether customers are private to their owners
        :param str unowned_customers: ``everybody`` or ``managers`` see those without an owner
        :raise AccessError: the user is neither a sales manager nor an administrator
        """
        if not (self.env.user.has_group("sales_team.group_sale_manager") or self.env.is_admin()):
            raise AccessError(self.env._("Only sales managers and administrators make customers private."))
        # sudo: managers decide about these rules, and about no other
        rules = self.env["ir.rule"].sudo().union(*(self.env.ref(rule).sudo() for rule in RULES))
        changed = rules.filtered(lambda rule: rule.active != private_customers)
        if changed:
            changed.active = private_customers
        self.env["ir.config_parameter"].sudo().set_param(UNOWNED_PARAMETER, unowned_customers)
        for model in ("res.partner", "crm.lead"):
            self.env[model].invalidate_model(["is_private"])
