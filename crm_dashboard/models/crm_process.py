from odoo import models

# What is put off to the end of a transaction: ``{process id: ids of its columns in the order of before}``
ORDERS_BEFORE = "crm_dashboard.orders_before"


class CrmProcess(models.Model):
    """How far projects have come follows another order of the statuses."""

    _inherit = "crm.process"

    def _follow_order(self):
        """Have the projects follow, once for all that the transaction changes; to be called before it changes."""
        hooks = self.env.cr.precommit
        if self and ORDERS_BEFORE not in hooks.data:
            hooks.data[ORDERS_BEFORE] = {}
            hooks.add(self.env["crm.lead"].sudo()._follow_statuses)  # sudo: all projects, whoever orders the statuses
        for process in self:
            hooks.data[ORDERS_BEFORE].setdefault(process.id, process._ordered_columns().ids)

    def _ordered_columns(self):
        self.ensure_one()
        # sudo: the columns of the board are no secret
        return self.sudo().column_ids.sorted(lambda column: (column.sequence, column.id))

    def _overtaken(self, before):
        """
        :param list before: ids of the columns in the order of before
        :return: the ids of those that a column which stood before them stands behind now
        """
        places = {column_id: place for place, column_id in enumerate(self._ordered_columns().ids)}
        kept = [column_id for column_id in before if column_id in places]
        return [
            column_id
            for number, column_id in enumerate(kept)
            if any(places[other] > places[column_id] for other in kept[:number])
        ]
