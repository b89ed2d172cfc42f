from odoo import api, fields, models


class CrmOutlookDisconnect(models.TransientModel):
    """Asks what becomes of the contacts in Outlook when a user switches them off."""

    _name = "crm.outlook.disconnect"
    _description = "Switch Off Outlook Contacts"

    what = fields.Selection(
        [
            ("remove", "Remove them from Outlook, with their folder"),
            ("leave", "Leave them there; Odoo does not change them any more"),
        ],
        "The Contacts in Outlook",
        required=True,
        default=lambda self: "leave" if self.env.user._get_outlook_removal_problem() else "remove",
    )
    problem = fields.Char(compute="_compute_problem", export_string_translation=False)

    @api.depends_context("uid", "lang")
    def _compute_problem(self):
        self.problem = self.env.user._get_outlook_removal_problem()

    def action_confirm(self):
        """Switch it off for the user who asks.

        :return: an action that closes the dialog
        :raise UserError: they are to be removed, and cannot be
        """
        self.ensure_one()
        self.env.user._disconnect_outlook_contacts(self.what == "remove")
        return {"type": "ir.actions.act_window_close"}
