from collections import Counter

from odoo import api, models
from odoo.tools import SQL

from ..engine import residue
from ..engine.sweep import Sweep
from ..tools.matching import Crowd
from ..tools.parts import Parts

MAY_STAY = {"posted", "printed_copy", "bank_account", "audit_trail", "other_person"}


class CrmGdprRequest(models.Model):
    """The search for what is left of those who were anonymised, in everything there is.

    What they were called is known to the process that anonymised them, and to nothing else: when that process is killed
    during the search, the search cannot be finished, and the request says so.
    """

    _inherit = "crm.gdpr.request"

    def _search_remains(self, identities):
        """Search for persons, take out what is safe to take out, and note the rest beside them.

        :param identities: who they were: ``{line id: Identity}``
        """
        if not identities:
            return
        hits, unread = self._scan(identities)
        # the search saw everything at one moment, which may be minutes ago: what is cleaned is as it is now
        self._commit()
        self.env.invalidate_all()
        parts, is_clean = Parts(self.env, 1), False
        while not is_clean and not parts.is_hopeless:
            # where somebody changes one of the rows at the same time, once more, on what is there now
            with parts.attempt():
                self.unread = sorted({*(self.unread or []), *unread})
                self._clean(identities, hits)
                self._commit()
                is_clean = True
        if is_clean and self._may_commit():
            self._clean_up()

    def _scan(self, identities):
        """Where the persons were found, and what could not be read; changes nothing."""
        attachments = self.env["ir.attachment"].sudo()
        store = attachments._filestore() if attachments._storage() == "file" else None
        scan = residue.scan(self.env.cr, Crowd(identities), filestore=store)
        return list(scan), scan.unread

    def _clean(self, identities, hits):
        env = self.env(su=True, context={"active_test": False, "lang": None})
        records = {line.id: line._get_main() for line in self.env["crm.gdpr.request.line"].browse(identities)}
        sweep = Sweep(env, identities, hits, env["crm.gdpr.field"]._get_settings(), records)
        sweep.clean()
        self._add_kept(sweep.kept)
        for line in self.env["crm.gdpr.request.line"].browse(identities):
            left = [[place, why, number] for (place, why), number in sorted(sweep.left[line.id].items())]
            line.write({"is_scanned": True, "residue": left, "counts": self._add_counts(line, sweep)})
        self._note_scan(sweep)

    @api.model
    def _add_counts(self, line, sweep):
        """What the search changed or deleted, beside what was known to be a person's."""
        counts = Counter({(model, what, why): number for model, what, why, number in line.counts or ()})
        counts.update(sweep.persons[line.id].counts)
        return [[*key, number] for key, number in sorted(counts.items())]

    def _add_kept(self, kept):
        """List what names a person and stays for now, beside what was listed already.

        :param dict kept: ``{line id: [(model, id, fields, reason)]}``
        """
        for line_id, rows in kept.items():
            line = self.env["crm.gdpr.request.line"].browse(line_id)
            if rows:
                # kept by law: sudo, as when it is listed first
                listed = self.env["crm.gdpr.kept"].sudo()
                listed._add([listed._prepare(line._get_main(), *row) for row in rows])
            if rows and (partner := line.partner_id):
                self.env.cr.execute(SQL("UPDATE res_partner SET gdpr_state = 'restricted' WHERE id = %s", partner.id))
                partner.invalidate_recordset(["gdpr_state"])

    def _note_scan(self, sweep):
        left = {}
        for counter in sweep.left.values():
            for (_place, why), number in counter.items():
                left[why] = left.get(why, 0) + number
        done = Counter()
        for person in sweep.persons.values():
            for (model, what, _why), number in person.counts.items():
                done[f"{model}.{what}"] += number
        self.scan_state = self._get_scan_state()
        self.env.flush_all()
        self.env["crm.gdpr.log"]._append(
            "scanned",
            counts={**done, **left, "found": len(sweep.hits)},
            handlers=sorted({model for person in sweep.persons.values() for model, _what, _why in person.counts}),
            persons=len(sweep.persons),
            request=self.id,
        )

    def _get_scan_state(self):
        """Over all who were anonymised in this request so far."""
        if self._count_unsearched():
            return "broken"
        reasons = {why for _place, why, _number in self._read_residue()}
        if not reasons:
            return "clean"
        return "kept" if reasons <= MAY_STAY else "found"

    def _count_unsearched(self):
        """How many were anonymised and not searched for afterwards."""
        done = [("request_id", "in", self.ids), ("state", "=", "done"), ("is_scanned", "=", False)]
        return self.env["crm.gdpr.request.line"].search_count(done)

    @api.model
    def _may_commit(self):
        """Not inside of a transaction that somebody else will end, as in tests."""
        return "cron_id" in self.env.context

    def _commit(self):
        if self._may_commit():
            self.env["ir.cron"]._commit_progress(0, remaining=self._count_to_carry_out())
