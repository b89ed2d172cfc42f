from collections import Counter

from odoo import api, models
from odoo.tools import SQL

from ..tools import ledger
from ..tools.fingerprint import fingerprint

BATCH = 10_000


class CrmGdprLog(models.Model):
    """What a ledger knows that the database does not, after a backup was restored or the log was cut off."""

    _inherit = "crm.gdpr.log"

    @api.model
    def _read_ledger(self, file):
        """Compare a ledger with the log.

        :param file: a ledger, open for reading bytes
        :return: dictionary: ``count`` entries of the ledger, ``unknown`` ones of them that are not in the log,
            ``is_other_key`` if none can be read, ``problems`` of the ledger's chain, and who was anonymised (``done``)
            and is ``held`` by unknown entries: ``{fingerprint: date of the last entry about it}``
        :raise odoo.addons.crm_gdpr.tools.ledger.NoLedger: of another file
        """
        book = ledger.Ledger(file, self._get_key())
        unknown, done, held, last_held = 0, {}, Counter(), {}
        for entries in _in_batches(book):
            for entry in self._filter_unknown(entries):
                unknown += 1
                subjects = {bytes.fromhex(subject) for subject in entry["subjects"]}
                if entry["event"] == "carried_out":
                    done |= dict.fromkeys(subjects, entry["date"])
                elif entry["event"] in ("held", "released"):
                    _count_holds(held, entry, subjects)
                    last_held |= dict.fromkeys(subjects, entry["date"])
        return {
            "count": book.count,
            "unknown": unknown,
            "is_other_key": bool(book.count and not book.sealed),
            "problems": book.problems,
            "done": done,
            "held": {subject: last_held[subject] for (subject, *_terms), number in held.items() if number},
        }

    @api.model
    def _filter_unknown(self, entries):
        """Entries that are not in the log, in one query."""
        self.env.cr.execute(
            SQL("SELECT number, hash FROM crm_gdpr_log WHERE number = ANY(%s)", [entry["number"] for entry in entries])
        )
        known = set(self.env.cr.fetchall())
        return [entry for entry in entries if (entry["number"], entry["hash"]) not in known]

    @api.model
    def _find_records(self, model, subjects):
        """Find the records that fingerprints stand for, by making those of all records of a model, batch by batch.

        A backup that is restored also takes the numbering back: a record that was made later than what is told of its
        number is another one.

        :param dict subjects: by fingerprint, as bytes, the date of the last entry about it
        :return: the records, and those that only have the number of one
        """
        key, found, newer, last_id = self._get_key(), [], [], 0
        table = SQL.identifier(self.env[model]._table)
        while subjects:
            self.env.cr.execute(
                SQL(
                    """
                    SELECT id, to_char(create_date, 'YYYY-MM-DD"T"HH24:MI:SS') FROM %s
                     WHERE id > %s ORDER BY id LIMIT %s
                    """,
                    table,
                    last_id,
                    BATCH,
                )
            )
            rows = self.env.cr.fetchall()
            if not rows:
                break
            last_id = rows[-1][0]
            for record_id, made in rows:
                date = subjects.get(bytes.fromhex(fingerprint(key, "record", f"{model},{record_id}")))
                if date:
                    (newer if made and made > date else found).append(record_id)
        return self.env[model].browse(found), self.env[model].browse(newer)


def _count_holds(held, entry, subjects):
    """Add up the holds of an entry: a contact is free when each of its holds has ended.

    They are told apart by their terms. That what the law kept is over bears the same name and is no hold; neither does
    one end that was set before the backup end any other.

    :param Counter held: ``{(subject, kind, first day, last day): number}``
    """
    if "kind" not in entry["details"]:
        return
    terms = tuple(entry["details"][name] for name in ("kind", "date_from", "date_to"))
    for subject in subjects:
        key = (subject, *terms)
        held[key] = max(held[key] + (1 if entry["event"] == "held" else -1), 0)


def _in_batches(entries, size=1000):
    batch = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
