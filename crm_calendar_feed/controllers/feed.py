import hashlib

import pytz

from odoo import http
from odoo.http import Response, request


class CalendarFeed(http.Controller):
    """What a calendar program fetches, which signs in with nothing but the address."""

    @http.route(
        "/crm/calendar/<string:token>.ics",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
        sitemap=False,
    )
    def feed(self, token):
        """The feed of a secret address, or 304 where the program has what would be sent.

        What tells is a hash of the whole: whatever changes it, a lost right or a record that is gone, is noticed.

        :param str token: the secret
        :return: the file; 404 if the address is none, is not any more, or its owner left
        """
        # sudo: whoever has the address is nobody to Odoo; the content is read with its owner's rights
        found = request.env["crm.calendar.feed"].sudo()._find(token)
        if not found:
            return self._answer(Response("Not Found", status=404, content_type="text/plain; charset=utf-8"))
        content, written = found._get_content()
        response = Response(content, content_type="text/calendar; charset=utf-8")
        response.headers["Content-Disposition"] = 'inline; filename="crm.ics"'
        response.set_etag(hashlib.sha256(content.encode()).hexdigest())
        response.make_conditional(request.httprequest)
        # Told, but not asked for: a date does not tell that something is gone, or was taken away.
        response.last_modified = pytz.utc.localize(written)
        return self._answer(response)

    @staticmethod
    def _answer(response):
        # To be asked about each time; by nobody but the program itself.
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
