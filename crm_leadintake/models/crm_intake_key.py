import time

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ..tools import keys
from ..tools.config import CONFIG_VERSION
from ..tools.refusal import IntakeRefusal


class CrmIntakeKey(models.Model):
    """A key that programs send leads of one source with; of its secret part only a hash is kept."""

    _name = "crm.intake.key"
    _inherit = "crm.intake.config.mixin"
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
        record = self.create({"source_id": source.id, "prefix": prefix, "digest": digest, "date_expiry": date_expiry})
        return key, record

    @api.model
    def _find_source(self, key):
        """The id of the source that a key belongs to.

        What is wrong with a key is not told, and nothing is written.

        :raise IntakeRefusal: the key is none of ours, or is not valid any more
        """
        try:
            digest, source_id, date_expiry = self._get_key(keys.prefix_of(key), int(time.time() // 3600))
        except LookupError:
            digest = source_id = date_expiry = None
        is_valid = keys.matches(key, digest)
        if not is_valid or date_expiry and date_expiry <= fields.Datetime.now():
            raise IntakeRefusal("key")
        return source_id

    @api.model
    @tools.ormcache(CONFIG_VERSION, "prefix", "hour")
    def _get_key(self, prefix, hour):
        """``(digest, source id, date of expiry)`` of a key by its public part, read again every hour to note its use.

        :param int hour: hours since 1970, of now
        :raise LookupError: there is none, or it is withdrawn; that is not remembered, so nobody can fill the memory
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT id, digest, source_id, date_expiry,
                       date_last_use IS NULL OR date_last_use < now() AT TIME ZONE 'UTC' - interval '1 hour'
                  FROM crm_intake_key WHERE prefix = %s AND is_withdrawn IS NOT TRUE
                """,
                prefix,
            )
        )
        row = self.env.cr.fetchone()
        if not row:
            raise LookupError(prefix)
        key_id, *found, is_stale = row
        if is_stale:
            self._note_use(key_id)
        return tuple(found)

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
