from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.constants import GC_UNLINK_LIMIT

from ..tools.refusal import IntakeRefusal

KEPT_DAYS = 30


class CrmIntakeRequest(models.Model):
    """A request that came with an Idempotency-Key, and what was taken of it.

    As in the IETF's draft "The Idempotency-Key HTTP Header Field": the same key with the same request is answered as
    the first time, with another one it is refused.
    """

    _name = "crm.intake.request"
    _description = "Lead Intake Request"

    source_id = fields.Many2one("crm.intake.source", required=True, ondelete="cascade")
    key_digest = fields.Char(required=True)
    content_hash = fields.Char(required=True)
    entries = fields.Json(help="For each record the id in the inbox, or the answer where nothing was kept.")

    _once = models.UniqueIndex("(source_id, key_digest)")

    @api.model
    def _begin(self, source_id, key_digest, content_hash):
        """Note a request, waiting for one with the same key that comes at this moment.

        :return: ``(id, None)`` of a new one, or ``(id, entries)`` of one that came before
        :raise IntakeRefusal: the key came before with another request
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_intake_request (source_id, key_digest, content_hash, create_date)
                VALUES (%s, %s, %s, now() AT TIME ZONE 'UTC')
                ON CONFLICT (source_id, key_digest) DO NOTHING RETURNING id
                """,
                source_id,
                key_digest,
                content_hash,
            )
        )
        if row := self.env.cr.fetchone():
            return row[0], None
        known = self.search([("source_id", "=", source_id), ("key_digest", "=", key_digest)])
        if known.content_hash != content_hash:
            raise IntakeRefusal("reused")
        return known.id, known.entries or []

    @api.autovacuum
    def _gc_requests(self):
        end = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        expired = self.search([("create_date", "<", end)], limit=GC_UNLINK_LIMIT)
        expired.unlink()
        return len(expired), len(expired) == GC_UNLINK_LIMIT
