from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL


class CrmLead(models.Model):
    """What hangs on projects that are merged or deleted, found by one query for all that addons hang on them."""

    _inherit = "crm.lead"

    @api.model
    def _get_merge_links(self):
        """What follows a merged project. To be extended, with ``_merge_linked``.

        :return: list of (model, name of a stored many2one to ``crm.lead``)
        """
        return []

    @api.model
    def _get_unlink_links(self):
        """What is not simply gone with a deleted project. To be extended, with ``_unlink_linked``.

        :return: as of ``_get_merge_links``
        """
        return []

    def _merge_dependences(self, opportunities):
        super()._merge_dependences(opportunities)
        leads = self | opportunities
        self._merge_linked(leads, leads._find_linked(self._get_merge_links()))

    @api.ondelete(at_uninstall=False)
    def _unlink_what_is_linked(self):
        self._unlink_linked(self._find_linked(self._get_unlink_links()))

    def _find_linked(self, links):
        """Whatever is linked to these projects, whoever may see it, in one query.

        :param list links: of ``_get_merge_links`` or ``_get_unlink_links``
        :return: ``{(model, field): [ids]}``, a defaultdict; ids in the order of the projects, then as they were made
        """
        for model, field in links:
            self.env[model].flush_model([field])
        parts = [
            SQL(
                "SELECT %(model)s, %(field)s, %(column)s, id FROM %(table)s WHERE %(column)s = ANY(%(lead_ids)s)",
                model=model,
                field=field,
                column=SQL.identifier(field),
                table=SQL.identifier(self.env[model]._table),
                lead_ids=self.ids,
            )
            for model, field in links
        ]
        rows = self.env.execute_query(SQL(" UNION ALL ").join(parts))
        rank = {lead_id: number for number, lead_id in enumerate(self.ids)}
        found = defaultdict(list)
        for model, field, _lead_id, row_id in sorted(rows, key=lambda row: (rank[row[2]], row[3])):
            found[model, field].append(row_id)
        return found

    def _merge_linked(self, leads, found):
        """Have what was found follow to the project that is left.

        :param leads: all that become one, the one that is left first
        :param dict found: of ``_find_linked``
        """

    def _unlink_linked(self, found):
        """Keep what was found from going with these projects, or take it along.

        :param dict found: of ``_find_linked``
        """
