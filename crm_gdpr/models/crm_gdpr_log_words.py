from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

MOST_FOUND = 1000


class CrmGdprLog(models.Model):
    """What an officer reads and searches in place of numbers and fingerprints."""

    _inherit = "crm.gdpr.log"

    user_id = fields.Many2one("res.users", compute="_compute_user_id", search="_search_user_id")
    contact_id = fields.Many2one(
        "res.partner",
        store=False,
        search="_search_contact_id",
        help="Searches for entries about a contact. Which contact an entry is about cannot be read from it.",
    )
    subject_count = fields.Integer(string="Records", compute="_compute_subject_count")
    counts_text = fields.Text(string="How Many", compute="_compute_texts")
    counts_line = fields.Char(string="Counts in a Line", compute="_compute_texts")
    details_text = fields.Text(string="More", compute="_compute_texts")
    handlers_text = fields.Char(string="Done by", compute="_compute_texts")
    versions_text = fields.Char(string="Made by", compute="_compute_texts")

    @api.depends("user_ref")
    def _compute_user_id(self):
        users = self.env["res.users"].browse(set(self.mapped("user_ref"))).exists()
        for entry in self:
            entry.user_id = users.filtered(lambda user, entry=entry: user.id == entry.user_ref)

    def _search_user_id(self, operator, value):
        ids = self._find_ids("res.users", operator, value)
        return NotImplemented if ids is None else Domain("user_ref", "in", ids)

    def _search_contact_id(self, operator, value):
        """Also archived contacts, and by their number those of which nothing is left."""
        ids = self._find_ids("res.partner", operator, value)
        if ids is None:
            return NotImplemented
        subjects = self._get_fingerprints(self.env["res.partner"].browse(ids))
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL("%s ?| %s", SQL.identifier(alias, "subjects"), subjects)
        )

    @api.model
    def _find_ids(self, model, operator, value):
        """The ids of records that a search names, or nothing where it cannot be searched so."""
        if operator == "in":
            return [record_id for record_id in value if record_id]
        if operator == "any" and isinstance(value, Domain):
            return self.env[model].with_context(active_test=False).search(value, limit=MOST_FOUND).ids
        return None

    @api.depends("subjects")
    def _compute_subject_count(self):
        for entry in self:
            entry.subject_count = len(entry.subjects or [])

    @api.depends("counts", "details", "handlers", "versions")
    def _compute_texts(self):
        for entry in self:
            counts = list(self._tell(entry.counts or {}))
            entry.counts_text, entry.counts_line = "\n".join(counts), ", ".join(counts)
            entry.details_text = "\n".join(self._tell(entry.details or {}))
            entry.handlers_text = ", ".join(entry.handlers or [])
            entry.versions_text = ", ".join(f"{name} {version}" for name, version in (entry.versions or {}).items())

    @api.model
    def _tell(self, values):
        """Lines of text for a dictionary, with the names that users know of what is a model."""
        for name, value in sorted(values.items()):
            yield f"{self._get_label(name)}: {value}"

    @api.model
    def _get_label(self, name):
        """``res.partner.changed`` is *Contact, changed*."""
        parts = name.split(".")
        for end in range(len(parts), 0, -1):
            model = ".".join(parts[:end])
            if model in self.env:
                words = [self.env["ir.model"]._get(model).name, " ".join(parts[end:]).replace("_", " ")]
                return ", ".join(filter(None, words))
        return name.replace("_", " ")
