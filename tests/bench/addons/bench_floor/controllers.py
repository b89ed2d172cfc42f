from odoo.http import Controller, request, route


class Floor(Controller):
    """Loaded server-wide on the servers of the benchmark, and never installed."""

    @route("/bench/floor", type="http", auth="none", methods=["POST"], csrf=False, save_session=False)
    def floor(self):
        """Keep the body of the request, and answer."""
        body = request.httprequest.get_data(as_text=True)
        request.env.cr.execute("INSERT INTO bench_floor (body) VALUES (%s) RETURNING id", [body])
        return request.make_json_response({"kept": request.env.cr.fetchone()[0]})
