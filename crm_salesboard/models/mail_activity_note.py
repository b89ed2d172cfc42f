from odoo import models

# What a note takes over from its activity.
FOLLOWED_FIELDS = ("user_id", "date_deadline", "activity_type_id")


class MailActivity(models.Model):
    """An activity may stand for a note: what becomes of it becomes of the note."""

    _inherit = "mail.activity"

    def write(self, vals):
        res = super().write(vals)
        followed = {name: vals[name] for name in FOLLOWED_FIELDS if name in vals}
        if (followed or "active" in vals) and (notes := self.env["crm.note"]._of_activities(self)):
            if followed:
                notes._follow_change(followed)
            if "active" in vals:
                notes._follow_reopened() if vals["active"] else notes._follow_done()
        return res

    def unlink(self):
        """Take activities off the list. Their notes stay, and nobody has to do anything about them any more."""
        notes = self.env["crm.note"]._of_activities(self.filtered("active"))
        res = super().unlink()
        if notes:
            notes.write({"user_id": False})
        return res

    def _action_done(self, feedback=False, attachment_ids=None):
        notes = self.env["crm.note"]._of_activities(self) if feedback else ()
        res = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if notes:
            notes._append_feedback(feedback)
        return res
