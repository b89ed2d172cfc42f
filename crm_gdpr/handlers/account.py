"""The books: what is posted stays for the time that the law sets, with its printed copy."""

from collections import defaultdict

from odoo.tools import SQL

from ..engine.treatments import EMPTY, SCRUB, keep
from .base import Handler, Reason

NUMBERS = keep("numbers of the books")


class _Posted(Handler):
    """Rows that stay as long as the entry that they belong to."""

    column = "move_id"

    def get_kept(self, run, rows):
        moves = run.kept_rows["account.move"]
        owner = SQL.identifier(self.column)
        table = SQL.identifier(run.env[self.model]._table)
        run.env.cr.execute(
            SQL(
                """
                SELECT row.id, move.id, move.company_id, move.date
                  FROM %s row JOIN account_move move ON move.id = row.%s
                 WHERE row.id = ANY(%s) AND move.state = 'posted'
                """,
                table,
                owner,
                list(rows),
            )
        )
        kept = {}
        for row_id, move_id, company_id, day in run.env.cr.fetchall():
            # what only names the person, as a line of the bank's or another one's invoice does, counts from its own day
            own = run.settings.get_fiscal_until(company_id, day)
            until = max(own, run.get_fiscal_until(rows[row_id].persons) or own)
            kept[row_id] = moves.get(move_id) or Reason("posted", until)
        return self._not_over(run, kept)

    @staticmethod
    def _not_over(run, kept):
        """Without those whose time is over."""
        return {row_id: reason for row_id, reason in kept.items() if not run.is_over(reason)}

    def erase(self, run, rows):
        """What is kept is listed only where the person is named in it."""
        kept = self.get_kept(run, rows)
        held = {row_id: rows[row_id] for row_id in kept}
        fields = run.rewrite(self.model, held, is_kept=True)
        run.keep(self.model, {row_id: held[row_id] for row_id in self._listed(fields, held)}, kept, fields)
        run.kept_rows[self.model].update(kept)
        run.rewrite(self.model, {row_id: row for row_id, row in rows.items() if row_id not in kept})

    @staticmethod
    def _listed(fields, _held):
        return fields


class AccountMove(_Posted):
    """Entries. The period counts from the last one that was posted with the person in that company."""

    model = "account.move"
    sequence = 10
    column = "id"
    is_owned_by_document = False
    own_links = ("partner_id",)
    fields = {
        "invoice_partner_display_name": (EMPTY, SCRUB),
        "invoice_source_email": (EMPTY, SCRUB),
        "access_token": EMPTY,
        "name": NUMBERS,
        "sequence_prefix": NUMBERS,
        "inalterable_hash": NUMBERS,
        "sending_data": SCRUB,
    }
    export_fields = (
        "name", "move_type", "state", "date", "invoice_date", "invoice_date_due", "delivery_date",
        "invoice_partner_display_name", "invoice_source_email", "ref", "invoice_origin", "payment_reference",
        "amount_untaxed", "amount_tax", "amount_total", "amount_residual", "payment_state", "narration",
    )  # fmt: skip
    export_lines = {"invoice_line_ids": ("name", "quantity", "price_unit", "discount", "price_total")}
    export_involved = ("name", "date", "move_type")

    def find_last(self, run):
        """Until when what is posted has to be kept, by person."""
        rows = run.found.get(self.model)
        run.env.cr.execute(
            SQL("SELECT id, company_id, date FROM account_move WHERE id = ANY(%s) AND state = 'posted'", list(rows))
        )
        last = defaultdict(dict)
        for row_id, company_id, day in run.env.cr.fetchall():
            for person in rows[row_id].persons:
                last[person][company_id] = max(day, last[person].get(company_id, day))
        for person, days in last.items():
            run.fiscal_until[person] = max(
                run.settings.get_fiscal_until(company_id, day) for company_id, day in days.items()
            )

    def erase(self, run, rows):
        """An invoice of the person's that nobody printed is printed while the person can still be named in it."""
        own = [row_id for row_id in self.get_kept(run, rows) if rows[row_id].is_own]
        run.print_copies(self._find_unprinted(run, own), rows)
        return super().erase(run, rows)

    @staticmethod
    def _find_unprinted(run, ids):
        # a page of ours has the type of plain text where whoever made it is no administrator
        run.env.cr.execute(
            SQL(
                """
                SELECT move.id FROM account_move move
                 WHERE move.id = ANY(%s) AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                   AND NOT EXISTS (SELECT FROM ir_attachment file
                                    WHERE file.res_model = 'account.move' AND file.res_id = move.id
                                      AND (file.mimetype IN ('application/pdf', 'text/html')
                                           OR file.name LIKE '%%.html'))
                """,
                list(ids),
            )
        )
        return [row_id for (row_id,) in run.env.cr.fetchall()]

    @staticmethod
    def _listed(fields, held):
        """Every invoice of the person's that is kept is listed, with or without a name in it."""
        for row_id, row in held.items():
            if row.is_own:
                fields.setdefault(row_id, [])
        return fields


class AccountMoveLine(_Posted):
    model = "account.move.line"
    sequence = 11
    has_documents = False
    fields = {
        "matching_number": NUMBERS,
        "move_name": NUMBERS,
        "analytic_distribution": NUMBERS,
        "extra_tax_data": NUMBERS,
    }
    export_links = ("partner_id",)
    export_fields = ("move_name", "date", "name", "debit", "credit", "date_maturity")


class AccountPayment(_Posted):
    model = "account.payment"
    sequence = 12
    is_owned_by_document = False
    fields = {"name": NUMBERS, "memo": SCRUB, "payment_reference": SCRUB}
    export_links = ("partner_id",)
    export_fields = ("name", "state", "date", "payment_type", "amount", "memo", "payment_reference")


class AccountBankStatementLine(_Posted):
    model = "account.bank.statement.line"
    sequence = 12
    has_documents = False
    own_links = ("partner_id",)
    fields = {
        "partner_name": (EMPTY, SCRUB),
        "account_number": (EMPTY, SCRUB),
        "transaction_details": SCRUB,
        "internal_index": NUMBERS,
        "transaction_type": NUMBERS,
    }
    export_fields = (
        "date", "amount", "partner_name", "account_number", "payment_ref", "transaction_details",
    )  # fmt: skip

    def find(self, run):
        """Payments from or to an account of the person that nobody has assigned yet."""
        accounts = run.found.get("res.partner.bank")
        run.env.cr.execute(
            SQL(
                r"""
                SELECT line.id, account.id FROM res_partner_bank account
                  JOIN account_bank_statement_line line
                    ON regexp_replace(line.account_number, '\W', '', 'g') = account.sanitized_acc_number
                 WHERE account.id = ANY(%s) AND line.partner_id IS NULL
                """,
                list(accounts),
            )
        )
        for row_id, account_id in run.env.cr.fetchall():
            run.found.follow(self.model, row_id, accounts[account_id], "account_number")
