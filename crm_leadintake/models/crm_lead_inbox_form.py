from odoo import api, models

from ..tools import records as record_tools
from ..tools.problems import Problem


class CrmLeadInbox(models.Model):
    """For visitors, who correct what they typed at once; and apart from them, for what looks like spam."""

    _inherit = "crm.lead.inbox"

    @api.model
    def _find_problems(self, config, record):
        """What is wrong with a record, of which nothing is kept.

        :param config: the source's configuration
        :param dict record: what the door decoded
        :return: a list as :meth:`.problems.Problem.as_dict` returns it
        """
        try:
            _external_id, values = record_tools.clean(record)
        except Problem as problem:
            return [problem.as_dict()]
        [(_found, problems, _warnings)] = self._read_batch(config, [values])
        return [problem.as_dict() for problem in problems]

    @api.model
    def _quarantine(self, config, record, door):
        """Keep a record as rejected, for a person to look at, who may have it processed all the same.

        The same one again is kept once, and it does not stand in the way of a real one.

        :param config: the source's configuration
        :param dict record: what the door decoded
        :param str door: a key of the field ``door``
        """
        entry = self._clean(record)
        if "answer" in entry:
            return
        self._prepare(config, [entry], door, is_test=False)
        entry.update(
            dedup_key=f"spam:{entry['content_hash']}",
            state="rejected",
            problems=[Problem("", "spam").as_dict()],
            first_answer=None,
        )
        self._insert([entry])
