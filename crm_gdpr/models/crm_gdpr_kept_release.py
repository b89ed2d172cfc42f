import logging

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..engine import persons
from ..engine.columns import Columns
from ..engine.run import Run
from ..engine.treatments import EMPTY
from ..engine.values import MARK
from ..handlers import get_handler
from ..handlers.ir import delete_files
from ..tools.parts import Parts

_logger = logging.getLogger(__name__)
BATCH = 100
# whose a row may be
WHOSE = {"res.partner": "partner_id", "crm.lead": "lead_id"}


class CrmGdprKept(models.Model):
    """What the law kept goes when its time is over, by itself."""

    _inherit = "crm.gdpr.kept"

    @api.model
    def _cron_release(self):
        """Finish with contacts and leads of whom something's time is over, in batches that are committed."""
        if all(self._release_all(model) for model in WHOSE):
            self._release_all_nobodys()

    @api.model
    def _release_all(self, model):
        """Finish with the contacts, or the leads; return whether there is time left."""
        parts, last_id = Parts(self.env, BATCH), 0
        while records := self._find_due(last_id, limit=parts.size, model=model):
            # somebody may append to the log, or change a row, at the same time
            with parts.attempt():
                left = self._count_left(model, records.ids[-1])
                released = self._release(records)
                self._log_released(released)
                has_time = bool(self.env["ir.cron"]._commit_progress(len(records), remaining=left))
                last_id = records.ids[-1]
                self.env["ir.attachment"].sudo()._gc_file_store()
                # the next call begins anew: it has to get further than those who are on hold, and stay due
                if released and not has_time:
                    return False
            if parts.is_hopeless:
                # soon, and not tomorrow
                self.env["ir.cron"]._commit_progress(0, remaining=self._count_left(model, last_id))
                return False
        return True

    @api.model
    def _count_left(self, model, after_id):
        """What is still to do when those up to an id are done; a job that says nothing is left begins tomorrow."""
        left = len(self._find_due(after_id, limit=None, model=model))
        models_after = list(WHOSE)[list(WHOSE).index(model) + 1 :]
        left += sum(len(self._find_due(0, limit=None, model=name)) for name in models_after)
        # what is kept belongs to accounting, and is released by the job
        return left + self.sudo().search_count(self._get_nobodys_domain())

    @api.model
    def _find_due(self, after_id, limit=BATCH, model="res.partner"):
        """Contacts, or leads, with something whose time is over, by id."""
        self.flush_model(["released_at", "until", *WHOSE.values()])
        column = SQL.identifier(WHOSE[model])
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT %(column)s FROM crm_gdpr_kept
                 WHERE released_at IS NULL AND until < %(today)s AND %(column)s > %(after)s
                 ORDER BY %(column)s LIMIT %(limit)s
                """,
                column=column,
                today=fields.Date.context_today(self),
                after=after_id,
                limit=limit,
            )
        )
        return self.env[model].browse([row_id for (row_id,) in self.env.cr.fetchall()])

    @api.model
    def _release_all_nobodys(self):
        """In batches that are committed, as long as there is time."""
        parts, done, has_time = Parts(self.env, BATCH), 1, True
        while done and has_time and not parts.is_hopeless:
            with parts.attempt():
                done = self._release_nobodys(parts.size)
                left = self.sudo().search_count(self._get_nobodys_domain())
                has_time = bool(self.env["ir.cron"]._commit_progress(done, remaining=left))
        if parts.is_hopeless:
            # soon, and not tomorrow
            left = self.sudo().search_count(self._get_nobodys_domain())
            self.env["ir.cron"]._commit_progress(0, remaining=left)

    @api.model
    def _release_nobodys(self, limit=BATCH):
        """What was kept of leads that somebody deleted since: its date alone tells. Return how many rows it were."""
        # what is kept belongs to accounting, and is released by the job
        rows = self.sudo().search(self._get_nobodys_domain(), limit=limit)
        rows._erase()
        rows.released_at = fields.Datetime.now()
        self._log_released(rows)
        return len(rows)

    @api.model
    def _get_nobodys_domain(self):
        nobodys = [("partner_id", "=", False), ("lead_id", "=", False)]
        return [*nobodys, ("released_at", "=", False), ("until", "<", fields.Date.context_today(self))]

    @api.model
    def _release(self, records):
        """Finish with contacts or leads, all at once or, where one of them fails, one by one: the others do not wait.

        :param records: contacts, or leads without one
        :return: the rows that were released, to be noted in the log
        """
        try:
            with self.env.cr.savepoint():
                return self._release_together(records)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, it is one person's
            self.env.invalidate_all(flush=False)
            # what an error quotes may be about a person
            _logger.warning("releasing what is kept of %s failed: %s", records, type(error).__name__)
        released = self.browse()
        if len(records) > 1:
            for record in records:
                released |= self._release(record)
        return released

    @api.model
    def _release_together(self, records):
        """Erase what need not be kept any more; what has to stay longer than it seemed gets its new date."""
        if records._name == "res.partner":
            held = self.env["crm.gdpr.hold"]._get_reasons(records)
            records = records.filtered(lambda partner: partner.id not in held)
        # what is kept belongs to accounting, and is released by a privacy officer or by the job
        rows = self.sudo().search([(WHOSE[records._name], "in", records.ids), ("released_at", "=", False)])
        still = self._find_still_kept(records)
        for row in rows:
            if (row.res_model, row.res_id) in still:
                row.until = still[row.res_model, row.res_id]
        # what no link leads to is not found again, so that the date alone tells: it may be in another one's invoice
        today = fields.Date.context_today(self)
        due = rows.filtered(lambda row: row.until and row.until < today)
        due._erase()
        due.released_at = fields.Datetime.now()
        if records._name == "res.partner":
            self._finish(records)
        return due

    @api.model
    def _log_released(self, rows):
        """Note in the log what was released: the last thing before the commit."""
        if rows:
            self.env.flush_all()
            log = self.env["crm.gdpr.log"]
            subjects = log._get_fingerprints(rows.partner_id) + log._get_fingerprints(rows.lead_id)
            log._append("released", subjects=subjects, counts={"rows": len(rows)})

    @api.model
    def _find_still_kept(self, records):
        """What would be kept were they anonymised now: ``{(model, id): until}``."""
        env = self.env(su=True, context={"active_test": False, "lang": None})
        settings = env["crm.gdpr.field"]._get_settings()
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            ids = (records.ids, ()) if records._name == "res.partner" else ((), records.ids)
            found = persons.resolve(env, *ids, settings.is_nobody)
            run = Run(env, found, settings, is_rehearsal=True)
            run.find()
            run.erase()
        finally:
            savepoint.rollback()
            savepoint.close(rollback=False)
            self.env.invalidate_all(flush=False)
        return {
            (model, row_id): reason.until for model, rows in run.kept_rows.items() for row_id, reason in rows.items()
        }

    def _erase(self):
        """Delete files and accounts, and empty the fields that had something of the person in them."""
        columns = Columns(self.env)
        for model, rows in self.grouped("res_model").items():
            if model not in self.env:
                continue
            if model == "ir.attachment":
                delete_files(self.env, rows.mapped("res_id"))
            elif model == "res.partner.bank":
                rows._erase_accounts(columns)
            else:
                for row in rows.filtered("field_names"):
                    row._empty_fields(columns, row.field_names)
        self.env.invalidate_all()

    def _erase_accounts(self, columns):
        """By SQL: Odoo would archive them, with the number, and write that number into the log of the contact."""
        referenced = columns.find_referenced("res_partner_bank", self.mapped("res_id"))
        free = [row.res_id for row in self if row.res_id not in referenced]
        self.env.cr.execute(SQL("DELETE FROM res_partner_bank WHERE id = ANY(%s)", free))
        treatments = get_handler("res.partner.bank").fields
        names = [name for name, treatment in treatments.items() if treatment is EMPTY]
        for row in self.filtered(lambda row: row.res_id in referenced):
            row._empty_fields(columns, names)

    def _empty_fields(self, columns, names):
        table = self.env[self.res_model]._table
        names = [name for name in names if name in columns.types[table]]
        values = {name: MARK if columns.is_mandatory(table, name) else None for name in names}
        if values:
            columns.update(table, names, [{"id": self.res_id, **values}])

    @api.model
    def _finish(self, partners):
        """Contacts of whom nothing is kept any more are anonymised for good."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE tree (id, root) AS (
                    SELECT id, id FROM res_partner WHERE id = ANY(%s)
                    UNION SELECT child.id, tree.root FROM res_partner child JOIN tree ON child.parent_id = tree.id
                )
                UPDATE res_partner SET gdpr_state = 'anonymised' FROM tree
                 WHERE tree.id = res_partner.id AND res_partner.gdpr_state = 'restricted'
                   AND NOT EXISTS (SELECT FROM crm_gdpr_kept kept
                                    WHERE kept.partner_id = tree.root AND kept.released_at IS NULL)
                """,
                partners.ids,
            )
        )
        partners.invalidate_recordset(["gdpr_state"])
