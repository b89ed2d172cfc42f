from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from odoo.addons.crm_salesboard.models.crm_lead_project import ANY_SUBJECT


class CrmMailPlugin(models.AbstractModel):
    """Projects, tickets and contacts that are made of an e-mail with one click."""

    _inherit = "crm.mail.plugin"

    @api.model
    def _find_partner(self, partner_id):
        """The contact that the add-in means.

        :param int partner_id: whatever came
        :return: ``res.partner``, empty where there is none that the user may see
        """
        if not isinstance(partner_id, int) or isinstance(partner_id, bool):
            return self.env["res.partner"]
        return self.env["res.partner"].browse(partner_id).exists()._filtered_access("read")

    @api.model
    def _text_of(self, subject):
        return html2plaintext(subject).strip() if isinstance(subject, str) else ""

    # ------------------------------------------------------------
    # Projects
    # ------------------------------------------------------------

    @api.model
    def _create_project(self, partner, subject, body):
        """Make a project with what an e-mail says, as a mail to the team's address would.

        :param partner: ``res.partner``
        :param str subject: its name; without one it is called after the customer
        :param str body: HTML
        :return: ``crm.lead``
        """
        vals = {
            "name": self._text_of(subject) or self.env._("E-mail from %(name)s", name=partner.display_name),
            "partner_id": partner.id,
            "user_id": self.env.uid,
            "description": isinstance(body, str) and body,
        }
        leads = self.env["crm.lead"].with_company(partner.company_id)
        # What the customer wrote is the subject, whichever ones the process has.
        return leads.with_context(crm_any_subject=ANY_SUBJECT).create({**vals, **self._project_kind(leads)})

    @api.model
    def _project_kind(self, leads):
        """What a team on a process begins with: leads, where it qualifies them first, or its first status."""
        team = leads.env["crm.team"]._get_default_team_id()
        if not team.process_id:
            return {}
        is_lead = team.use_leads and self.env.user.has_group("crm.group_use_lead")
        return {"type": "lead" if is_lead else "opportunity"}

    # ------------------------------------------------------------
    # Tickets
    # ------------------------------------------------------------

    @api.model
    def _create_ticket(self, partner, subject, body):
        """Make a ticket of a complaint: of the company, with the person as contact.

        It is the user's where they are of the team, otherwise that of whoever leads it.

        :param partner: ``res.partner``
        :param str subject: the subject
        :param str body: HTML
        :return: ``crm.ticket``
        """
        company = partner.company_id or self.env.company
        tickets = self.env["crm.ticket"].with_company(company)
        customer = partner.commercial_partner_id
        vals = {
            "name": tickets._subject_of({"subject": self._text_of(subject)}),
            "description": isinstance(body, str) and body,
            "partner_id": customer.id,
            "contact_id": partner != customer and partner.id,
            "company_id": company.id,
        }
        team = tickets._default_team(company)
        if self.env.user in team.user_id | team.member_ids:
            vals["user_id"] = self.env.uid
        return tickets.create(vals)

    # ------------------------------------------------------------
    # Contacts
    # ------------------------------------------------------------

    @api.model
    def _why_not_taken_in(self, email):
        """What speaks against making a contact of an address: the person was anonymised, as far as Privacy is there.

        :param str email: the address
        :return: a text, or None
        """
        if "crm.gdpr.suppression" not in self.env or not isinstance(email, str):
            return None
        if not self.env["crm.gdpr.suppression"]._find({email}, (), self.env.company):
            return None
        return self.env._(
            "This person was anonymised and is not taken in again. If they want to be, make the contact in Odoo."
        )

    @api.model
    def _check_taken_in(self, email):
        """
        :raise UserError: the person was anonymised
        """
        if refusal := self._why_not_taken_in(email):
            raise UserError(refusal)
