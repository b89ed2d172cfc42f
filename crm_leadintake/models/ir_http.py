from werkzeug.routing import PathConverter

from odoo import models


class RestConverter(PathConverter):
    """All that is left of an address, whatever it holds: external ids may begin with a slash, or have a line end."""

    regex = "(?s:.*)"
    part_isolating = False


class IrHttp(models.AbstractModel):
    """Addresses of the JSON door."""

    _inherit = "ir.http"

    @classmethod
    def _get_converters(cls):
        return {**super()._get_converters(), "leadintake_rest": RestConverter}
