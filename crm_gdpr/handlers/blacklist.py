"""Addresses that somebody put on a list: that nothing is to be sent there, or that mail from there is let in."""

from odoo.tools import SQL

from .base import SWEEP, Handler


class _Address(Handler):
    """Addresses that stand by themselves; that nothing is to be sent there is remembered as a fingerprint.

    What was written about it goes along.
    """

    deleted_by = ("*", SWEEP)
    has_documents = True
    column = ""
    kind = ""

    def find(self, run):
        by_value = {}
        for person in run.persons:
            for value in getattr(person.identity, self.kind):
                by_value.setdefault(value, []).append(person)
        column = SQL.identifier(self.column)
        table = SQL.identifier(run.env[self.model]._table)
        run.env.cr.execute(SQL("SELECT id, %s FROM %s WHERE %s = ANY(%s)", column, table, column, list(by_value)))
        for row_id, value in run.env.cr.fetchall():
            for person in by_value[value]:
                run.found.add(self.model, row_id, person, self.column, is_own=True)


class _Objection(_Address):
    """Who does not want to be written to is not, also where the company takes anonymised persons in again."""

    def erase(self, run, rows):
        run.env.cr.execute(
            SQL(
                "SELECT %s FROM %s WHERE id = ANY(%s) AND active",
                SQL.identifier(self.column),
                SQL.identifier(run.env[self.model]._table),
                list(rows),
            )
        )
        if not run.is_rehearsal:
            values = {self.kind: [value for (value,) in run.env.cr.fetchall()]}
            run.env["crm.gdpr.suppression"].sudo()._remember_objections(**values)
        return super().erase(run, rows)


class MailBlacklist(_Objection):
    model = "mail.blacklist"
    column = "email"
    kind = "emails"


class PhoneBlacklist(_Objection):
    model = "phone.blacklist"
    column = "number"
    kind = "phones"


class MailGatewayAllowed(_Address):
    model = "mail.gateway.allowed"
    column = "email_normalized"
    kind = "emails"
