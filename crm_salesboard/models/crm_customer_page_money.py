from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount

INVOICE_FIELDS = [
    "name",
    "partner_id",
    "move_type",
    "invoice_date",
    "invoice_date_due",
    "amount_total_in_currency_signed",
    "amount_residual",
    "currency_id",
    "payment_state",
]


class CrmCustomerPage(models.AbstractModel):
    """What was invoiced and is due, from Odoo's own fields, for those who may read these."""

    _inherit = "crm.customer.page"

    @api.model
    def _get_counted(self, customer):
        counted = super()._get_counted(customer)
        partner, moves = customer.partner, self.env["account.move"]
        if partner._has_field_access(partner._fields["total_invoiced"], "read") and moves.has_access("read"):
            counted["invoices"] = (
                moves,
                Domain("partner_id", "in", customer.ids)
                & Domain("move_type", "in", ("out_invoice", "out_refund"))
                & Domain("state", "=", "posted"),
            )
        return counted

    @api.model
    def _block_invoices(self, customer):
        if "invoices" not in customer.counted:
            return None
        found, domain, count = self._first(customer, "invoices", INVOICE_FIELDS, "invoice_date desc, id desc")
        moves = self.env["account.move"]
        title = self.env._("Invoices")
        states = dict(moves._fields["payment_state"]._description_selection(self.env))
        return self._block(
            title,
            "fa-pencil-square-o",
            1,
            count,
            [self._invoice_line(customer, move, states) for move in found],
            self.env._("No invoices yet."),
            figures=self._invoice_figures(customer, domain) if count else [],
            action=self._list_action(
                title, "account.move", domain, ("list", "kanban", "form"), default_move_type="out_invoice"
            ),
        )

    @api.model
    def _get_warnings(self, customer):
        """A block by accounting with its reason, and what is overdue: how much, to those who see the accounts."""
        warnings, partner = super()._get_warnings(customer), customer.partner
        if not partner._has_field_access(partner._fields["has_overdue_invoices"], "read"):
            return warnings
        if partner.is_customer_blocked:
            text = self.env._("Blocked by accounting: %(reason)s", reason=partner.customer_block_reason)
            warnings.append({"level": "danger", "text": text})
        if partner.has_overdue_invoices:
            text = self.env._("Invoices of this customer are overdue.")
            if partner._has_field_access(partner._fields["overdue_amount"], "read"):
                amount = format_amount(self.env, self._overdue(partner), self.env.company.currency_id)
                text = self.env._("Invoices of this customer are overdue: %(amount)s", amount=amount)
            warnings.append({"level": "warning", "text": text})
        return warnings

    @api.model
    def _invoice_figures(self, customer, domain):
        partner = customer.partner
        figures = [
            self._figure(self.env._("Invoiced"), self._total_invoiced(customer), amount=True),
            self._figure(self.env._("Due"), self._due(domain), amount=True),
        ]
        # What is overdue is the company's.
        if partner == partner.commercial_partner_id and partner.overdue_amount:
            figures.append(self._figure(self.env._("Overdue"), self._overdue(partner), amount=True, alert=True))
        return figures

    @api.model
    def _overdue(self, partner):
        """What is overdue, in the company's currency: a partner of one company has that of its own."""
        today, company = fields.Date.context_today(self), self.env.company
        return partner.currency_id._convert(partner.overdue_amount, company.currency_id, company, today)

    @api.model
    def _total_invoiced(self, customer):
        """What Odoo's own button of the customer says, by its own report, with those below it known already."""
        domain = [
            ("partner_id", "in", customer.ids),
            ("state", "not in", ["draft", "cancel"]),
            ("move_type", "in", ("out_invoice", "out_refund")),
        ]
        [[total]] = self.env["account.invoice.report"]._read_group(domain, [], ["price_subtotal:sum"])
        return total

    @api.model
    def _due(self, domain):
        """What is not paid yet, in the company's currency as of today."""
        today, own_currency, due = fields.Date.context_today(self), self.env.company.currency_id, 0
        domain &= Domain("amount_residual", "!=", 0)
        for company, residual in self.env["account.move"]._read_group(
            domain, ["company_id"], ["amount_residual_signed:sum"]
        ):
            due += company.currency_id._convert(residual, own_currency, company, today, round=False)
        return due

    @api.model
    def _invoice_line(self, customer, move, states):
        today = fields.Date.context_today(self)
        is_open = bool(move.amount_residual)
        # What is to be paid back is not overdue to the customer.
        is_owed = is_open and move.move_type == "out_invoice"
        is_late = is_owed and move.invoice_date_due and move.invoice_date_due < today
        return self._line(
            move,
            move.name,
            who=customer.name_of(move.partner_id.id),
            badge={"name": states.get(move.payment_state)},
            date=move.invoice_date_due if is_open else move.invoice_date,
            late=is_late,
            amount=move.amount_total_in_currency_signed,
            currency_id=move.currency_id.id,
        )
