"""Odoo's leads."""

from ..engine.treatments import EMPTY, SCRUB
from .base import Handler


class CrmLead(Handler):
    """A lead: its personal fields as the company chose; value, status and dates stay."""

    model = "crm.lead"
    sequence = 80
    own_links = ("partner_id",)
    fields = {"name": SCRUB, "email_domain_criterion": EMPTY}
