"""What a run asks of large tables that Odoo itself never asks of them, so that it has no index for it.

They belong to modules that may be installed without us, or after us.
"""

from typing import NamedTuple

from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_index


class Index(NamedTuple):
    table: str
    column: str
    expression: str = ""  # where it is not the column itself

    @property
    def name(self):
        return f"crm_gdpr_{self.table}_{self.column}_idx"


INDEXES = (
    # whose it is
    Index("account_analytic_line", "partner_id"),
    Index("account_bank_statement_line", "partner_id"),
    Index("account_move", "commercial_partner_id"),
    Index("account_move", "partner_shipping_id"),
    Index("account_payment", "partner_id"),
    Index("payment_transaction", "partner_id"),
    Index("sms_sms", "partner_id"),
    # to which address, number or account
    Index("account_bank_statement_line", "account_number", r"regexp_replace(account_number, '\W', '', 'g')"),
    Index("account_payment", "partner_bank_id"),
    Index("crm_lead_contact", "one_off_email", "lower(one_off_email)"),
    Index("mail_guest", "email", "lower(email)"),
    Index("mailing_contact", "email_normalized"),
    Index("sms_sms", "number"),
)


def add(cr):
    """Make those that are missing, of tables that there are."""
    for index in INDEXES:
        if column_exists(cr, index.table, index.column):
            create_index(
                cr, index.name, index.table, [index.expression or index.column], where=f"{index.column} IS NOT NULL"
            )


def remove(cr):
    """Take them along when the addon goes."""
    for index in INDEXES:
        cr.execute(SQL("DROP INDEX IF EXISTS %s", SQL.identifier(index.name)))
