"""Files, external ids and logs."""

from collections import defaultdict

from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine.found import THEIR_FILE
from ..engine.treatments import EMPTY, SCRUB, keep
from .base import HANDLERS, SWEEP, Handler, Plain, Reason

# the entry as it was sent, which Odoo keeps where the audit trail is restrictive
ENTRY_FILES = ("invoice_pdf_report_file", "ubl_cii_xml_file")


class IrAttachment(Handler):
    """Files on the person's own records and messages go, others where they have the person in them."""

    model = "ir.attachment"
    sequence = 70
    has_documents = False
    fields = {
        "name": SCRUB,
        "description": SCRUB,
        "index_content": (EMPTY, SCRUB),
        "url": SCRUB,
        "db_datas": keep("the file itself, which is read and deleted as a whole"),
        "store_fname": keep("the name of a file"),
        "checksum": keep("of the file"),
        "mimetype": keep("a kind of file"),
        "res_field": keep("the name of a field"),
    }

    def find_last(self, run):
        """Files of messages; what the person sent, on their own records or as a customer, is the person's.

        A file that hangs on another record, as a template's does and an invoice's, was only sent along.
        """
        messages = run.found.get("mail.message")
        run.env.cr.execute(
            SQL(
                """
                SELECT file.id, message.id, message.author_id, message.model, message.res_id,
                       COALESCE(file.res_model, 'mail.message') IN ('mail.message', 'mail.compose.message')
                       OR (file.res_model, file.res_id) = (message.model, message.res_id)
                  FROM message_attachment_rel rel
                  JOIN mail_message message ON message.id = rel.message_id
                  JOIN ir_attachment file ON file.id = rel.attachment_id
                 WHERE message.id = ANY(%s)
                """,
                list(messages),
            )
        )
        found = run.env.cr.fetchall()
        customers = self._read_customers(run, {(model, res_id) for *_ids, model, res_id, _is_sent in found if model})
        partners = run.found.own("res.partner")
        for row_id, message_id, author_id, model, res_id, is_sent in found:
            message = messages[message_id]
            run.found.follow(self.model, row_id, message, is_own=message.is_own and bool(is_sent))
            if is_sent and author_id in partners:
                customer = partners.get(customers.get((model, res_id)))
                for person in partners[author_id].owners & customer.owners if customer else ():
                    run.found.add(self.model, row_id, person, is_own=True)

    @staticmethod
    def _read_customers(run, documents):
        """Whose business these documents are: ``{(model, id): partner id}``."""
        by_model, found = defaultdict(list), {}
        for model, res_id in documents:
            if model in run.env and "partner_id" in run.columns.types[run.env[model]._table]:
                by_model[model].append(res_id)
        for model, ids in by_model.items():
            table = SQL.identifier(run.env[model]._table)
            run.env.cr.execute(
                SQL("SELECT id, partner_id FROM %s WHERE id = ANY(%s) AND partner_id IS NOT NULL", table, ids)
            )
            found |= {(model, row_id): partner_id for row_id, partner_id in run.env.cr.fetchall()}
        return found

    def get_kept(self, run, rows):
        """The printed copy of what the law keeps, also the one that is printed now, and what Odoo locks."""
        own = run.found.own("account.move")
        copies = {
            row_id: Reason("printed_copy", reason.until)
            for row_id, model, res_id, _res_field in self._documents(run, rows)
            if (reason := run.kept_rows[model].get(res_id)) and reason.why in ("posted",) and res_id in own
        }
        locked = self._find_locked(run, rows)
        return {row_id: reason for row_id, reason in locked.items() if not run.is_over(reason)} | copies

    def _find_locked(self, run, rows):
        """Files of entries that were posted once, where a company's audit trail is restrictive: those that would go."""
        entries = {
            row_id: rows[row_id] for row_id, model, *_rest in self._documents(run, rows) if model == "account.move"
        }
        if not entries or "account.move" not in run.env:
            return {}
        kept = {}
        files = run.env[self.model].sudo().browse(sorted(self.get_deleted(run, entries)))
        for file in files.filtered(self._is_locked):
            move = run.env["account.move"].sudo().browse(file.res_id)
            own = run.settings.get_fiscal_until(move.company_id.id, move.date)
            until = max(own, run.get_fiscal_until(rows[file.id].persons) or own)
            kept[file.id] = Reason("audit_trail", until)
        return kept

    @staticmethod
    def _is_locked(file):
        """Whether Odoo would refuse to delete it, or only take it out of its field."""
        try:
            file._except_audit_trail()
        except UserError:
            return True
        return bool(file.company_id.restrictive_audit_trail and file.res_field in ENTRY_FILES)

    def erase(self, run, rows):
        """What their files are recognised by, to find a copy of one."""
        # not those that come with mails: the same logo, or brochure, is at others' too
        run.env.cr.execute(
            SQL(
                """
                SELECT id, checksum FROM ir_attachment
                 WHERE id = ANY(%s) AND checksum IS NOT NULL AND res_field IS NOT NULL
                """,
                list(rows),
            )
        )
        for row_id, checksum in run.env.cr.fetchall():
            for person in rows[row_id].owners:
                person.identity.files.add(checksum)
        over = self._delete_over(run, rows)
        return super().erase(run, {row_id: row for row_id, row in rows.items() if row_id not in over})

    def _delete_over(self, run, rows):
        """Delete what Odoo would lock for ever though its time is over; return the ids."""
        over = {row_id for row_id, reason in self._find_locked(run, rows).items() if run.is_over(reason)}
        for row_id in over:
            run.count(self.model, rows[row_id].persons, "deleted")
        delete_files(run.env, over)
        return over

    def get_deleted(self, run, rows):
        kept_fields = run.settings.get_kept_files()
        spared = {
            row_id for row_id, model, _res_id, res_field in self._documents(run, rows)
            if model == "mail.template" or res_field and (model, res_field) in kept_fields
        }  # fmt: skip
        spared |= self._find_in_books(run, rows)
        own = {row_id for row_id, row in rows.items() if row.is_own or THEIR_FILE in row.links}
        own |= {row_id for row_id, *document in self._documents(run, rows) if self._is_emptied(run, *document)}
        # of files that are others' business, such as a quotation that names who made it, the search tells
        near = {row_id for row_id, row in rows.items() if row.near} | self._find_invitations(run, rows)
        return (own | self._find_in_content(run, near - own, rows)) - spared

    @staticmethod
    def _find_invitations(run, rows):
        """Those of meetings, which name everybody who was asked and are written anew at each change."""
        query = "SELECT id FROM ir_attachment WHERE id = ANY(%s) AND mimetype = 'text/calendar'"
        run.env.cr.execute(SQL(query, [row_id for row_id, row in rows.items() if not row.is_swept]))
        return {row_id for (row_id,) in run.env.cr.fetchall()}

    @staticmethod
    def _find_in_books(run, rows):
        """Files of entries that were posted with others: the law keeps these, whoever is named in them."""
        if "account.move" not in run.env:
            return set()
        run.env.cr.execute(
            SQL(
                """
                SELECT file.id, move.id, move.company_id, move.date
                  FROM ir_attachment file JOIN account_move move ON move.id = file.res_id
                 WHERE file.id = ANY(%s) AND file.res_model = 'account.move' AND move.state = 'posted'
                """,
                list(rows),
            )
        )
        own = run.found.own("account.move")
        return {
            row_id
            for row_id, move_id, company_id, day in run.env.cr.fetchall()
            if move_id not in own and run.settings.get_fiscal_until(company_id, day) >= run.today
        }

    @staticmethod
    def _is_emptied(run, model, res_id, res_field):
        """A picture or the like that is a field of a row, as a signature is."""
        row = run.found.get(model).get(res_id)
        treatment = HANDLERS[model].fields.get(res_field) if model in HANDLERS else None
        if isinstance(treatment, tuple):
            treatment = treatment[0 if row and row.is_own else 1]
        return bool(row and res_field and treatment is EMPTY)

    @staticmethod
    def _documents(run, rows):
        run.env.cr.execute(
            SQL("SELECT id, res_model, res_id, res_field FROM ir_attachment WHERE id = ANY(%s)", list(rows))
        )
        return run.env.cr.fetchall()

    @staticmethod
    def _find_in_content(run, ids, rows):
        """Those with the person in their text."""
        found = set()
        # read for the officer, who need not have rights on what they hang on
        for attachment in run.env["ir.attachment"].sudo().browse(sorted(ids)):
            text = run.get_text_of(attachment)
            row = rows[attachment.id]
            if text and any(person.matcher.find(text) for person in row.near or row.persons):
                found.add(attachment.id)
        return found


def delete_files(env, ids):
    """Delete attachments by SQL: Odoo's audit trail locks those of entries for ever, and the law for some years."""
    env.cr.execute(SQL("DELETE FROM ir_attachment WHERE id = ANY(%s) RETURNING store_fname", list(ids)))
    for (name,) in env.cr.fetchall():
        if name:
            env["ir.attachment"]._file_delete(name)


class IrModelData(Handler):
    """An external id that an import made of the name."""

    model = "ir.model.data"
    has_documents = False
    is_owned_by_document = False
    is_exported = False


class IrLogging(Plain):
    """The server's log table: a line that names the person goes."""

    model = "ir.logging"
    is_log = True
    deleted_by = (SWEEP,)
    is_exported = False


class IrActionsServer(Handler):
    model = "ir.actions.server"
    no_links = ("partner_ids", "activity_user_id", "resource_ref")
    is_exported = False


class IrUiMenu(Handler):
    model = "ir.ui.menu"
    no_links = ("action",)
    is_exported = False
