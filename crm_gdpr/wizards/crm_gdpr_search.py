import logging
from collections import Counter

from odoo import api, fields, models, modules
from odoo.exceptions import UserError
from odoo.tools.mail import email_split

from ..engine.residue import scan_values
from ..tools.identity import Identity

_logger = logging.getLogger(__name__)
MOST = 1000


class CrmGdprSearch(models.TransientModel):
    """Searching everything for a person by what an officer types in: after a search that was broken off, after a
    restore, or to show somebody that nothing is there. What was typed in is in memory alone once the search begins.
    """

    _name = "crm.gdpr.search"
    _description = "Search for a Person Everywhere"

    person_name = fields.Char(string="Name")
    email = fields.Char(string="E-mail")
    phone = fields.Char(help="With its country, such as +31 6 12345678.")
    other = fields.Text(string="Other Values", help="Street and number, tax number, bank account …: one on each line.")
    places = fields.Json(readonly=True)
    unread_count = fields.Integer(readonly=True)
    is_searched = fields.Boolean(readonly=True)
    problem = fields.Char(readonly=True, help="Why the search is not in the log.")
    result = fields.Html(compute="_compute_result", sanitize=False)

    @api.depends("places", "is_searched", "unread_count")
    def _compute_result(self):
        for search in self:
            values = {"places": search.places or [], "most": MOST, "unread": search.unread_count}
            search.result = self.env["ir.qweb"]._render("crm_gdpr.search_result", values)

    def action_search(self):
        """Search, and show where something was found: the places, never the values.

        :raise UserError: where nothing was typed in
        """
        self.ensure_one()
        identity = self._get_identity()
        if not identity:
            raise UserError(
                self.env._("Enter a name, an e-mail address, a phone number or another value to search for.")
            )
        self._forget()
        hits, unread = scan_values(self.env, identity, limit=MOST)
        counts = Counter((hit.table, hit.column) for hit in hits)
        self._commit()
        problem = self._note_search(len(hits))
        search = self.create(
            {
                "is_searched": True,
                "places": [[*place, number] for place, number in sorted(counts.items())],
                "unread_count": len(unread),
                "problem": problem,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Search for a Person Everywhere"),
            "res_model": self._name,
            "res_id": search.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _note_search(self, number):
        """Note it in the log; return why that was not possible. What took minutes to find is shown all the same."""
        try:
            self.env["crm.gdpr.log"]._append_apart("scanned", counts={"found": number}, by_hand=True)
        except UserError as error:
            _logger.warning("a search by hand of user %s is not in the privacy log", self.env.uid)
            return str(error)
        return False

    def _forget(self):
        """Remove what was typed in for good, before a search that may take minutes, or be killed in the middle."""
        self.unlink()
        self._commit()

    @api.model
    def _commit(self):
        if not modules.module.current_test:
            self.env.cr.commit()  # what was found is kept part by part

    def _get_identity(self):
        return Identity(
            names={self.person_name.strip()} if (self.person_name or "").strip() else set(),
            emails={address.lower() for address in email_split(self.email or "")},
            phones={self.phone.strip()} if (self.phone or "").strip() else set(),
            texts={line.strip() for line in (self.other or "").splitlines() if line.strip()},
        )
