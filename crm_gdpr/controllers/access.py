from werkzeug.exceptions import BadRequest, Forbidden, NotFound
from werkzeug.utils import send_file

from odoo import fields, http
from odoo.exceptions import AccessError, UserError
from odoo.http import request


class Access(http.Controller):
    """The archive of one person's data."""

    @http.route("/crm_gdpr/access/<int:access_id>", type="http", auth="user", methods=["GET"])
    def download(self, access_id):
        """Make the archive and send it; it is stored nowhere.

        :param int access_id: of ``crm.gdpr.access``, made by the same officer
        :raise Forbidden: to everybody else
        :raise BadRequest: of whom there is no archive, with the reason
        """
        if not request.env.user.has_group("crm_gdpr.group_privacy_officer"):
            raise Forbidden
        access = request.env["crm.gdpr.access"].browse(access_id).exists()
        if not access:
            raise NotFound
        try:
            file = access._build()
        except AccessError as error:
            raise Forbidden(str(error)) from error
        except UserError as error:
            raise BadRequest(str(error)) from error
        response = send_file(
            file,
            request.httprequest.environ,
            mimetype="application/zip",
            as_attachment=True,
            # the person's name would stay in the list of downloads
            download_name=f"personal-data-{fields.Date.today().isoformat()}.zip",
            max_age=0,
        )
        response.headers["Cache-Control"] = "no-store"
        response.call_on_close(file.close)
        return response
