import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner_private import MAX_DEPTH

# How many of its latest records a block shows; its heading leads to all of them.
LINES = 5


class Customer:
    """The customer that a page is made of: what several blocks need of it is asked once."""

    def __init__(self, partner, family):
        self.partner = partner
        self.family = family
        self.env = partner.env
        # Filled by the projects, which are asked first: their ids, where the user may read any.
        self.lead_ids = ()
        self.named_leads = self.env["crm.lead"]
        # What was counted, see ``_get_counted``: (records, domain, count) by name.
        self.counted = {}
        self.first_events = {}

    @property
    def ids(self):
        """The ids of the customer and of everybody below it, archived ones too."""
        return self.family.ids

    def name_of(self, partner_id):
        """Whose something is, where it is not the customer's own.

        :param int partner_id: id of a ``res.partner``, or False
        :return: the name of the contact person, or False
        """
        if not partner_id or partner_id == self.partner.id or partner_id not in self.family._ids:
            return False
        return self.env["res.partner"].browse(partner_id).name or False


class CrmCustomerPage(models.AbstractModel):
    """The customer on one page: one request, in which each block asks for its own part, with the user's own rights.

    A block is a method that gets the ``Customer`` and returns a dict, or None where the user's groups may not read its
    records, or where there are none and none could be added there. An addon adds one by extending ``_get_blocks``.
    """

    _name = "crm.customer.page"
    _description = "Customer on One Page"

    @api.model
    @api.readonly
    def get_page(self, partner_id):
        """Everything that the page shows of a customer.

        :param int partner_id: a person or a company; of a company, what belongs to those below it is there too
        :return: dict of

            - ``customer``: the master data, see ``_get_header``
            - ``warnings``: ``[{"text", "level"}]``, to be read before anything is offered
            - ``blocks``: the blocks that the user may see, in order, see ``_block``
            - ``folded``: names of the blocks that this user has folded
            - ``currency_id``: the currency of all sums, that of the current company

        :raise MissingError: there is no such customer
        :raise AccessError: the user may not see it
        """
        customer = self._get_customer(partner_id)
        self._fetch_master(customer)
        self._count(customer)
        blocks = []
        for name, method in self._get_blocks():
            block = getattr(self, method)(customer)
            if block is not None:
                blocks.append({"name": name, **block})
        self._complete_lines(customer, blocks)
        return {
            "customer": self._get_header(customer),
            "warnings": self._get_warnings(customer),
            "blocks": blocks,
            "folded": self._get_folded(),
            "currency_id": self.env.company.currency_id.id,
        }

    @api.model
    def _get_blocks(self):
        """The blocks in the order in which they are made, and stand below each other on a phone.

        To be extended by addons that know of more.

        :return: list of (name, name of a method of this model)
        """
        return [
            ("open_projects", "_block_open_projects"),
            ("notes", "_block_notes"),
            ("open_activities", "_block_open_activities"),
            ("upcoming_events", "_block_upcoming_events"),
            ("calls", "_block_calls"),
            ("closed_projects", "_block_closed_projects"),
            ("orders", "_block_orders"),
            ("invoices", "_block_invoices"),
            ("contacts", "_block_contacts"),
            ("documents", "_block_documents"),
            ("history", "_block_history"),
            ("done_activities", "_block_done_activities"),
            ("past_events", "_block_past_events"),
            ("campaigns", "_block_campaigns"),
        ]

    @api.model
    def _get_customer(self, partner_id):
        # Portal users may read their own company, but not what colleagues wrote about it.
        if not self.env.user._is_internal():
            raise AccessError(self.env._("You may not see this customer."))
        if not isinstance(partner_id, int) or isinstance(partner_id, bool):
            raise MissingError(self.env._("This customer is not there any more."))
        family = self._fetch_family(partner_id)
        partner = self.env["res.partner"].browse(partner_id)
        if partner not in family:
            # Not found with the user's rights: let Odoo say which of the two it is.
            if not partner.exists():
                raise MissingError(self.env._("This customer is not there any more."))
            partner.check_access("read")
            raise AccessError(self.env._("You may not see this customer."))
        return Customer(partner, family)

    @api.model
    def _fetch_family(self, partner_id):
        """A customer and everybody below it that the user may read, as Odoo's own buttons count, by one query."""
        partners = self.env["res.partner"].with_context(active_test=False)
        partners.flush_model(["parent_id"])
        below = SQL(
            """(
            WITH RECURSIVE below(id, depth) AS (
                SELECT %(id)s, 0
                UNION
                SELECT partner.id, depth + 1
                  FROM below JOIN res_partner partner ON partner.parent_id = below.id WHERE depth < %(max)s
            )
            SELECT id FROM below
            )""",
            id=partner_id,
            max=MAX_DEPTH,
        )
        names = ["name", "parent_id", "type", "function", "email", "phone", "active", "is_company"]
        family = partners.search_fetch(Domain("id", "in", below), names, order="name, id")
        return family.with_env(self.env)

    @api.model
    def _get_warnings(self, customer):
        """What whoever deals with the customer has to know first. To be extended.

        :return: list of ``{"text", "level"}``, the level being one of Bootstrap's: danger, warning, info
        """
        return []

    @api.model
    def _get_sales_status(self, customer):
        """The latest sales status in its colours, see ``_badge``, or False. To be extended."""
        return False

    @api.model
    def _get_folded(self):
        # sudo: one's own settings, which nobody but oneself and administrators may read
        settings = self.env["res.users.settings"].sudo()
        settings = settings.search_fetch([("user_id", "=", self.env.uid)], ["customer_page_folded"], limit=1)
        return [name for name in (settings.customer_page_folded or "").split(",") if name]

    # ------------------------------------------------------------
    # What blocks are made of
    # ------------------------------------------------------------

    @api.model
    def _block(self, title, icon, column, count, lines, empty, **more):
        """What the page needs to show a block.

        :param str title: its heading
        :param str icon: a name of Font Awesome 4.7
        :param int column: 1 to 3, in which it stands where there is room
        :param int count: how many records there are in all
        :param list lines: the first ``LINES`` of them, see ``_line``
        :param str empty: what stands there without any
        :param more: ``figures``: see ``_figure``; ``action``: what the heading opens; ``add``: ``{"label", "action"}``
            or ``{"label", "upload"}``, or nothing where the user may add none
        """
        return {
            "title": title,
            "icon": icon,
            "column": column,
            "count": count,
            "lines": lines,
            "empty": empty,
            "figures": [],
            "action": False,
            "add": False,
            **more,
        }

    @api.model
    def _line(self, record, title, **more):
        """One record of a block, which a click on it opens.

        :param more: ``who``: name of the contact person; ``text``: what else there is to say; ``badge``: see
            ``_badge``; ``date``; ``late``: whether it is overdue; ``amount`` with ``currency_id``; ``user_id``,
            ``author_id`` and ``lead_id``, whose names are added; ``open``: the document to open instead of it;
            ``customer``: the customer whose page to open instead
        """
        line = {"id": record.id, "model": record._name, "title": title or self.env._("Unnamed")}
        for name, value in more.items():
            if value not in (None, False, ""):
                line[name] = value
        if isinstance(date := line.get("date"), datetime.date):
            # A point of time is a day as well, to Python.
            kind = fields.Datetime if isinstance(date, datetime.datetime) else fields.Date
            line["date"] = kind.to_string(date)
        return line

    @api.model
    def _badge(self, record, name="display_name"):
        """A status or choice in its colours."""
        if not record:
            return False
        colors = {key: record[key] for key in ("text_color", "background_color") if key in record._fields}
        return {"name": record[name], **colors}

    @api.model
    def _figure(self, label, value, **more):
        """A number of a block: ``amount=True`` for sums in the company's currency, ``alert`` for what is not well."""
        return {"label": label, "value": value, **more}

    @api.model
    def _list_action(self, title, model, domain, view_types=("list", "form"), **context):
        """What a heading opens: exactly the records that the block counts."""
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(False, view_type) for view_type in view_types],
            "domain": list(Domain(domain)),
            "context": context,
        }

    @api.model
    def _form_action(self, title, model, target="current", **context):
        """What a button opens to add a record."""
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(False, "form")],
            "target": target,
            "context": context,
        }

    @api.model
    def _add(self, model, label, action):
        """The button of a block, nothing without the right to create what it adds."""
        return {"label": label, "action": action} if self.env[model].has_access("create") else False

    @api.model
    def _get_counted(self, customer):
        """What the blocks count, which one query does for all of them. To be extended.

        :return: dict of ``(records, domain)`` by name, ``records`` being those of a model with the rights and context
            to search with; what the user may not read is left out
        """
        return {}

    @api.model
    def _count(self, customer, names=None):
        """Count what is to be counted, by one query.

        :param names: of ``_get_counted``, all of them unless it is said which
        """
        counted = self._get_counted(customer)
        if names is not None:
            counted = {name: found for name, found in counted.items() if name in names}
        queries = {name: records._search(domain) for name, (records, domain) in counted.items()}
        asked = {name: query for name, query in queries.items() if not query.is_empty()}
        numbers = {}
        if asked:
            terms = SQL(", ").join(query.subselect(SQL("COUNT(*)")) for query in asked.values())
            [row] = self.env.execute_query(SQL("SELECT %s", terms))
            numbers = dict(zip(asked, row, strict=True))
        customer.counted = {name: (*found, numbers.get(name, 0)) for name, found in counted.items()}

    @api.model
    def _first(self, customer, name, fields_to_read, order, limit=LINES):
        """The first of what was counted.

        :return: ``(records, domain, count)``
        """
        records, domain, count = customer.counted[name]
        found = records.search_fetch(domain, fields_to_read, order=order, limit=limit) if count else records
        return found, domain, count

    @api.model
    def _first_of_each(self, records, domains, fields_to_read):
        """The first of several kinds of the same records, by one query.

        :param records: those of a model with the rights and context to search with
        :param dict domains: ``(domain, count, order)`` by kind
        :return: dict of records by kind, in that order
        """
        ids, found = {}, records
        queries = {
            kind: records._search(domain, order=order, limit=LINES)
            for kind, (domain, count, order) in domains.items()
            if count
        }
        if queries:
            rows = SQL(" UNION ALL ").join(
                SQL("SELECT %s, id FROM %s first", kind, query.subselect()) for kind, query in queries.items()
            )
            for kind, record_id in self.env.execute_query(rows):
                ids.setdefault(kind, []).append(record_id)
            found = records.browse({record_id for some in ids.values() for record_id in some})
            found.fetch(fields_to_read)
        return {kind: found.browse(ids.get(kind, ())).with_prefetch(found._prefetch_ids) for kind in domains}

    @api.model
    def _on_documents(self, customer, operation="read", model_field="res_model", id_field="res_id"):
        """What hangs on the customer, those below it, and their projects, where the user may do something with these.

        :param str operation: what the user must be allowed to do with the customer or the project
        :return: Domain for a model that names its document in these two fields
        """
        found = Domain.FALSE
        for model, ids in (("res.partner", customer.ids), ("crm.lead", customer.lead_ids)):
            if ids and self.env[model].has_access(operation):
                allowed = self._allowed(model, list(ids), operation)
                found |= Domain(model_field, "=", model) & Domain(id_field, "in", allowed)
        return found

    def _allowed(self, model, ids, operation):
        """Those of records which the user may read that the user's rules let him do something else with."""
        if operation == "read":
            return ids
        rules = self.env["ir.rule"]._compute_domain(model, operation)
        # sudo: the user's own rules for the operation are what is searched by
        return self.env[model].sudo().with_context(active_test=False)._search(Domain("id", "in", ids) & rules)

    def _complete_lines(self, customer, blocks):
        """Add the names of colleagues, authors and projects to all lines at once."""
        lines = [line for block in blocks for line in block["lines"]]
        known = set(customer.lead_ids)
        users = {line["user_id"] for line in lines if line.get("user_id")} | set(customer.partner.user_id.ids)
        # sudo: names of colleagues and authors, as everywhere
        users = self.env["res.users"].sudo().browse(users)
        users.fetch(["partner_id"])
        authors = users.partner_id.browse({line["author_id"] for line in lines if line.get("author_id")})
        (users.partner_id | authors).fetch(["name"])
        leads = self.env["crm.lead"].browse({line["lead_id"] for line in lines if line.get("lead_id") in known})
        # Those whose lines stand in the blocks are known by name already.
        (leads - customer.named_leads).fetch(["name"])
        for line in lines:
            if user_id := line.pop("user_id", False):
                line["user"] = users.browse(user_id).partner_id.name
            if author_id := line.pop("author_id", False):
                line["user"] = authors.browse(author_id).name
            if (lead_id := line.pop("lead_id", False)) in known:
                line["who"] = leads.browse(lead_id).name
