from odoo import api, models
from odoo.tools import SQL

from ..tools import chain

BATCH = 5000


class CrmGdprLog(models.Model):
    """Whether the log is what was written, entry by entry."""

    _inherit = "crm.gdpr.log"

    @api.model
    def _verify(self):
        """Walk along the chain, a batch at a time whatever its length.

        :return: what is wrong, in its order; nothing if all is well
        :rtype: list[odoo.addons.crm_gdpr.tools.chain.Problem]
        """
        verifier = chain.Verifier(self._get_key())
        for entries in self._read_entries():
            verifier.feed(entries)
        return verifier.finish(self.env["crm.gdpr.log.head"]._read())

    @api.model
    def _read_entries(self, after=0):
        """Yield lists of entries as they were sealed, in the order of their numbers.

        :param int after: the number of the entry after which to begin
        """
        columns = [SQL.identifier(name) for name in chain.SEALED if name != "date"]
        query = SQL(
            "SELECT %s, hash, to_char(date, 'YYYY-MM-DD\"T\"HH24:MI:SS') AS date FROM crm_gdpr_log",
            SQL(", ").join(columns),
        )
        while True:
            self.env.cr.execute(SQL("%s WHERE number > %s ORDER BY number LIMIT %s", query, after, BATCH))
            entries = self.env.cr.dictfetchall()
            if not entries:
                return
            after = entries[-1]["number"]
            yield entries

    @api.model
    def _describe(self, problem):
        """Say in words what is wrong."""
        env = self.env
        words = {
            "changed": env._("Entry %(number)s is not what was written."),
            "unlinked": env._("Entry %(number)s does not continue the one before it."),
            "missing": env._("Entries %(number)s to %(until)s are missing."),
            "cut": env._("The end is missing: entries %(number)s to %(until)s."),
            "extra": env._("Entries %(number)s to %(until)s were added past the log."),
            "head": env._("The end of the log is not what was written."),
            "head_before": env._(
                "When entry %(number)s was written, the end of the log was not what was written: entries before it may "
                "be missing."
            ),
            "unproven": env._(
                "Entries %(number)s to %(until)s say that they were sealed with another key, which is not noted as it "
                "would be. Unless the key was changed and changed back, they are not what was written."
            ),
            "other_key": env._(
                "Entries %(number)s to %(until)s were sealed with another key. Nothing can be said of them."
            ),
            "more": env._("%(number)s more places are wrong."),
        }
        return words[problem.kind] % {"number": problem.number, "until": problem.until}
