from odoo import api, models

# What Odoo does for each new lead one by one a job does for many afterwards (crm_lead_inbox_announce.py).
_LEAN = {"tracking_disable": True, "mail_create_nosubscribe": True, "mail_create_nolog": True, "intake_batch": True}
# What strangers send does not change the address book.
KEEP_CUSTOMER = {"intake_keep_customer": True}


class CrmLeadInbox(models.Model):
    """Making leads: one create for all records of a batch."""

    _inherit = "crm.lead.inbox"

    @api.model
    def _create_leads(self, config, entries):
        """Make a lead of each record."""
        source = self.env["crm.intake.source"].browse(config.id)
        teams = self.env["crm.team"].browse({entry.team_id for entry in entries if entry.team_id})
        # of all at once, with what Odoo reads of the team of a new lead
        teams.fetch(["use_leads", "company_id", "lead_properties_definition"])
        stages = {}
        vals_list = [self._prepare_lead(config, source, entry, stages) for entry in entries]
        leads = self.env["crm.lead"].with_context(**_LEAN, **KEEP_CUSTOMER).create(vals_list)
        for entry, lead in zip(entries, leads, strict=True):
            entry.lead_id, entry.action = lead.id, "created"
        self._promote(config, leads)

    @api.model
    def _prepare_lead(self, config, source, entry, stages):
        """All that Odoo would look for lead by lead stands in the values."""
        team_id = entry.team_id or False
        if team_id not in stages:
            stages[team_id] = self.env["crm.lead"]._stage_find(team_id=team_id).id
        vals = {
            "name": entry.found.get("subject") or self._get_subject(entry.found),
            "type": "opportunity" if config.promotion == "always" else self._get_lead_type(team_id),
            "company_id": config.company_id,
            "user_id": entry.user_id or False,
            "team_id": team_id,
            "stage_id": stages[team_id],
            "partner_id": entry.partner_id or False,
            "intake_source_id": config.id,
            "campaign_id": source.campaign_id.id,
            "source_id": source.utm_source_id.id,
            "medium_id": source.medium_id.id,
        }
        return vals | self._get_lead_values(config, entry)

    @api.model
    def _get_lead_values(self, config, entry):
        """What was sent, as values of ``crm.lead``."""
        return {config.specs[name].target: value for name, value in entry.found.items()}

    @api.model
    def _get_subject(self, found):
        who = found.get("company") or found.get("contact_name") or found.get("email") or found.get("phone")
        return self._in_company_lang().env._("Lead of %(who)s", who=who)

    @api.model
    def _get_lead_type(self, team_id=None):
        """A company may do without leads, and so may a team."""
        team = self.env["crm.team"].browse(team_id)
        is_lead = self.env.user.has_group("crm.group_use_lead") and (not team or team.use_leads)
        return "lead" if is_lead else "opportunity"
