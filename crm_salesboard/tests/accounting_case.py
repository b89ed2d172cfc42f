from datetime import timedelta

from odoo import Command, fields

from .common import SalesBoardCase


class AccountingCase(SalesBoardCase):
    """Accountants of the company of the demo data, whose accounts Odoo's own demo data set up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._make_user("cast_accountant", "account.group_account_invoice")
        cls.auditor = cls._make_user("cast_auditor", "account.group_account_readonly")
        cls.admin = cls._make_user("cast_admin", "base.group_system")
        cls.contact = cls.env["res.partner"].create({"name": "Iris", "parent_id": cls.partner.id})

    @classmethod
    def _block(cls, partner=None, reason="Three reminders", user=None, **values):
        blocks = cls.env["crm.customer.block"].with_user(user or cls.accountant)
        return blocks.create({"partner_id": (partner or cls.partner).id, "reason": reason, **values})

    @classmethod
    def _invoice(cls, partner=None, due=-5, amount=100, move_type="out_invoice", post=True, **values):
        """An invoice that is due so many days from today."""
        today = fields.Date.today()
        move = cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": (partner or cls.partner).id,
                "invoice_date": today - timedelta(days=90),
                "invoice_date_due": today + timedelta(days=due),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [Command.create({"name": "Pump", "price_unit": amount, "tax_ids": False})],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    def _as(self, user, record, **context):
        record.env.flush_all()
        record.env.invalidate_all()
        return record.with_user(user).with_context(**context)
