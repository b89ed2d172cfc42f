import json

from odoo import models

from ..tools.selection import get_domain


class ResPartner(models.Model):
    """Saying that contacts are to be kept, and why."""

    _inherit = "res.partner"

    def touch(self, reason, date=None):
        """Make contacts as young as a date, whatever was dealt with them before.

        :param str reason: why
        :param datetime date: not in the future, by default now
        :return: the ``crm.gdpr.touch`` of each contact
        :raise AccessError: the user is no privacy officer, or may not see a contact
        :raise ValidationError: the date is in the future
        """
        self.check_access("read")
        dated = {"date": date} if date else {}
        return self.env["crm.gdpr.touch"].create(
            [{"partner_id": partner_id, "reason": reason, **dated} for partner_id in self.ids]
        )

    def action_touch(self):
        """Ask why the contacts that are selected in a list, or the one of a form, are touched.

        :return: the action that opens the assistant
        """
        self.env["crm.gdpr.touch"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Touch Contacts"),
            "res_model": "crm.gdpr.touch.contacts",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_partner_domain": json.dumps(list(get_domain(self)), default=str),
                "dialog_size": "medium",
            },
        }

    def action_view_touches(self):
        """Show when and why a contact was touched.

        :return: the action that opens the list
        """
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_gdpr.crm_gdpr_touch_action")
        return {**action, "domain": [("partner_id", "in", self.ids)]}
