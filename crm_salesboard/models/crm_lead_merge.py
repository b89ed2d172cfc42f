from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL


class CrmLead(models.Model):
    """What hangs on projects that are merged, asked for by one query for all that addons hang on them."""

    _inherit = "crm.lead"

    @api.model
    def _get_merge_links(self):
        """What follows a merged project, beyond what has a list on it. To be extended, with ``_merge_linked``.

        :return: list of (model, name of a stored many2one to ``crm.lead``)
        """
        return []

    def _merge_dependences(self, opportunities):
        super()._merge_dependences(opportunities)
        leads = self | opportunities
        if links := self._get_merge_links():
            self._merge_linked(leads, leads._find_linked(links))

    def _find_linked(self, links):
        """
        :return: ``{(model, field): [ids]}``
        """
        for model, field in links:
            self.env[model].flush_model([field])
        parts = [
            SQL(
                "SELECT %s, %s, id FROM %s WHERE %s = ANY(%s)",
                model, field, SQL.identifier(self.env[model]._table), SQL.identifier(field), self.ids,
            )
            for model, field in links
        ]  # fmt: skip
        found = defaultdict(list)
        for model, field, row_id in self.env.execute_query(SQL(" UNION ALL ").join(parts)):
            found[model, field].append(row_id)
        return found

    def _merge_linked(self, leads, found):
        """Have what was found follow to the project that is left.

        :param leads: all that become one, the one that is left among them
        :param dict found: of ``_find_linked``
        """
