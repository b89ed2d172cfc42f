from odoo import api, fields, models
from odoo.exceptions import UserError

NATIVE_COLORS = {
    "mail.mail_activity_data_call": ("Phone", "#1E40AF", "#DBEAFE"),
    "mail.mail_activity_data_email": ("Mail", "#0F766E", "#CCFBF1"),
    "mail.mail_activity_data_meeting": ("Meet", "#86198F", "#FAE8FF"),
    "mail.mail_activity_data_todo": ("To-do", "#374151", "#E5E7EB"),
}


class MailActivityType(models.Model):
    """The actions of notes are Odoo's own activity types, in colours."""

    _name = "mail.activity.type"
    _inherit = ["mail.activity.type", "crm.badge.mixin"]

    short_name = fields.Char(translate=True, help="Shown where there is little room.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used_by_notes(self):
        """Refuse to delete what notes are about.

        :raise UserError: it names the type, and counts its notes
        """
        # sudo: a type must not go because its notes are hidden from the manager
        notes = self.env["crm.note"].sudo()
        domain = [("activity_type_id", "in", self.ids)]
        for action, count in notes._read_group(domain, ["activity_type_id"], ["__count"]):
            raise UserError(
                self.env._(
                    "%(action)s is the action of %(count)s notes. Archive it instead: it stays where it is used and is "
                    "offered no more.",
                    action=action.name,
                    count=count,
                )
            )

    @api.model
    def _color_native_types(self):
        """Give Odoo's own types a short name and colours, as far as nobody has yet."""
        for xmlid, (short_name, text_color, background_color) in NATIVE_COLORS.items():
            action = self.env.ref(xmlid, raise_if_not_found=False)
            if action and not (action.short_name or action.text_color or action.background_color):
                action.with_context(lang=None).write(
                    {"short_name": short_name, "text_color": text_color, "background_color": background_color}
                )
