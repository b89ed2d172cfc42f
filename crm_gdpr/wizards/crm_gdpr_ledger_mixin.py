import base64
import io
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import config

from ..models.crm_gdpr_log_ledger import OPTION
from ..tools.ledger import NoLedger


class CrmGdprLedgerMixin(models.AbstractModel):
    """A wizard that reads a ledger: one that is uploaded, or one of those that the server writes."""

    _name = "crm.gdpr.ledger.mixin"
    _description = "Reading a Ledger of the Privacy Log"

    file = fields.Binary(string="Exported Log", attachment=False)
    file_name = fields.Char()
    server_file = fields.Selection("_get_server_files", string="Log Kept by the Server")
    has_server_files = fields.Boolean(compute="_compute_has_server_files")

    @api.model
    def _get_server_files(self):
        """The ledgers of this database in the folder of the option, the newest first."""
        if not config.get(OPTION):
            return []
        path = self.env["crm.gdpr.log"]._get_ledger_path()
        found = [path, *sorted(path.parent.glob(f"{path.stem}.before-*.jsonl"), reverse=True)]
        return [(each.name, each.name) for each in found if each.is_file()]

    def _compute_has_server_files(self):
        self.has_server_files = bool(self._get_server_files())

    def _read_ledger(self):
        """What a ledger says; see ``crm.gdpr.log``."""
        try:
            with self._open() as file:
                return self.env["crm.gdpr.log"]._read_ledger(file)
        except NoLedger as error:
            raise UserError(self.env._("This file is no exported privacy log.")) from error

    @contextmanager
    def _open(self):
        if self.file:
            # without bin_size, which gives the size in the place of the content
            yield io.BytesIO(base64.b64decode(self.with_context(bin_size=False).file))
        elif self.server_file in dict(self._get_server_files()):
            with (self.env["crm.gdpr.log"]._get_ledger_path().parent / self.server_file).open("rb") as file:
                yield file
        else:
            raise UserError(self.env._("Choose a file first."))

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self._description,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
