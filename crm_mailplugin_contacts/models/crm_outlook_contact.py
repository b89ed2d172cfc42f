from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import graph


class Step(NamedTuple):
    """One thing to do at Microsoft.

    :param action: look, create, update or remove
    :param card: what the contact should be; None: it should not be there
    :param mark: what tells that it is like that
    """

    action: str
    row: Any
    card: dict | None
    mark: str

    def prepare(self, folder):
        """Return the request: ``(method, path, body)``."""
        contacts = ("contactFolders", folder, "contacts")
        if self.action == "look":
            key = self.row.key
            condition = f"singleValueExtendedProperties/Any(ep: ep/id eq '{graph.PROPERTY}' and ep/value eq '{key}')"
            return "GET", f"{graph.path(*contacts)}?$select=id&$filter={graph.quote(condition)}", None
        if self.action == "create":
            body = {**self.card, "singleValueExtendedProperties": graph.marked(self.row.key)}
            return "POST", graph.path(*contacts), body
        if self.action == "update":
            return "PATCH", graph.path(*contacts, self.row.remote_ref), self.card
        # for good: a plain DELETE leaves it among the deleted items, where it can never be reached again
        return "POST", graph.path(*contacts, self.row.remote_ref, "permanentDelete"), None


class Outcome(NamedTuple):
    """What came of a step.

    :param is_done: it was
    :param is_put_off: it has to be tried again
    :param follow_ups: Steps that come next
    """

    is_done: bool = False
    is_put_off: bool = False
    follow_ups: tuple = ()


class CrmOutlookContact(models.Model):
    """That a contact stands in a user's Outlook, by which id, and a hash of what was sent.

    The row outlives the contact, until it is removed at Microsoft as well; nothing about the contact is in it.
    """

    _name = "crm.outlook.contact"
    _description = "Contact in Outlook"

    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="cascade", index=True)
    # The name of who is not the user's any more is not the user's to read either: see `contact_name`. Odoo's look-up of
    # privacy reads it as an administrator.
    partner_id = fields.Many2one(
        "res.partner",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        groups="base.group_system",
        export_string_translation=False,
    )
    contact_name = fields.Char("Contact", compute="_compute_contact_name")
    key = fields.Char(readonly=True, required=True, groups=fields.NO_ACCESS, export_string_translation=False)
    remote_ref = fields.Char(readonly=True, groups=fields.NO_ACCESS, export_string_translation=False)
    fingerprint = fields.Char(readonly=True, groups=fields.NO_ACCESS, export_string_translation=False)
    state = fields.Selection(
        [("new", "Not Sent Yet"), ("unsure", "Being Sent"), ("sent", "In Outlook"), ("failed", "Refused")],
        required=True,
        readonly=True,
        default="new",
    )
    error = fields.Char("Microsoft Says", readonly=True, help="Microsoft's name of the error, without its words.")

    _user_partner_unique = models.UniqueIndex("(user_id, partner_id) WHERE partner_id IS NOT NULL")

    @api.depends("partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_contact_name(self):
        ids = self.sudo().partner_id.ids  # sudo: whose names, which are then read as the user
        names = {partner.id: partner.display_name for partner in self.env["res.partner"].search([("id", "in", ids)])}
        for row in self:
            row.contact_name = names.get(row.sudo().partner_id.id)

    @api.depends("contact_name")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.contact_name or self.env._("A contact")

    @api.model
    def _get_database(self):
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid")  # sudo: no secret

    @api.model
    def _add_missing(self, user, partner_ids):
        """Make the rows of contacts that are new; of who was found in the folder there is one already.

        :param user: ``res.users``
        :param partner_ids: of these contacts
        """
        database = self._get_database()
        missing = {f"{database}/{partner_id}": partner_id for partner_id in sorted(partner_ids)}
        of_nobody = Domain("user_id", "=", user.id) & Domain("partner_id", "=", False)
        for row in self.search(of_nobody & Domain("key", "in", list(missing))):
            if partner_id := missing.pop(row.key, None):  # of a second one there nothing is left to be taken
                row.partner_id = partner_id
        return self.create(
            [{"user_id": user.id, "partner_id": partner_id, "key": key} for key, partner_id in missing.items()]
        )

    @api.model
    def _take_over(self, user, found):
        """Know what is in a folder from before: by whom it is to be had, or that it is to be removed.

        :param user: ``res.users``
        :param list found: of ``(key, id at Microsoft)``
        """
        rows = {row.key: row for row in self.search([("user_id", "=", user.id)])}
        more = []
        for key, ref in found:
            values = {"remote_ref": ref, "fingerprint": False, "error": False, "state": "sent"}
            if row := rows.pop(key, None):
                row.write(values)
            else:
                # nobody's yet: nothing is written here of who is no customer of theirs any more
                more.append({"user_id": user.id, "key": key, **values})
        self.create(more)

    def _is_nowhere(self):
        """Nothing of it is at Microsoft: it was never sent, or never taken."""
        return self.state in ("new", "failed") and not self.remote_ref

    def _note_lost(self):
        """These are not at Microsoft any more."""
        self.write({"remote_ref": False, "fingerprint": False, "error": False, "state": "new"})

    # ------------------------------------------------------------
    # What Microsoft says
    # ------------------------------------------------------------

    def _take_answer(self, step, answer):
        """Write down what became of a step.

        :param Step step: of this row
        :param tools.graph.Answer answer: to it
        :return: Outcome
        """
        self.ensure_one()
        if answer.is_ok:
            return getattr(self, f"_note_{step.action}")(step, answer)
        if answer.status == 404 and step.action == "remove":
            return self._note_remove(step, answer)
        if answer.status == 404 and step.action == "update":
            # the user has deleted it in Outlook
            self._note_lost()
            return Outcome(follow_ups=(step._replace(action="create"),))
        return self._note_failure(step, answer)

    def _note_look(self, step, answer):
        found = (answer.body.get("value") or [{}])[0].get("id")
        if found:
            self.write({"state": "sent", "remote_ref": found, "fingerprint": False})
            return Outcome(follow_ups=(step._replace(action="update" if step.card else "remove"),))
        if step.card:
            self.write({"state": "new", "remote_ref": False, "fingerprint": False})
            return Outcome(follow_ups=(step._replace(action="create"),))
        self.unlink()
        return Outcome()

    def _note_create(self, step, answer):
        self.write({"state": "sent", "remote_ref": answer.body.get("id"), "fingerprint": step.mark, "error": False})
        return Outcome(is_done=True)

    def _note_update(self, step, _answer):
        self.write({"state": "sent", "fingerprint": step.mark, "error": False})
        return Outcome(is_done=True)

    def _note_remove(self, _step, _answer):
        self.unlink()
        return Outcome(is_done=True)

    def _note_failure(self, step, answer):
        """What is about all is seen to by who asked; what Microsoft does not want like that waits for a change.

        A contact whose making ended in an error of the server, or in no answer, may be there all the same.
        """
        is_for_good = 400 <= answer.status < 500 and answer.status not in (401, 403, 404, 408, 409, 412, 429)
        if step.action == "create" and 400 <= answer.status < 500:
            self.state = "new"
        if is_for_good and step.action in ("create", "update"):
            self.write({"state": "failed", "fingerprint": step.mark, "error": answer.code or str(answer.status)})
            return Outcome()
        return Outcome(is_put_off=True)
