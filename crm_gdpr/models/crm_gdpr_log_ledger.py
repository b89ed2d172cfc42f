import functools
import logging
import os
from pathlib import Path

from odoo import SUPERUSER_ID, api, fields, models
from odoo.modules.registry import Registry
from odoo.tools import config

from ..tools import chain, ledger

_logger = logging.getLogger(__name__)
OPTION = "gdpr_ledger"


class CrmGdprLog(models.Model):
    """Copies of the log outside the database: exported by hand, or written on by the server.

    With the option ``gdpr_ledger``, a folder, in the server's configuration file every entry is appended to a file of
    the database there after it is committed. A backup of the database cannot take it back.
    """

    _inherit = "crm.gdpr.log"

    @api.model
    def _export_lines(self):
        """Yield the lines of a ledger of the whole log, with its head, a batch at a time."""
        yield ledger.first_line(chain.identify(self._get_key()))
        head = self.env["crm.gdpr.log.head"]._read()
        for entries in self._read_entries():
            yield from (ledger.entry_line(entry) for entry in entries if entry["number"] <= head["number"])
        yield ledger.head_line(head)

    @api.model
    def _insert_entry(self, head, entry):
        data = self.env.cr.postcommit.data
        if config.get(OPTION) and not data.get("crm_gdpr.ledger"):
            data["crm_gdpr.ledger"] = True
            self.env.cr.postcommit.add(functools.partial(_write_on, self.env.cr.dbname))
        return super()._insert_entry(head, entry)

    @api.model
    def _get_ledger_path(self, folder=None):
        return Path(folder or config.get(OPTION)) / f"{self.env.cr.dbname}.jsonl"

    @api.model
    def _write_ledger(self, folder=None):
        """Append what a ledger lacks: also what was committed while it could not be written."""
        path = self._get_ledger_path(folder)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with ledger.locked(str(path)) as file:
            last = ledger.last_entry(file)
            if last is None or self._has_entry(last):
                self._write_after(file, last)
                return
            self._set_aside(path)
        self._write_ledger(folder)

    @api.model
    def _write_after(self, file, last):
        if not file.tell():
            file.write(ledger.first_line(chain.identify(self._get_key())))
        for entries in self._read_entries(last["number"] if last else 0):
            ledger.append(file, entries)

    @api.model
    def _has_entry(self, entry):
        """Tell whether the log goes on from an entry: it does not after an older database was restored."""
        return bool(self.search_count([("number", "=", entry["number"]), ("hash", "=", entry["hash"])], limit=1))

    @api.model
    def _set_aside(self, path):
        """Keep a ledger that knows what the database does not: it is what has to be applied again."""
        stamp = fields.Datetime.now().strftime("%Y%m%d-%H%M%S")
        kept = path.with_name(f"{path.stem}.before-{stamp}.jsonl")
        os.rename(path, kept)
        _logger.warning(
            "The privacy log of this database ends before its ledger: was a backup restored? The ledger is kept as %s",
            kept.name,
        )


def _write_on(dbname):
    """Write the ledger of a database. What was done is committed: a full disk must not make it look undone."""
    try:
        with Registry(dbname).cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["crm.gdpr.log"]._write_ledger()
    except Exception:
        _logger.exception("The ledger of the privacy log could not be written; the next entry is written with this one")
