"""Contacts in the Outlook of salespeople: whoever is anonymised here is removed there."""

from odoo.tools import SQL

from ..engine.treatments import keep
from .base import Handler


class CrmOutlookContact(Handler):
    """That a contact stands in a colleague's Outlook, without a word about it.

    The row stays, as nobody's, until the job has removed what stands there: it knows by which id.
    """

    model = "crm.outlook.contact"
    own_links = ("partner_id",)
    no_links = ("user_id",)
    has_documents = False
    fields = {
        "key": keep("the number of the contact"),
        "remote_ref": keep("by which it is removed at Microsoft"),
        "fingerprint": keep("a hash that tells a change"),
        "error": keep("the name of an error"),
    }
    is_exported = False  # a copy of the contact itself

    def erase(self, run, rows):
        own = {row_id: row for row_id, row in rows.items() if row.is_own}
        run.env.cr.execute(
            SQL(
                """
                UPDATE crm_outlook_contact SET partner_id = NULL
                 WHERE id = ANY(%s) AND partner_id IS NOT NULL RETURNING id
                """,
                list(own),
            )
        )
        ids = [row_id for (row_id,) in run.env.cr.fetchall()]
        for row_id in ids:
            run.count(self.model, own[row_id].persons, "deleted")
        if ids and not run.is_rehearsal:
            run.env["crm.outlook.connection"]._hurry_users_of(ids)
        return {}


class CrmOutlookConnection(Handler):
    """That a user has contacts in Outlook."""

    model = "crm.outlook.connection"
    no_links = ("user_id",)
    has_documents = False
    fields = {
        "folder_ref": keep("by which a folder is found at Microsoft"),
        "turn_counts": keep("how many contacts were added, changed and removed"),
    }
    is_exported = False
