from odoo import api, fields, models


class CrmCalendarFeedAddress(models.TransientModel):
    """Shows a secret address once. It is stored nowhere: neither field has a column, and nothing is saved."""

    _name = "crm.calendar.feed.address"
    _description = "Calendar Address"

    address = fields.Char("Secret Address", store=False, readonly=True)
    webcal_address = fields.Char("Open in the Calendar of this Device", compute="_compute_webcal_address")

    @api.depends("address")
    def _compute_webcal_address(self):
        for wizard in self:
            wizard.webcal_address = (wizard.address or "").replace("https://", "webcal://").replace("http://", "webcal://")
