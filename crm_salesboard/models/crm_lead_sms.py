from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmLead(models.Model):
    """An SMS to all customers of the board's present view."""

    _inherit = "crm.lead"

    @api.model
    @api.readonly
    def has_salesboard_sms(self, domain):
        """Whether the current user may send an SMS to customers of the present view.

        :param list domain: the present search of the board
        :return: true where a project of a process that allows it is among them
        """
        if not self.env["crm.sms.sending"].has_access("write"):
            return False
        columns = self.env["crm.process.column"].search([("process_id.allow_sms", "=", True)])
        domain = self._salesboard_sms_domain(domain) & Domain("board_column_id", "in", columns.ids)
        return bool(self.with_context(active_test=False).search_count(domain, limit=1))

    @api.model
    def _salesboard_info(self):
        info = super()._salesboard_info()
        for column in self.env["crm.process.column"].browse(info):
            info[column.id]["allow_sms"] = column.process_id.allow_sms
        return info

    @api.model
    def action_salesboard_sms(self, domain):
        """Write down who would get an SMS, and who would not and why. Nothing is sent before that was seen.

        :param list domain: the present search of the board
        :return: an action that opens the sending
        :raise AccessError: the user is no salesperson
        :raise UserError: there is nobody to send to, no process allows it, or the search is none
        """
        sending = self.env["crm.sms.sending"]._prepare_sending(self._salesboard_sms_domain(domain))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send SMS"),
            "res_model": "crm.sms.sending",
            "res_id": sending.id,
            "views": [(False, "form")],
        }

    @api.model
    def _salesboard_sms_domain(self, domain):
        try:
            return self._salesboard_domain(domain)
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("This is not a search for projects. Start again from the Sales Board.")
            ) from error

    @api.model
    def _get_merge_links(self):
        return [*super()._get_merge_links(), ("crm.sms.recipient", "lead_id")]

    def _merge_linked(self, leads, found):
        super()._merge_linked(leads, found)
        # sudo: as for messages, all that hangs on the merged projects comes along, whoever may change it
        recipients = self.env["crm.sms.recipient"].sudo()
        recipients.browse(found["crm.sms.recipient", "lead_id"]).lead_id = self.id
