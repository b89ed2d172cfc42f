import psycopg2

from odoo import models
from odoo.exceptions import AccessDenied


class IrHttp(models.AbstractModel):
    """What users are told while the database is away."""

    _inherit = "ir.http"

    @classmethod
    def _authenticate_explicit(cls, auth):
        """As Odoo does, but nobody is refused because the database could not be asked who they are."""
        try:
            super()._authenticate_explicit(auth)
        except AccessDenied as denied:
            if isinstance(denied.__context__, psycopg2.Error):
                raise denied.__context__ from None
            raise
