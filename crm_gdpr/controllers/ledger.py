from werkzeug.exceptions import Forbidden

from odoo import SUPERUSER_ID, api, fields
from odoo.http import Controller, content_disposition, request, route
from odoo.modules.registry import Registry


class LedgerController(Controller):
    """The log as a file, which is written while it is read from the database, whatever its length."""

    @route("/crm_gdpr/ledger", type="http", auth="user", methods=["GET"])
    def download(self):
        """Answer with the ledger, for privacy officers alone. It is noted in the log, as its last entry."""
        if not request.env.user.has_group("crm_gdpr.group_privacy_officer"):
            raise Forbidden
        request.env["crm.gdpr.log"]._append("ledger_exported")
        name = f"privacy-log-{request.env.cr.dbname}-{fields.Date.context_today(request.env.user)}.jsonl"
        return request.make_response(
            _read(request.env.cr.dbname),
            headers=[
                ("Content-Type", "application/x-ndjson"),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
            ],
        )


def _read(dbname):
    """Yield the lines, after the request is committed, on a cursor that lives as long as they are read."""
    with Registry(dbname).cursor() as cr:
        # superuser: who may read it was looked at before
        yield from api.Environment(cr, SUPERUSER_ID, {})["crm.gdpr.log"]._export_lines()
