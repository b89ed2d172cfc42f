import json

from werkzeug.exceptions import BadRequest
from werkzeug.utils import send_file

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

MIMETYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class CrmBoardExport(http.Controller):
    """The file of a finished export of customers."""

    @http.route("/crm_salesboard/customers/<int:export_id>", type="http", auth="user", methods=["GET", "POST"])
    def download(self, export_id, **kwargs):
        """Send the file.

        :param int export_id: of ``crm.board.export``, made by the same user
        :param kwargs: what the web client adds to every download
        :raise BadRequest: what is wrong, in the form that the web client shows
        """
        export = request.env["crm.board.export"].browse(export_id)
        try:
            file, name = export._open_file()
        except (AccessError, UserError) as error:
            data = {**http.serialize_exception(error), "debug": ""}
            shown = {"code": 0, "message": "Odoo Server Error", "data": data}
            raise BadRequest(json.dumps(shown)) from error
        return send_file(
            file,
            request.httprequest.environ,
            mimetype=MIMETYPES[export.file_format],
            as_attachment=True,
            download_name=name,
            max_age=0,
        )
