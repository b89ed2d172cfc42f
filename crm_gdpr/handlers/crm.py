"""Odoo's leads."""

from odoo.tools import SQL

from ..engine.persons import identify
from ..engine.same_person import is_same
from ..engine.treatments import EMPTY, SCRUB, keep
from ..tools.identity import Identity
from .base import Handler


class CrmLead(Handler):
    """A lead: its personal fields as the company chose; value, status and dates stay."""

    model = "crm.lead"
    sequence = 80
    own_links = ("partner_id",)
    fields = {
        "name": SCRUB,
        "email_domain_criterion": EMPTY,
        "automated_probability": keep("the chance of the project, which its having an address is part of"),
    }

    def find(self, run):
        """Leads of other customers with an address of the person's: the address goes, and the customer stays."""
        for person in run.persons:
            for lead_id in person.mentions:
                run.found.add(self.model, lead_id, person, "email_normalized")

    def get_others(self, run, rows):
        """A project of the person's whose contact is somebody else."""
        run.env.cr.execute(
            SQL(
                "SELECT contact_name, email_from, COALESCE(phone_sanitized, phone) FROM crm_lead"
                " WHERE id = ANY(%s) AND partner_id IS NOT NULL",
                list(rows),
            )
        )
        for name, email, phone in run.env.cr.fetchall():
            values = {"name": name, "email": email, "phone": phone}
            if not any(is_same(person, values) for person in run.persons):
                identity = Identity()
                identify(identity, values)
                yield identity
