"""Campaigns: that somebody was in one and what came of it stays, for its figures; nobody is addressed any more."""

from odoo.tools import SQL

from ..engine.treatments import SCRUB
from .base import Handler


class CrmCampaignMember(Handler):
    """What a member is called is read from the customer or lead; what was written on it goes with the person."""

    model = "crm.campaign.member"
    own_links = ("partner_id", "lead_id", "result_lead_id")
    no_links = ("added_by_id",)
    export_links = ("partner_id", "lead_id")
    # what a reaction became is told with the leads
    export_fields = ("create_date", "campaign_id", "state", "reason")
    export_lines = {"dispatch_ids": ("create_date", "step_id", "channel", "state", "reason", "outcome", "result_id")}

    def erase(self, run, rows):
        kept = super().erase(run, rows)
        theirs = {"partner_id", "lead_id"}
        own = [row_id for row_id, row in rows.items() if row.is_own and row.links & theirs]
        run.env.cr.execute(
            SQL(
                """
                UPDATE crm_campaign_member SET state = 'left_out', reason = 'anonymised'
                 WHERE id = ANY(%s) AND reason IS DISTINCT FROM 'anonymised'
                """,
                own,
            )
        )
        run.env.cr.execute(
            SQL(
                """
                UPDATE crm_campaign_dispatch SET state = 'left_out', reason = 'anonymised', outcome = 'left_out'
                 WHERE member_id = ANY(%s) AND 'waiting' IN (state, outcome)
                """,
                own,
            )
        )
        return kept


class CrmCampaignDispatch(Handler):
    """A member in a step: no word about the person, only what happened."""

    model = "crm.campaign.dispatch"
    no_links = ("user_id",)
    has_documents = False
    is_exported = False  # told with the member


class CrmCampaignStep(Handler):
    """What is done with all, in words that may name one of them."""

    model = "crm.campaign.step"
    no_links = ("user_id", "planned_by_id")
    has_documents = False
    fields = dict.fromkeys(("name", "stop_reason", "activity_summary", "activity_note"), SCRUB)
    is_work = True


class CrmCampaignStepUser(Handler):
    """Which share of it a colleague takes."""

    model = "crm.campaign.step.user"
    no_links = ("user_id",)
    has_documents = False
    is_exported = False


class UtmCampaign(Handler):
    """What the campaign is about, and what was learnt from it."""

    model = "utm.campaign"
    fields = dict.fromkeys(("goal", "conclusion"), SCRUB)
    is_work = True
