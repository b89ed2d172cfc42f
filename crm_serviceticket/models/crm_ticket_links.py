from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain


class CrmTicket(models.Model):
    """What other documents show of their tickets: those, and only those, that the user may see."""

    _inherit = "crm.ticket"

    @api.model
    def _count_by_document(self, name, documents):
        """How many tickets are about each order or invoice, or had it prepared, by one query.

        :param str name: the field of the ticket that leads to the document
        :param documents: records with a ``ticket_id``
        :return: dict of number by id
        """
        found = defaultdict(set)
        if not documents._origin or not self.has_access("read"):
            return {}
        # sudo: which ticket it was prepared for; whether the user may see that one is asked below
        prepared = {document.id: document.ticket_id.id for document in documents._origin.sudo()}
        domain = Domain(name, "in", list(prepared)) | Domain("id", "in", [*filter(None, prepared.values())])
        tickets = self.search_fetch(domain, [name])
        for ticket in tickets:
            found[ticket[name].id].add(ticket.id)
        for document_id, ticket_id in prepared.items():
            if ticket_id in tickets._ids:
                found[document_id].add(ticket_id)
        return {document_id: len(ids) for document_id, ids in found.items()}

    @api.model
    def _count_by(self, name, domain):
        """How many tickets each record has that a field of theirs leads to.

        :return: dict of number by id
        """
        if not self.has_access("read"):
            return {}
        return {record.id: count for record, count in self._read_group(domain, [name], ["__count"])}

    @api.model
    def _action_open_list(self, domain, **context):
        """Open the tickets, one alone at once.

        :return: an action
        """
        tickets = self.search(domain, limit=2)
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Tickets"),
            "res_model": self._name,
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": list(Domain(domain)),
            "context": context,
        }
        if len(tickets) == 1:
            action |= {"views": [(False, "form")], "res_id": tickets.id}
        return action
