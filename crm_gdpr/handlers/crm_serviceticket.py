"""Service tickets: that there was a complaint, what was decided and when stays; what it said of the person goes."""

from odoo.tools import SQL

from ..engine.treatments import EMPTY, SCRUB, keep
from .base import Handler, describe_configuration


class CrmTicket(Handler):
    """The person's complaints, as customer or as the one who complained for a company.

    The project says whose a complaint is only where nothing else does: at a company, colleagues complain as well.
    """

    model = "crm.ticket"
    own_links = ("partner_id", "commercial_partner_id", "contact_id")
    fields = {
        "name": SCRUB,
        "number": keep("the number of the ticket"),
        "description": (EMPTY, SCRUB),
        "result": (EMPTY, SCRUB),
        "email_from": (EMPTY, SCRUB),
        "email_from_normalized": (EMPTY, SCRUB),
        "email_cc": (EMPTY, SCRUB),
        "access_token": EMPTY,
    }
    export_fields = (
        "number", "name", "description", "create_date", "email_from", "status_id", "product_id", "sale_order_id",
        "invoice_id", "measure_id", "result", "closed_on", "user_id", "lead_id",
    )  # fmt: skip
    export_written = ("description",)
    export_involved = ("number", "create_date")

    def find(self, run):
        self._find_by_address(run)
        self._find_by_project(run)

    def _find_by_address(self, run):
        """Tickets by the address that somebody wrote from, of whom nobody has said yet which customer it is."""
        by_email = run.by_value("emails")
        run.env.cr.execute(
            SQL(
                """
                SELECT id, email_from_normalized FROM crm_ticket
                 WHERE email_from_normalized = ANY(%s) AND partner_id IS NULL AND contact_id IS NULL
                """,
                list(by_email),
            )
        )
        for row_id, email_from in run.env.cr.fetchall():
            for person in by_email[email_from]:
                run.found.add(self.model, row_id, person, "email_from", is_own=True)

    def _find_by_project(self, run):
        """Tickets on the person's project that say nothing of whose they are."""
        leads = run.found.own("crm.lead")
        run.env.cr.execute(
            SQL(
                """
                SELECT id, lead_id FROM crm_ticket
                 WHERE lead_id = ANY(%s) AND partner_id IS NULL AND contact_id IS NULL AND COALESCE(email_from, '') = ''
                """,
                list(leads),
            )
        )
        for row_id, lead_id in run.env.cr.fetchall():
            run.found.follow(self.model, row_id, leads[lead_id], "lead_id", is_own=True)


describe_configuration("crm.ticket.status")
