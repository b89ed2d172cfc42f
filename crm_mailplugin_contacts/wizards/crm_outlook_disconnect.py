from odoo import fields, models


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
        default="remove",
    )

    def action_confirm(self):
        """Switch it off for the user who asks.

        :return: an action that closes the dialog
        """
        self.ensure_one()
        self.env.user._disconnect_outlook_contacts(self.what == "remove")
        return {"type": "ir.actions.act_window_close"}
