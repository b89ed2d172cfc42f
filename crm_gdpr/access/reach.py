"""Which rows belong to other companies than those that an officer works for: an archive leaves them out."""

from collections import defaultdict

from odoo.models import check_company_domain_parent_of
from odoo.tools import SQL

from ..engine.companies import read_companies

# a file of a message on an entry is three rows away from the company
FARTHEST = 3
FILES, MESSAGES = "ir.attachment", "mail.message"


class Reach:
    """What is within an officer's reach.

    :param env: the officer's, with the companies that they chose

    ``others`` are the companies of which something was left out.
    """

    def __init__(self, env):
        self.officer = env
        self.env = env(su=True)
        self.companies = set(env.companies.ids)
        # sudo: whose branches these are
        self._with_parents = self.companies | set(env.companies.sudo().parent_ids.ids)
        self.others = set()

    def leave_out(self, model, ids):
        """Return the ids of the rows that may be told, and note whose the others are."""
        outside = self._find_outside(model, set(ids))
        self.others |= set(outside.values())
        return set(ids) - outside.keys()

    def choose(self, company_ids):
        """Return which of these companies' own values may be told, and note the others."""
        self.others |= set(company_ids) - self.companies
        return [company_id for company_id in company_ids if company_id in self.companies]

    def get_names(self):
        """What the other companies are called, of those that the officer may read; any other is just another one."""
        # also those that the officer works for and did not choose now; sudo: which these are
        works_for = self.officer.user.sudo().company_ids.ids
        companies = self.officer["res.company"].with_context(allowed_company_ids=works_for).browse(sorted(self.others))
        readable = companies._filtered_access("read")
        names = sorted(readable.mapped("name"))
        return names if readable == companies else [*names, self.env._("another company")]

    # ------------------------------------------------------------
    # Whose a row is
    # ------------------------------------------------------------

    def _find_outside(self, model, ids, distance=0):
        """Return the rows of other companies, by themselves or by the row that they hang on: ``{id: company id}``."""
        owned = read_companies(self.env, model, ids)
        allowed = self._get_allowed(model)
        outside = {row_id: company_id for row_id, company_id in owned.items() if company_id not in allowed}
        left = ids - owned.keys()
        if left and distance < FARTHEST:
            outside |= self._find_by_parents(model, left, distance + 1)
        return outside

    def _get_allowed(self, model):
        """A company's contacts are its branches' as well, and what else Odoo shares with these."""
        shares = getattr(self.env.registry[model], "_check_company_domain", None) is check_company_domain_parent_of
        return self._with_parents if shares else self.companies

    def _find_by_parents(self, model, ids, distance):
        parents = defaultdict(lambda: defaultdict(set))
        for row_id, parent_model, parent_id in self._read_parents(model, ids):
            parents[parent_model][parent_id].add(row_id)
        outside = {}
        for parent_model, rows in parents.items():
            for parent_id, company_id in self._find_outside(parent_model, set(rows), distance).items():
                outside |= dict.fromkeys(rows[parent_id], company_id)
        if model == FILES:
            outside |= self._find_by_messages(ids - outside.keys(), distance)
        return outside

    def _read_parents(self, model, ids):
        """Yield on which rows these hang, or with which they are deleted: ``(id, model, id)``."""
        fields = self.env[model]._fields
        for field in fields.values():
            if not field.store or not field.column_type:
                continue
            if field.type == "many2one_reference":
                of = fields[field.model_field]
                if of.column_type and of.type in ("char", "selection"):
                    yield from self._read(model, ids, of.name, field.name)
            elif field.type == "many2one" and field.comodel_name != model and self._is_part(field):
                for row_id, parent_id in self._read(model, ids, field.name):
                    yield row_id, field.comodel_name, parent_id

    @staticmethod
    def _is_part(field):
        return field.ondelete == "cascade" or field.comodel_name == "crm.lead"

    def _read(self, model, ids, *names):
        columns = SQL(", ").join(SQL.identifier(name) for name in ("id", *names))
        table = SQL.identifier(self.env[model]._table)
        self.env.cr.execute(SQL("SELECT %s FROM %s WHERE id = ANY(%s)", columns, table, list(ids)))
        for row in self.env.cr.fetchall():
            is_there = all(row) and (len(names) == 1 or row[1] in self.env and not self.env[row[1]]._abstract)
            if is_there:
                yield row

    def _find_by_messages(self, ids, distance):
        """Files that were sent with messages of other companies alone."""
        self.env.cr.execute(
            SQL("SELECT attachment_id, message_id FROM message_attachment_rel WHERE attachment_id = ANY(%s)", list(ids))
        )
        messages = defaultdict(set)
        for row_id, message_id in self.env.cr.fetchall():
            messages[row_id].add(message_id)
        outside = self._find_outside(MESSAGES, set().union(*messages.values()), distance)
        return {
            row_id: outside[min(sent_with)]
            for row_id, sent_with in messages.items()
            if sent_with and sent_with <= outside.keys()
        }
