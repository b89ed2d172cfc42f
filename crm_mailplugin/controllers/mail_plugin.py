from werkzeug.exceptions import Forbidden

from odoo import http
from odoo.http import request

from odoo.addons.crm_mail_plugin.controllers import crm_client

# What other addons let the add-in file e-mails on is theirs.
FILED_ON = frozenset({"res.partner", "crm.lead", "crm.ticket"})


class MailPluginController(crm_client.CrmClient):
    """What Odoo's mail add-in asks for, answered with what sales knows of the customer.

    Names of routes, parameters and keys are those that the add-in of Odoo 19 sends and reads; what it does not read is
    for programs. All of it is done with the rights of the user whose key is sent.
    """

    # ------------------------------------------------------------
    # Seeing
    # ------------------------------------------------------------

    @http.route()
    def res_partner_get(self, email=None, name=None, partner_id=None, **kwargs):
        """What the add-in shows of whoever wrote the e-mail.

        :param str email: their address
        :param str name: their name
        :param int partner_id: the contact, where the add-in knows it already
        :return: dict, see ``crm.mail.plugin._add_sales``; of somebody who is not taken in again, Odoo's contact of
            id -1 says so in its ``enrichment_info``
        """
        answer = super().res_partner_get(email=email, name=name, partner_id=partner_id, **kwargs)
        is_nobody = answer.get("partner", {}).get("id") == -1
        # Asked here as well: where the company is known Odoo looks up none.
        if is_nobody and (refusal := request.env["crm.mail.plugin"]._why_not_taken_in(email)):
            answer["partner"]["enrichment_info"] = {"type": "odoo_custom_error", "info": refusal}
        return answer

    def _get_contact_data(self, partner):
        return request.env["crm.mail.plugin"]._add_sales(partner, super()._get_contact_data(partner))

    def _create_company_from_iap(self, email):
        """Look up no company of somebody who is not taken in again, see ``res_partner_create``."""
        refusal = request.env["crm.mail.plugin"]._why_not_taken_in(email)
        if refusal:
            return None, {"type": "odoo_custom_error", "info": refusal}
        return super()._create_company_from_iap(email)

    # ------------------------------------------------------------
    # Filing and making
    # ------------------------------------------------------------

    @http.route()
    def log_mail_content(self, model, res_id, message, attachments=None):
        """File an e-mail on a customer, a project or a ticket.

        :param str model: ``res.partner``, ``crm.lead``, or ``helpdesk.ticket``: the add-in's word for a ticket
        :param int res_id: which one
        :param str message: the HTML of the e-mail
        :param list attachments: pairs of a name and the content in base 64
        :return: True
        :raise Forbidden: a model on which the user files no e-mails
        :raise UserError: it is gone, or what came cannot be read
        :raise AccessError: the user may not write on it
        """
        plugin = request.env["crm.mail.plugin"]
        model = plugin._model_of(model)
        if model not in self._mail_content_logging_models_whitelist():
            raise Forbidden
        if model not in FILED_ON:
            return super().log_mail_content(model, res_id, message, attachments=attachments)
        plugin._log_email(model, res_id, message, attachments)
        return True

    @http.route()
    def crm_lead_create(self, partner_id, email_body, email_subject):
        """Make a project of an e-mail: of this customer, the user's own, where the user's team begins.

        :param int partner_id: the customer
        :param str email_body: HTML, which becomes the description
        :param str email_subject: what the project is called
        :return: ``{"lead_id": id}`` or ``{"error": "partner_not_found"}``
        """
        plugin = request.env["crm.mail.plugin"]
        partner = plugin._find_partner(partner_id)
        if not partner:
            return {"error": "partner_not_found"}
        return {"lead_id": plugin._create_project(partner, email_subject, email_body).id}

    @http.route()
    def res_partner_create(self, email, name, company):
        """Make a contact, as natively.

        :param str email: address of the new contact
        :param str name: its name
        :param int company: the company that it is a contact person of, or -1
        :return: ``{"id": id}``
        :raise UserError: the person was anonymised and is not taken in again
        """
        request.env["crm.mail.plugin"]._check_taken_in(email)
        return super().res_partner_create(email, name, company)

    # ------------------------------------------------------------
    # What Odoo asks its extensions for
    # ------------------------------------------------------------

    def _mail_content_logging_models_whitelist(self):
        models = super()._mail_content_logging_models_whitelist()
        return [*models, "crm.ticket"] if request.env["crm.mail.plugin"]._shows_tickets() else models

    @http.route()
    def get_translations(self, plugin=None):
        """The add-in's texts in the user's language.

        :param str plugin: which add-in asks; all of them get the same
        :return: dict of translation by term
        """
        return super().get_translations()

    def _translation_modules_whitelist(self):
        return [*super()._translation_modules_whitelist(), "crm_mailplugin"]

    def _prepare_translations(self):
        return {**super()._prepare_translations(), **request.env["crm.mail.plugin"]._get_terms()}
