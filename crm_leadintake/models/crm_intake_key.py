from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import keys
from ..tools.refusal import IntakeRefusal


class CrmIntakeKey(models.Model):
    """A key that programs send leads of one source with; of its secret part only a hash is kept."""

    _name = "crm.intake.key"
    _description = "Lead Intake Key"
    _order = "id desc"
    _rec_name = "prefix"

    source_id = fields.Many2one("crm.intake.source", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    prefix = fields.Char(string="Begins with", required=True, readonly=True, help="The public part of the key.")
    digest = fields.Char(required=True, readonly=True, groups="base.group_no_one", copy=False)
    date_expiry = fields.Datetime(string="Valid until", help="Empty: until it is withdrawn.")
    date_last_use = fields.Datetime(string="Last used", readonly=True, help="To the hour.")
    is_withdrawn = fields.Boolean(string="Withdrawn", readonly=True)

    _prefix_unique = models.UniqueIndex("(prefix)")

    @api.depends("prefix")
    def _compute_display_name(self):
        for key in self:
            key.display_name = f"li_{key.prefix}_…"

    @api.model
    def _generate(self, source, date_expiry=False):
        """Make a key for a source.

        :return: ``(key, record)``: the key as text, which is never to be had again, and the record
        """
        key, prefix, digest = keys.generate()
        record = self.create(
            {"source_id": source.id, "prefix": prefix, "digest": digest, "date_expiry": date_expiry}
        )
        return key, record

    @api.model
    def _find_source(self, key):
        """The id of the active source that a key belongs to.

        What is wrong with a key is not told, and takes as long: one look-up and one comparison, and nothing is written.

        :raise IntakeRefusal: the key is none of ours, or is not valid any more
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT key.id, key.digest, key.source_id,
                       key.date_last_use IS NULL OR key.date_last_use < now() AT TIME ZONE 'UTC' - interval '1 hour'
                  FROM crm_intake_key key
                  JOIN crm_intake_source source ON source.id = key.source_id AND source.active
                 WHERE key.prefix = %s AND key.is_withdrawn IS NOT TRUE
                   AND (key.date_expiry IS NULL OR key.date_expiry > now() AT TIME ZONE 'UTC')
                """,
                keys.prefix_of(key) or "",
            )
        )
        key_id, digest, source_id, is_stale = self.env.cr.fetchone() or (None, None, None, False)
        if not keys.matches(key, digest):
            raise IntakeRefusal("key")
        if is_stale:
            self._note_use(key_id)
        return source_id

    @api.model
    def _note_use(self, key_id):
        """Date the use, unless another request does so at this moment."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_intake_key SET date_last_use = now() AT TIME ZONE 'UTC'
                 WHERE id = (SELECT id FROM crm_intake_key WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED)
                """,
                key_id,
            )
        )
