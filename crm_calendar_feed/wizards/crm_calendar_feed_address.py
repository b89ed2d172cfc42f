from markupsafe import Markup

from odoo import api, fields, models


class CrmCalendarFeedAddress(models.TransientModel):
    """Shows a secret address once. It is stored nowhere: neither field has a column, and nothing is saved."""

    _name = "crm.calendar.feed.address"
    _description = "Calendar Address"

    address = fields.Char("Secret Address", store=False, readonly=True)
    # A link of its own: Odoo's widget for addresses knows http alone.
    webcal_link = fields.Html("Open in the Calendar of this Device", compute="_compute_webcal_link", sanitize=False)

    @api.depends("address")
    def _compute_webcal_link(self):
        for wizard in self:
            address = "webcal://" + (wizard.address or "").partition("://")[2]
            wizard.webcal_link = Markup('<a href="%s">%s</a>') % (address, self.env._("open this link"))
