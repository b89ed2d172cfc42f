from markupsafe import Markup

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_salesboard.tools.mobile_numbers import is_mobile

# What anybody who writes e-mails may put into them: it is the receiver's own, or on every campaign.
PLACEHOLDERS = tuple(
    f"object.{path}"
    for path in (
        "email",
        "phone",
        "campaign_id.title",
        "lead_id.name",
        "lead_id.contact_name",
        "lead_id.partner_name",
        "lead_id.user_id.name",
        "partner_id.city",
        "partner_id.commercial_company_name",
        "partner_id.country_id.name",
        "partner_id.function",
        "partner_id.parent_id.name",
        "partner_id.ref",
        "partner_id.street",
        "partner_id.user_id.name",
        "partner_id.zip",
    )
)


class CrmCampaignMember(models.Model):
    """How a member is reached by e-mail and SMS, and what becomes of an answer."""

    _inherit = "crm.campaign.member"

    @api.model
    def mail_allowed_qweb_expressions(self):
        return super().mail_allowed_qweb_expressions() + PLACEHOLDERS

    def _get_addresses(self):
        """What each is reached by, as it is stored with the customer or, without one, with the lead.

        Beyond the rights of the user: whether somebody has an address is no secret to who may address them.

        :return: ``{id: {"email", "email_normalized", "phone", "phone_sanitized"}}``, each or None
        """
        for model in ("res.partner", "crm.lead"):
            self.env[model].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT member.id,
                       CASE WHEN partner.email > '' THEN partner.email ELSE NULLIF(lead.email_from, '') END AS email,
                       CASE WHEN partner.email > '' THEN partner.email_normalized ELSE lead.email_normalized END
                           AS email_normalized,
                       CASE WHEN partner.phone > '' THEN partner.phone ELSE NULLIF(lead.phone, '') END AS phone,
                       CASE WHEN partner.phone > '' THEN partner.phone_sanitized ELSE lead.phone_sanitized END
                           AS phone_sanitized
                  FROM crm_campaign_member member
                  LEFT JOIN res_partner partner ON partner.id = member.partner_id
                  LEFT JOIN crm_lead lead ON lead.id = member.lead_id
                 WHERE member.id = ANY(%s)
                """,
                self.ids,
            )
        )
        return {row.pop("id"): row for row in rows}

    def _get_reasons_of_mail(self, taken=()):
        """Why an e-mail does not reach some of them. Of several with the same address the first gets it.

        :param taken: addresses that had one
        :return: ``{id: reason}``
        """
        addresses = self._get_addresses()
        normalized = {row["email_normalized"] for row in addresses.values() if row["email_normalized"]}
        unwanted = self._get_unwanted_emails(normalized)
        reasons, taken = {}, set(taken)
        for member_id in sorted(addresses):
            row = addresses[member_id]
            address = row["email_normalized"]
            if not row["email"]:
                reasons[member_id] = "no_email"
            elif not address:
                reasons[member_id] = "invalid_email"
            elif address in unwanted:
                reasons[member_id] = "blacklisted"
            elif address in taken:
                reasons[member_id] = "same_address"
            else:
                taken.add(address)
        return reasons

    def _get_reasons_of_sms(self, taken=()):
        """As :meth:`_get_reasons_of_mail`, for text messages."""
        addresses = self._get_addresses()
        numbers = {row["phone_sanitized"] for row in addresses.values() if row["phone_sanitized"]}
        unwanted = self.env["crm.sms.sending"]._blacklisted_numbers(numbers)
        reasons, taken = {}, set(taken)
        for member_id in sorted(addresses):
            row = addresses[member_id]
            number = row["phone_sanitized"]
            if not row["phone"]:
                reasons[member_id] = "no_number"
            elif not number:
                reasons[member_id] = "invalid_number"
            elif not is_mobile(number):
                reasons[member_id] = "not_mobile"
            elif number in unwanted:
                reasons[member_id] = "blacklisted"
            elif number in taken:
                reasons[member_id] = "same_address"
            else:
                taken.add(number)
        return reasons

    def _get_unwanted_emails(self, emails):
        self.env["mail.blacklist"].flush_model(["email", "active"])
        rows = self.env.execute_query(
            SQL("SELECT email FROM mail_blacklist WHERE active AND email = ANY(%s)", list(emails))
        )
        return {email for (email,) in rows}

    def _sms_get_recipients_info(self, force_field=False, partner_fallback=True):
        """The number that was judged when the step started, without parsing it again for each member."""
        if force_field:
            return super()._sms_get_recipients_info(force_field=force_field, partner_fallback=partner_fallback)
        addresses = self._get_addresses()
        return {
            member.id: {
                "partner": member.partner_id,
                "sanitized": addresses[member.id]["phone_sanitized"] or False,
                "number": addresses[member.id]["phone"] or False,
                "partner_store": False,
                "field_store": "phone",
            }
            for member in self
        }

    # ------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------

    def _on_reaction(self):
        """Somebody answered. To be extended by what is made of it; called once the answer can be read."""

    def _get_responsible(self):
        """Who is told of an answer: the customer's or lead's salesperson, else who is responsible for the campaign."""
        member = self.sudo()  # sudo: who that is; each of them is asked for before being told
        return self._pick_who_sees(member.lead_id.user_id, member.partner_id.user_id, *self._get_planners())

    def _get_planners(self):
        """Who is responsible for the campaign, and for the last step that addressed the member."""
        member = self.sudo()  # sudo: as above
        return member.campaign_id.user_id, member.dispatch_ids.sorted("id").step_id[-1:].user_id

    def _pick_who_sees(self, *users):
        """The first of some users who may see this member: what somebody answers is told to nobody else.

        :param users: ``res.users``, each one or none
        :return: ``res.users``, one or none
        """
        self.ensure_one()
        for user in users:
            if not user.active:
                continue
            if self.with_user(user).with_context(allowed_company_ids=user.company_ids.ids).has_access("read"):
                return user
        return self.env["res.users"]

    def message_update(self, msg_dict, update_vals=None):
        """An answer by e-mail: whoever is responsible is told."""
        result = super().message_update(msg_dict, update_vals=update_vals)
        if not self.env.context.get("crm_is_automatic_answer"):
            for member in self:
                member.message_subscribe(partner_ids=member._get_responsible().partner_id.ids)
        return result

    def _tell_history(self, answer):
        """Say in the history of the customer or lead what was answered; the answer itself is with the member.

        :param answer: ``mail.message`` of one of these members
        """
        for member in self.filtered(lambda member: answer and member.id == answer.res_id):
            record = member.lead_id or member.partner_id
            title = self.env._("Answer to %(campaign)s", campaign=member.campaign_id.display_name)
            record._message_log(
                body=Markup("<p>%s</p>%s") % (member._get_html_link(title=title), answer.body or ""),
                subject=answer.subject,
                author_id=answer.author_id.id,
                email_from=answer.email_from,
                message_type="email",
            )
