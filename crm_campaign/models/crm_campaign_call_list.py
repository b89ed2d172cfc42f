from datetime import datetime, time

from pytz import utc

from odoo import api, fields, models
from odoo.fields import Domain

# Calls that are shown at once; those that follow come when these are made.
LIMIT = 80


class CrmCampaignDispatch(models.Model):
    """The list of calls that somebody has to make."""

    _inherit = "crm.campaign.dispatch"

    @api.model
    @api.readonly
    def get_calls(self, campaign_id=False):
        """The calls of campaigns that the user is to make, the most urgent first, and what there is to say of them.

        :param int campaign_id: of this campaign alone
        :return: a dictionary with ``calls``, ``campaigns`` with the number of each, ``total``, how many of them are
            ``due``, ``results``, how many were ``done_today``, and ``again_on``, the next day of work
        """
        domain = self._my_calls_domain()
        campaigns = self._read_group(domain, ["campaign_id"], ["__count"], order="campaign_id")
        if campaign_id:
            domain &= Domain("campaign_id", "=", campaign_id)
        calls = self.search(domain, order="activity_id, id", limit=LIMIT)
        return {
            "calls": calls._prepare_calls(),
            "campaigns": [{"id": campaign.id, "name": campaign.title, "count": count} for campaign, count in campaigns],
            "due": self.search_count(
                domain & Domain("activity_id.date_deadline", "<=", fields.Date.context_today(self))
            ),
            "total": sum(count for campaign, count in campaigns if campaign_id in (False, campaign.id)),
            "results": self._prepare_results(),
            "done_today": self._count_done_today(),
            "again_on": fields.Date.to_string(self._get_next_day()),
        }

    @api.model
    def _my_calls_domain(self):
        return (
            Domain("user_id", "=", self.env.uid)
            & Domain("channel", "=", "phone")
            & Domain("state", "=", "waiting")
            & Domain("activity_id.active", "=", True)
            & Domain("step_id.state", "=", "running")
        )

    @api.model
    def _count_done_today(self):
        # What was called today, however often: it is the work of the day, which begins where the user is.
        start = self.env.tz.localize(datetime.combine(fields.Date.context_today(self), time.min))
        start = start.astimezone(utc).replace(tzinfo=None)
        calls = self.env["crm.call"]
        return calls.search_count(
            [("user_id", "=", self.env.uid), ("campaign_dispatch_id", "!=", False), ("start", ">=", start)]
        )

    @api.model
    def _get_next_day(self):
        """The next day on which the user works."""
        steps = self.env["crm.campaign.step"].sudo()  # sudo: working hours are no secret
        step = steps.new({"company_id": self.env.company.id})
        today = fields.Date.context_today(self)
        return next(day for day in step._find_days(self.env.user.sudo()) if day > today)

    @api.model
    def _prepare_results(self):
        results = self.env["crm.choice"].search_fetch(
            [("usage", "=", "campaign_result")],
            ["name", "text_color", "background_color", "is_campaign_again", "is_campaign_reaction"],
        )
        return [
            {
                "id": result.id,
                "name": result.name,
                "text_color": result.text_color,
                "background_color": result.background_color,
                "is_again": result.is_campaign_again,
                "is_reaction": result.is_campaign_reaction,
            }
            for result in results
        ]

    def _prepare_calls(self):
        """What one needs to know to call, in a fixed number of queries."""
        tries = self._get_tries()
        # sudo: as in _prepare_one_call
        addresses = self.sudo().member_id._get_addresses()
        return [
            {**call._prepare_one_call(addresses), **tries.get(call.id, {"tries": 0, "last_note": ""})} for call in self
        ]

    def _prepare_one_call(self, addresses):
        # sudo: a call is given only to who may see the customer, and is found only by who may see the member
        known = self.sudo()
        member, activity, partner = known.member_id, known.activity_id, known.member_id.partner_id
        lead, document = member.lead_id, member._get_seen_document()
        company = partner.commercial_company_name or lead.partner_name or ""
        numbers = [addresses[member.id]["phone"], partner.commercial_partner_id.phone]
        return {
            "id": self.id,
            "name": member.name or "",
            "company": company if company != member.name else "",
            "function": partner.function or lead.function or "",
            "place": partner.city or lead.city or "",
            "email": member.email or "",
            "numbers": list(dict.fromkeys(filter(None, numbers))),
            "document": {"model": document._name, "id": document.id, "name": document.display_name},
            "partner_id": partner.id,
            "campaign": known.campaign_id.title,
            "summary": activity.summary or "",
            "say": activity.note or known.step_id.activity_note or "",
            "deadline": fields.Date.to_string(activity.date_deadline),
            "is_overdue": activity.date_deadline < fields.Date.context_today(self),
            "last_result": known.result_id.name or "",
        }

    def _get_tries(self):
        """How often each was called, and what was noted the last time."""
        calls = (
            self.env["crm.call"]
            .sudo()
            .search_fetch(  # sudo: of one's own calls, whoever else has tried
                [("campaign_dispatch_id", "in", self.ids)], ["campaign_dispatch_id", "note"], order="start, id"
            )
        )
        return {
            dispatch.id: {"tries": len(made), "last_note": made[-1].note or ""}
            for dispatch, made in calls.grouped("campaign_dispatch_id").items()
        }
