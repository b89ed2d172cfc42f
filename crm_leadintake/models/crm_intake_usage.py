from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.constants import GC_UNLINK_LIMIT

from ..tools.refusal import IntakeRefusal


class CrmIntakeUsage(models.Model):
    """How many requests of a source came in a minute; in the database, as several server processes take them."""

    _name = "crm.intake.usage"
    _description = "Lead Intake Usage"
    _log_access = False

    source_id = fields.Many2one("crm.intake.source", required=True, ondelete="cascade")
    bucket = fields.Char(required=True, help="Empty for the source as a whole, else the hash of an address.")
    minute = fields.Datetime(required=True)
    count = fields.Integer(required=True)

    _once = models.UniqueIndex("(source_id, bucket, minute)")

    @api.model
    def _count(self, source_id, limit, bucket=""):
        """Count a request of this minute.

        :param int limit: requests in a minute, 0 for any number
        :raise IntakeRefusal: it is one too many, with the seconds until the next minute
        """
        if not limit:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_intake_usage AS usage (source_id, bucket, minute, count)
                VALUES (%s, %s, date_trunc('minute', clock_timestamp() AT TIME ZONE 'UTC'), 1)
                ON CONFLICT (source_id, bucket, minute) DO UPDATE SET count = usage.count + 1
                RETURNING count, 60 - floor(extract(second FROM clock_timestamp()))::int
                """,
                source_id,
                bucket,
            )
        )
        count, seconds_left = self.env.cr.fetchone()
        if count > limit:
            raise IntakeRefusal("limit", retry_after=max(1, seconds_left))

    @api.autovacuum
    def _gc_usage(self):
        expired = self.search([("minute", "<", fields.Datetime.now() - timedelta(hours=1))], limit=GC_UNLINK_LIMIT)
        expired.unlink()
        return len(expired), len(expired) == GC_UNLINK_LIMIT
