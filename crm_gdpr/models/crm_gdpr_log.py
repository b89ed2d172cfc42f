import logging
from contextlib import contextmanager

from psycopg2.extras import Json

from odoo import api, fields, models, modules, release, tools
from odoo.exceptions import UserError
from odoo.modules.module import Manifest
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..tools import append_only, chain
from ..tools.fingerprint import fingerprint
from ..tools.plain import as_plain, is_fingerprint

_logger = logging.getLogger(__name__)
# how often an entry apart waits for its turn
TRIES = 3


class CrmGdprLog(models.Model):
    """What was done about personal data, by whom and when, without any of that data.

    Entries are only added (:meth:`_append`). Nobody changes or deletes one, over any door: the ORM refuses it to
    everybody, and so does PostgreSQL. A chain of seals shows what was done by who got around both.

    There are no links to other records: deleting a user would have to change the entries that name them. For the same
    reason new columns must have no default.
    """

    _name = "crm.gdpr.log"
    _description = "Privacy Log"
    _order = "number desc"
    _rec_name = "number"
    _log_access = False

    number = fields.Integer(string="No.", required=True, readonly=True, aggregator=None)
    date = fields.Datetime(required=True, readonly=True, index=True)
    user_ref = fields.Integer(string="User ID", required=True, readonly=True, index=True, aggregator=None)
    user_fingerprint = fields.Char(string="Login (Fingerprint)", required=True, readonly=True)
    event = fields.Selection(
        [
            ("touched", "Touched"),
            ("touch_undone", "Touch undone"),
            ("made", "Request made"),
            ("reason_changed", "Reason of a request changed"),
            ("planned", "Previewed"),
            ("approved", "Approved"),
            ("started", "Started"),
            ("stopped", "Stopped"),
            ("cancelled", "Cancelled"),
            ("deleted", "Request deleted"),
            ("carried_out", "Carried out"),
            ("scanned", "Scanned for leftovers"),
            ("held", "Put on hold"),
            ("hold_changed", "Hold changed"),
            ("released", "Hold released"),
            ("rule_run", "Rule run"),
            ("exported", "Data of a person exported"),
            ("settings", "Settings changed"),
            ("suppressed", "Not to be taken in again"),
            ("unsuppressed", "May be taken in again"),
            ("replayed", "Applied again after a restore"),
            ("ledger_exported", "Log exported"),
            ("key_changed", "Key changed"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    subjects = fields.Json(string="Records (Fingerprints)", required=True, readonly=True)
    counts = fields.Json(required=True, readonly=True)
    handlers = fields.Json(required=True, readonly=True)
    versions = fields.Json(required=True, readonly=True)
    details = fields.Json(required=True, readonly=True)
    key_id = fields.Char(required=True, readonly=True, help="What the key is recognised by.")
    previous_hash = fields.Char(required=True, readonly=True)
    hash = fields.Char(required=True, readonly=True)

    _number_from_one = models.Constraint("CHECK (number > 0)", "The entries of the log are counted from one.")
    _number_unique = models.UniqueIndex("(number)", "There is an entry with this number.")
    # what happened to one contact
    _subjects_idx = models.Index("USING gin (subjects)")

    def init(self):
        append_only.protect(self.env.cr, self._table)

    @api.model
    def _append(self, event, subjects=(), counts=None, handlers=(), **details):
        """Add an entry. Nothing of it may be about a person: see ``tools/plain.py``.

        The log is locked from here to the end of the transaction: append when all else is done, and commit at once.
        What is to be written is written before: whoever appends has locked all rows of theirs by then, and nobody who
        has the log waits for a row of somebody who waits for the log.
        What only reads for a long time uses :meth:`_append_apart`.

        :param str event: one of the field's values
        :param subjects: the records that it is about, or their fingerprints
        :param dict counts: how many of what: numbers by model, or by another technical name
        :param handlers: technical names of the handlers that took part
        :param details: what else there is to know: numbers, truth values, dates and technical names
        :return: the entry
        :raise ValueError: of an event that is unknown, and of anything that could be about a person
        """
        entry = self._prepare_entry(event, subjects, counts, handlers, details)
        self.env.flush_all()
        return self._seal(entry)

    @api.model
    def _seal(self, entry):
        """Add what was prepared at the end of the chain, and return it."""
        head = self.env["crm.gdpr.log.head"]._lock()
        if head["key_id"] != entry["key_id"]:
            head = self._insert_entry(head, self._prepare_entry(chain.KEY_CHANGED, (), None, (), {}))
        return self.browse(self._insert_entry(head, entry)["id"])

    @api.model
    def _append_apart(self, event, subjects=(), counts=None, handlers=(), **details):
        """Add an entry in a transaction of its own, which is committed when this returns.

        For what takes long and changes nothing, such as a search: the log is locked for a moment alone, and nothing has
        to be done again because somebody else appended since it began. What changes something appends with the change,
        so that there is never one without the other, and must not have appended before: it would wait for itself.

        :raise ValueError: of an event that is unknown, and of anything that could be about a person
        :raise UserError: where somebody else holds the log all the time; nothing else has to be done again
        """
        if modules.module.current_test:
            # within a transaction that is undone at the end of the test
            self._append(event, subjects, counts, handlers, **details)
            return
        entry = self._prepare_entry(event, subjects, counts, handlers, details)
        for _attempt in range(TRIES):
            try:
                with self.env.registry.cursor() as cr:
                    apart = self.with_env(api.Environment(cr, self.env.uid, {}))
                    apart.env["crm.gdpr.log.head"]._wait_for()
                    apart._seal(entry)
                return
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                _logger.info("the privacy log is held by somebody else: %s", event)
        raise UserError(self.env._("The privacy log could not be written to: somebody else holds it. Try again later."))

    @contextmanager
    def _noting_switch(self, records, name, vals):
        """Note in the log when a switch is turned over by writing values to records."""
        changed = records.browse()
        if name in vals:
            changed = records.filtered(lambda record: record[name] != bool(vals[name]))
        yield
        if changed:
            self._append("settings", changed, setting=name, value=bool(vals[name]))

    @api.model
    def _note_switch(self, records, name, default):
        """Note in the log which of the records just made have a switch turned over."""
        # sudo: whoever makes them need not see the switch
        changed = records.sudo().filtered(lambda record: record[name] != default)
        if changed:
            self._append("settings", changed, setting=name, value=not default)

    @api.model
    def _prepare_entry(self, event, subjects, counts, handlers, details):
        if event not in self._fields["event"].get_values(self.env):
            raise ValueError(f"unknown event of the privacy log: {event!r}")
        key = self._get_key()
        if isinstance(subjects, models.BaseModel):
            subjects = self._get_fingerprints(subjects)
        if not all(is_fingerprint(subject) for subject in subjects):
            raise ValueError("the subjects of an entry of the privacy log are fingerprints")
        return {
            "date": fields.Datetime.now().isoformat(),
            "user_ref": self.env.uid,
            # sudo: whoever does something has a login
            "user_fingerprint": fingerprint(key, "login", self.env.user.sudo().login),
            "event": event,
            "subjects": sorted(subjects),
            "counts": as_plain(counts or {}, self._is_technical_name),
            "handlers": as_plain(sorted(handlers), self._is_technical_name),
            "versions": self._get_versions(),
            "details": as_plain(details, self._is_technical_name),
            "key_id": chain.identify(key),
        }

    @api.model
    def _get_versions(self):
        return {"crm_gdpr": Manifest.for_addon("crm_gdpr").version, "odoo": release.version}

    @api.model
    def _is_technical_name(self, name):
        """Tell whether a name with dots is that of a model or its table, or of a part of one."""
        parts = name.split(".")
        heads = {".".join(parts[:end]) for end in range(1, len(parts) + 1)}
        return not heads.isdisjoint(self._get_technical_names())

    @api.model
    @tools.ormcache()
    def _get_technical_names(self):
        """The names of models that have a table, and of their tables."""
        kept = [model for model in self.env.registry.values() if not model._abstract]
        return frozenset(model._name for model in kept) | frozenset(model._table for model in kept)

    @api.model
    def _insert_entry(self, head, entry):
        """Seal an entry to the head, and return the new head, with the ``id`` of the entry."""
        key = self._get_key()
        entry = {**entry, "number": head["number"] + 1, "previous_hash": head["hash"]}
        entry["hash"] = chain.seal(key, entry)
        mac = chain.seal_head(key, entry["number"], entry["hash"])
        columns = [*chain.SEALED, "hash"]
        values = [Json(entry[name]) if isinstance(entry[name], list | dict) else entry[name] for name in columns]
        self.env.cr.execute(
            SQL(
                """
                WITH head AS (UPDATE crm_gdpr_log_head SET number = %s, last_hash = %s, mac = %s, key_id = %s)
                INSERT INTO crm_gdpr_log (%s) VALUES (%s) RETURNING id
                """,
                entry["number"],
                entry["hash"],
                mac,
                entry["key_id"],
                SQL(", ").join(SQL.identifier(name) for name in columns),
                SQL(", ").join(SQL("%s", value) for value in values),
            )
        )
        [(entry_id,)] = self.env.cr.fetchall()
        return {"id": entry_id, "number": entry["number"], "hash": entry["hash"], "mac": mac, "key_id": entry["key_id"]}

    @api.model_create_multi
    def create(self, vals_list):
        raise UserError(self.env._("Entries of the privacy log are made by what they tell of alone."))

    def write(self, vals):
        raise UserError(self.env._("Entries of the privacy log are never changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Entries of the privacy log are never deleted."))
