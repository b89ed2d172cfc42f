"""A restricted project with everything that can hang on one."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from .common import SalesBoardCase

SECRET = "Zanzibar takeover"


class RestrictedCase(SalesBoardCase):
    """A restricted project of ``sales`` with everything that can hang on one, and those who must not see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._make_user("cast_accountant", "account.group_account_invoice")
        cls.foreign = cls._make_user("cast_foreign", "sales_team.group_sale_salesman")
        cls.linked = cls._make_user("cast_linked", "sales_team.group_sale_salesman")
        cls.member = cls._make_user("cast_member", "sales_team.group_sale_salesman")
        cls.group = cls.env["res.groups"].create({"name": "Board of directors", "user_ids": cls.member.ids})
        cls.portal = cls.env["res.users"].create(
            {
                "name": "cast_portal",
                "login": "cast_portal",
                "email": "cast_portal@example.com",
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )
        other_team = cls.env["crm.team"].create({"name": "Elsewhere"})
        other_team.member_ids = cls.foreign
        cls.team.user_id = cls.manager
        cls.outsiders = (
            cls.manager | cls.all_leads | cls.foreign | cls.other | cls.accountant | cls.outsider | cls.portal
        )
        cls.insiders = cls.sales | cls.linked | cls.member
        cls.env.ref("base.group_allow_export").user_ids |= cls.insiders | cls.outsiders - cls.portal
        cls.lead = cls._make_lead(name=SECRET, expected_revenue=4242, email_from="z@zanzibar.example")
        cls._hang_things_on(cls.lead)
        cls.lead.write(
            {
                "is_restricted": True,
                "access_group_ids": [Command.link(cls.group.id)],
                "linked_user_ids": [Command.create({"user_id": cls.linked.id})],
            }
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _hang_things_on(cls, lead):
        cls._hang_conversations_on(lead)
        cls.env["crm.call"].create({"lead_id": lead.id, "number": "+31201234567"})
        cls.env["crm.note"].create({"lead_id": lead.id, "text": SECRET, "user_id": cls.sales.id})
        cls.env["crm.lead.contact"].create({"lead_id": lead.id, "one_off_name": SECRET})
        cls.env["crm.sms.sending"].create(
            {"recipient_ids": [Command.create({"lead_id": lead.id, "company_id": cls.env.company.id})]}
        )
        cls._hang_other_addons_on(lead)
        lead.write({"board_column_id": cls._column("status", cls.offer).id})
        cls.order_of_lead = cls.env["sale.order"].create(
            {"partner_id": cls.partner.id, "opportunity_id": lead.id, "origin": SECRET, "user_id": cls.other.id}
        )

    @classmethod
    def _hang_conversations_on(cls, lead):
        cls.activities = cls.env["mail.activity"]
        for user in (cls.sales, cls.other, cls.outsider):
            cls.activities |= lead.activity_schedule("mail.mail_activity_data_todo", summary=SECRET, user_id=user.id)
        cls.done = lead.activity_schedule("mail.mail_activity_data_call", summary=SECRET, user_id=cls.sales.id)
        cls.done.with_user(cls.sales).action_feedback(SECRET)
        cls.messages = lead.with_user(cls.manager).message_post(
            body=SECRET, partner_ids=(cls.other | cls.outsider | cls.portal).partner_id.ids
        )
        lead.message_subscribe((cls.other | cls.outsider).partner_id.ids)
        cls.attachment = cls.env["ir.attachment"].create(
            {"name": SECRET, "raw": b"secret", "res_model": "crm.lead", "res_id": lead.id}
        )
        cls._hang_meeting_on(lead)
        cls.env["mail.mail"].create(
            {
                "subject": SECRET,
                "body_html": SECRET,
                "model": "crm.lead",
                "res_id": lead.id,
                "email_to": "z@example.com",
            }
        )
        cls.env["mail.scheduled.message"].create(
            {
                "subject": SECRET,
                "body": SECRET,
                "model": "crm.lead",
                "res_id": lead.id,
                "author_id": cls.sales.partner_id.id,
                "scheduled_date": fields.Datetime.now() + timedelta(days=3),
            }
        )

    @classmethod
    def _hang_meeting_on(cls, lead):
        start = fields.Datetime.now() + timedelta(days=1)
        cls.event = cls.env["calendar.event"].create(
            {
                "name": SECRET,
                "start": start,
                "stop": start + timedelta(hours=1),
                "opportunity_id": lead.id,
                "res_model_id": cls.env["ir.model"]._get_id("crm.lead"),
                "res_id": lead.id,
                "partner_ids": (cls.other | cls.sales).partner_id.ids,
            }
        )

    @classmethod
    def _hang_other_addons_on(cls, lead):
        if "crm.ticket" in cls.env:  # beside Service Tickets
            cls.env["crm.ticket"].create({"name": SECRET, "partner_id": cls.partner.id, "lead_id": lead.id})
        if "crm.letter" in cls.env:  # beside Letters
            cls.env["crm.letter"].create({"partner_id": cls.partner.id, "lead_id": lead.id, "subject": SECRET})
        if "crm.campaign.member" in cls.env:  # beside Campaigns
            campaign = cls.env["utm.campaign"].create({"title": "Fair", "company_id": cls.env.company.id})
            member = {"campaign_id": campaign.id, "company_id": campaign.company_id.id, "lead_id": lead.id}
            cls.env["crm.campaign.member"].create(member)
        if "crm.webhook" in cls.env:  # beside Webhooks
            receiver = {"name": "ERP", "url": "https://erp.example.com/", "on_project_created": True}
            webhook = cls.env["crm.webhook"].create(receiver)
            about = {"res_model": "crm.lead", "res_id": lead.id, "event": "project.created"}
            cls.env["crm.webhook.delivery"].create(
                {**about, "webhook_id": webhook.id, "uuid": SECRET, "payload": SECRET}
            )
        if "crm.lead.inbox" in cls.env:  # beside Lead Intake
            intake = cls.env["crm.intake.source"].create({"name": "Partner"})
            cls.env["crm.lead.inbox"].create(
                {
                    "source_id": intake.id,
                    "company_id": intake.company_id.id,
                    "door": "json",
                    "reference": SECRET,
                    "payload": SECRET,
                    "lead_id": lead.id,
                }
            )

    def _refused(self, call):
        loggers = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model.access")
        with self.assertRaises(AccessError), self.cr.savepoint(), mute_logger(*loggers):
            call()
        self.env.invalidate_all()

    def _each(self, users):
        for user in users:
            with self.subTest(user=user.login):
                self.env.invalidate_all()
                yield user, self.lead.with_user(user)

    def _with_model_access(self, model):
        return self.outsiders.filtered(lambda user: self.env[model].with_user(user).has_access("read"))
