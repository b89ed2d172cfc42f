from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.flags import asked_for

ACCOUNTANTS = "account.group_account_invoice,account.group_account_readonly,base.group_system"
WARNED = f"sales_team.group_sale_salesman,{ACCOUNTANTS}"


class ResPartner(models.Model):
    """What sales should know before making an offer: accounting has blocked the customer, or invoices are overdue.

    All of it is the company's and the same for its contact persons. That something is overdue is for everybody who
    sells; how much is for those who see the accounts.
    """

    _inherit = "res.partner"

    customer_block_id = fields.Many2one(
        "crm.customer.block", "Block", compute="_compute_customer_block", exportable=False, groups=WARNED
    )
    is_customer_blocked = fields.Boolean(
        "Blocked by Accounting", compute="_compute_customer_block", search="_search_is_customer_blocked", groups=WARNED
    )
    customer_block_reason = fields.Text("Reason of the Block", compute="_compute_customer_block", groups=WARNED)
    customer_block_ids = fields.One2many(
        "crm.customer.block", "commercial_partner_id", "Blocks", readonly=True, groups=WARNED
    )
    has_overdue_invoices = fields.Boolean("Invoices Overdue", compute="_compute_overdue", groups=WARNED)
    overdue_amount = fields.Monetary(
        "Overdue",
        currency_field="currency_id",
        compute="_compute_overdue",
        groups=ACCOUNTANTS,
        help="What the customer still owes on posted invoices, or on instalments of them, whose due date has passed; "
        "of all companies that are chosen.",
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("allowed_company_ids")
    def _compute_customer_block(self):
        blocks = self.env["crm.customer.block"]._open_blocks(self, self.env.companies)
        for partner in self:
            customer = partner.commercial_partner_id._origin.id
            found = [blocks[key] for company in self.env.companies if (key := (customer, company.id)) in blocks]
            partner.customer_block_id = found[0].sudo(False) if found else False
            partner.is_customer_blocked = bool(found)
            partner.customer_block_reason = "\n".join(block.reason for block in found) or False

    def _search_is_customer_blocked(self, operator, value):
        asked = asked_for(operator, value)
        if asked is None:
            return NotImplemented
        blocks = self.env["crm.customer.block"]
        # sudo: whether a customer is blocked is for everybody who works with it
        groups = blocks.sudo()._read_group(blocks._open_domain(self.env.companies), ["commercial_partner_id"])
        blocked = Domain("commercial_partner_id", "in", [customer.id for (customer,) in groups])
        return Domain.OR(blocked if is_blocked else ~blocked for is_blocked in asked)

    @api.depends("commercial_partner_id")
    @api.depends_context("allowed_company_ids")
    def _compute_overdue(self):
        today = fields.Date.context_today(self)
        amounts = self._overdue_amounts(self.env.companies)
        for partner in self:
            customer = partner.commercial_partner_id._origin.id
            overdue = {owed: amounts.get((customer, owed.id), 0) for owed in self.env.companies}
            partner.has_overdue_invoices = any(overdue.values())
            partner.overdue_amount = sum(
                owed.currency_id._convert(amount, partner.currency_id, owed, today)
                for owed, amount in overdue.items()
                if amount
            )

    def _overdue_amounts(self, companies):
        """What the companies of these partners owe since before today, by one query however many there are.

        An invoice in instalments is as many receivable lines, each with its own date.

        :param companies: ``res.company``
        :return: ``{(id of commercial partner, id of company): amount in that company's currency}``
        """
        # sudo: whether something is overdue is said to salespeople who cannot read the invoices; amounts go no further
        # than the field of that name, which has groups
        customers = self.sudo().commercial_partner_id._origin
        if not customers:
            return {}
        domain = Domain(
            [
                ("partner_id", "in", customers.ids),
                ("company_id", "in", companies.ids),
                ("display_type", "=", "payment_term"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("date_maturity", "<", fields.Date.context_today(self)),
                ("move_id.move_type", "in", ("out_invoice", "out_receipt")),
            ]
        )
        lines = self.env["account.move.line"].sudo()
        groups = lines._read_group(domain, ["partner_id", "company_id"], ["amount_residual:sum"])
        return {(partner.id, company.id): amount for partner, company, amount in groups if amount > 0}

    @api.model
    def _warnings_of_customers(self, customers):
        """What sales is to be warned of, by two queries for any number of customers: a block before what is overdue.

        :param customers: list of ``(res.partner, res.company)``, the customer and who deals with it
        :return: list of ``(kind, text)`` in the same order, kind being ``blocked`` or ``overdue``; twice False where
            there is nothing to say
        """
        partners = self.concat(*(partner for partner, _companies in customers))
        companies = self.env["res.company"].concat(*(companies for _partner, companies in customers))
        blocks = self.env["crm.customer.block"]._open_blocks(partners, companies)
        overdue = partners._overdue_amounts(companies)
        return [partner._customer_warning(companies, blocks, overdue) for partner, companies in customers]

    def _customer_warning(self, companies, blocks, overdue):
        # sudo: the company above a contact person
        customer = self.sudo().commercial_partner_id._origin.id
        keys = [(customer, company.id) for company in companies]
        reasons = [blocks[key].reason for key in keys if key in blocks]
        if reasons:
            return "blocked", self.env._("Blocked by accounting: %(reason)s", reason="\n".join(reasons))
        if any(key in overdue for key in keys):
            return "overdue", self.env._("Invoices of this customer are overdue.")
        return False, False

    def action_block_customer(self):
        """The dialog in which accounting blocks the customer.

        :return: an action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Block Customer"),
            "res_model": "crm.customer.block",
            "views": [(self.env.ref("crm_salesboard.crm_customer_block_view_form_dialog").id, "form")],
            "target": "new",
            "context": {"default_partner_id": self.commercial_partner_id.id, "dialog_size": "medium"},
        }

    def action_release_customer(self):
        """Release what blocks the customer in the companies that are chosen.

        :raise UserError: nothing does any more
        """
        self.ensure_one()
        blocks = self.env["crm.customer.block"].search(
            Domain("commercial_partner_id", "=", self.commercial_partner_id.id)
            & self.env["crm.customer.block"]._open_domain(self.env.companies)
        )
        return blocks.action_release()
