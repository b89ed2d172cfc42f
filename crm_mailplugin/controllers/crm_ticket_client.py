from odoo import http
from odoo.http import request


class CrmTicketClient(http.Controller):
    """The add-in's section of tickets. Odoo's Helpdesk answers it itself where it is installed, see ``ir.http``."""

    @http.route("/mail_plugin/ticket/create", type="jsonrpc", auth="outlook", cors="*")
    def crm_ticket_create(self, partner_id, email_body, email_subject):
        """Make a ticket of an e-mail.

        :param int partner_id: who complains: a customer, or a contact person of one
        :param str email_body: HTML, which becomes the complaint
        :param str email_subject: the subject
        :return: ``{"ticket_id": id}`` or ``{"error": "partner_not_found"}``
        :raise AccessError: the user makes no tickets
        """
        plugin = request.env["crm.mail.plugin"]
        partner = plugin._find_partner(partner_id)
        if not partner:
            return {"error": "partner_not_found"}
        return {"ticket_id": plugin._create_ticket(partner, email_subject, email_body).id}
