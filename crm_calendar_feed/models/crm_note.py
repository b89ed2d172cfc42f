from odoo import api, fields, models


class CrmNote(models.Model):
    """What has to be done about a note is a follow-up, and ticked on the note as well."""

    _inherit = "crm.note"

    in_my_calendar = fields.Boolean(
        "In My Own Calendar",
        compute="_compute_in_my_calendar",
        readonly=False,
        exportable=False,
        help="You get an e-mail that your calendar program takes it out of, and another one when it changes or is "
        "cancelled.",
    )

    @api.depends("activity_id")
    @api.depends_context("uid")
    def _compute_in_my_calendar(self):
        for note in self:
            # sudo: who sees the note knows that there is something to do; the box is the current user's own
            note.in_my_calendar = note.sudo().activity_id.in_my_calendar

    @api.model_create_multi
    def create(self, vals_list):
        """Write notes; the follow-up to be ticked is there only when they are written."""
        ticked = [bool(vals.get("in_my_calendar")) for vals in vals_list]
        notes = super().create([_without_tick(vals) for vals in vals_list])
        chosen = notes.browse(note.id for note, is_ticked in zip(notes, ticked, strict=True) if is_ticked)
        if chosen.activity_id:
            chosen.activity_id.in_my_calendar = True
        return notes

    def write(self, vals):
        """Change notes; what is written with the tick may be what makes the follow-up."""
        res = super().write(_without_tick(vals))
        if "in_my_calendar" in vals and self.activity_id:
            self.activity_id.in_my_calendar = vals["in_my_calendar"]
            self.invalidate_recordset(["in_my_calendar"])
        return res


def _without_tick(vals):
    return {name: value for name, value in vals.items() if name != "in_my_calendar"}
