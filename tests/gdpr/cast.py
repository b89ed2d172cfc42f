"""Who plays, and the list of where the person was planted."""

from collections import defaultdict
from datetime import timedelta

import requests

from odoo import Command, fields

from tests.gdpr.person import PERSON, RELATIVE

PLANTS = []


def plant(function):
    """A function that puts the person somewhere; they run in the order in which they are written."""
    PLANTS.append(function)
    return function


class Cast:
    """The people of a company, the person's records once they are made, and what was planted so far.

    :param env: the superuser's environment
    :param installation: whose database it is, with a server that answers
    :param person: of ``person.py``
    """

    def __init__(self, env, installation, person=PERSON):
        self.env, self.installation, self.person = env, installation, person
        self.address = installation.address
        self.places = set()  # (table.column, row)
        self.bystanders = defaultdict(set)  # {table: {id}}
        self.colleague = env["res.users"].search([("login", "=", "colleague")])

    def hire(self):
        """Make the colleagues, and what they sell."""
        env = self.env
        self.colleague = self._user("Bram Colleague", "colleague", "sales_team.group_sale_manager")
        self.officer = self._user("Olga Officer", "olga", "crm_gdpr.group_privacy_officer")
        self.salesperson = self._user("Sanne Seller", "seller", "sales_team.group_sale_salesman_all_leads")
        self.customer = env["res.partner"].create(
            {"name": "Konex Holding", "is_company": True, "email": "info@konex.example"}
        )
        self.product = env["product.product"].create({"name": "Pallet of bricks", "list_price": 100})

    def _user(self, name, login, group):
        groups = ["base.group_user", "base.group_partner_manager", "account.group_account_invoice", group]
        ids = [self.env.ref(xml_id).id for xml_id in groups]
        vals = {"name": name, "login": login, "email": f"{login}@company.example", "group_ids": [Command.set(ids)]}
        return self.env["res.users"].with_context(no_reset_password=True).create(vals)

    def as_colleague(self, model):
        """A model as a colleague uses it."""
        return self.env[model].with_user(self.colleague)

    def commit(self):
        """Let others see it: what hangs on it, as the sending of mails, happens now."""
        self.env.cr.commit()
        self.env.registry.signal_changes()

    def get(self, path, redirects=True):
        """Open a page as anybody can."""
        self.commit()
        return requests.get(self.address + path, timeout=60, allow_redirects=redirects)

    def call(self, path, **params):
        """Do as the page's own script does."""
        self.commit()
        answer = requests.post(self.address + path, json={"params": params}, timeout=120).json()
        assert "result" in answer, answer
        return answer["result"]

    def in_days(self, days):
        """A moment from now."""
        return fields.Datetime.now() + timedelta(days=days)

    def at(self, records, *names):
        """Note that the person stands in these fields of records.

        :return: the records
        """
        self.env.flush_all()
        for record in records:
            for name in names:
                self.places.add(self._place(record, name))
        return records

    def at_row(self, table, row, *columns):
        """Note the same of a table that no model shows."""
        self.places.update((f"{table}.{column}", str(row)) for column in columns)

    def _place(self, record, name):
        field = record._fields.get(name)
        if record._name == "ir.attachment" and name == "raw":
            return "file store", record.store_fname
        if field is not None and field.type == "binary" and field.attachment:
            domain = [("res_model", "=", record._name), ("res_id", "=", record.id), ("res_field", "=", name)]
            return "file store", self.env["ir.attachment"].search(domain).store_fname
        return f"{record._table}.{name}", str(record.id)

    def stays(self, records):
        """Note rows that are somebody else's and have to stay as they are.

        :return: the records
        """
        self.bystanders[records._table].update(records.ids)
        return records


@plant
def relatives(cast):
    """A relative of the same last name, who is a customer too."""
    add_bystander(cast, RELATIVE, email="tomasz@elders.example", street="Wad 3", city="Delfzijl")


def add_bystander(cast, name, **values):
    """Somebody else, with a project, words about them and an order: all of it has to stay as it is."""
    partner = cast.stays(cast.env["res.partner"].create({"name": name, **values}))
    lead = cast.as_colleague("crm.lead").create(
        {"name": f"Roof of {name}", "partner_id": partner.id, "user_id": cast.colleague.id, "type": "opportunity"}
    )
    lead.message_post(body=f"{name} wants tiles", message_type="comment")
    order = cast.as_colleague("sale.order").create({"partner_id": partner.id})
    for record in (partner, cast.stays(lead), cast.stays(order)):
        cast.stays(record.message_ids)
