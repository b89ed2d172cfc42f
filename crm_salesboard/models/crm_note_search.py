from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.mail import html_to_inner_content

# How much of a note is searched: some ten pages, so that the index stays small.
SEARCHED_LENGTH = 20_000


class CrmNote(models.Model):
    """A note is found by what is read in it, and by where it stands."""

    _inherit = "crm.note"

    plain_text = fields.Text(
        "Note as Plain Text",
        compute="_compute_plain_text",
        store=True,
        precompute=True,
        index="trigram",
        exportable=False,
        help="The beginning of the note without markup, which is what is searched.",
    )

    @api.depends("text")
    def _compute_plain_text(self):
        for note in self:
            words = html_to_inner_content(note.text or "").split()
            note.plain_text = " ".join(words)[:SEARCHED_LENGTH] or False

    def _search_summary(self, operator, value):
        return Domain("plain_text", operator, value)

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today, has_day = fields.Date.context_today(self), Domain("date_deadline", "!=", False)
        is_open, has_user = Domain("is_closed", "=", False), Domain("user_id", "!=", False)
        domains = {
            "overdue": is_open & has_user & Domain("date_deadline", "<", today),
            "today": is_open & has_user & Domain("date_deadline", "=", today),
            "planned": is_open & has_user & Domain("date_deadline", ">", today),
            "done": Domain("is_closed", "=", True),
            False: is_open & ~(has_user & has_day),
        }
        return Domain.OR(domain for state, domain in domains.items() if state in value)

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Words are looked for in the note as it is read: not in its markup, and "R&D" as it is written."""

        def as_read(condition):
            if condition.field_expr == "text" and "like" in condition.operator:
                return Domain("plain_text", condition.operator, condition.value)
            return condition

        return super()._search(Domain(domain).map_conditions(as_read), *args, **kwargs)
