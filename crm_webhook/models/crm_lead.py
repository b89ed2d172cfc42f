from odoo import api, models
from odoo.exceptions import MissingError

from odoo.addons.crm_salesboard.models.crm_lead import CLOSED_STATUSES


class CrmLead(models.Model):
    """Projects, and leads that may become some."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "crm.webhook.mixin"]
    _webhook_prefix = "project."
    _webhook_columns = {
        "name": "name",
        "type": "kind",
        "active": "active",
        "is_restricted": "restricted",
        "stage_id": "status",
        "won_status": "outcome",
        "lost_reason_id": "reason",
        "cancel_reason_id": "reason",
        "probability": "probability",
        "expected_revenue": "projected_value",
        "prorated_revenue": "weighted_value",
        "actual_revenue": "actual_value",
        "date_start": "start_date",
        "date_deadline": "expected_closing",
        "date_closed": "closed_at",
        "team_id": "team",
        "user_id": "owner",
        "partner_id": "customer",
        "contact_name": "contact_name",
        "partner_name": "company_name",
        "email_from": "email",
        "phone": "phone",
        "company_id": "company",
    }

    @api.model
    def _webhook_events(self, before, after):
        """A project that was closed, reopened or moved is told as such."""
        events = super()._webhook_events(before, after)
        was = before["won_status"] if before else "pending"
        outcome = after["won_status"]
        if outcome != was and outcome in CLOSED_STATUSES:
            events.insert(0 if before else 1, f"project.{outcome}")
        elif before and was in CLOSED_STATUSES and outcome not in CLOSED_STATUSES:
            events.insert(0, "project.reopened")
        elif before and before["stage_id"] != after["stage_id"]:
            events.insert(0, "project.status_changed")
        return events

    def _webhook_previous(self, event, before, webhook):
        """Where a project stood before it was moved, closed or reopened."""
        if not before or event in ("project.created", "project.changed"):
            return {}
        stage = self.env["crm.stage"].with_context(lang=webhook._get_lang()).browse(before["stage_id"] or ())
        try:
            status = self._webhook_link(stage)  # read once for all: unlike what exists() does
        except MissingError:
            status = None
        return {
            "previous": {
                "status": status,
                "outcome": self._webhook_outcome(before["won_status"]),
            }
        }

    @api.model
    def _webhook_outcome(self, won_status):
        return won_status if won_status in CLOSED_STATUSES else "open"

    def _webhook_content(self):
        """What is sent of a project, see the README."""
        self.ensure_one()
        link = self._webhook_link
        return {
            "id": self.id,
            "name": self.name,
            "kind": "lead" if self.type == "lead" else "project",
            "active": self.active,
            "restricted": self.is_restricted,
            "status": link(self.stage_id),
            "outcome": self._webhook_outcome(self.won_status),
            "reason": link(self.lost_reason_id or self.cancel_reason_id),
            "probability": self.probability,
            "projected_value": self.expected_revenue,
            "weighted_value": self.prorated_revenue,
            "actual_value": self.actual_revenue,
            "currency": self.company_currency.name,
            "start_date": self._webhook_date(self.date_start),
            "expected_closing": self._webhook_date(self.date_deadline),
            "closed_at": self._webhook_time(self.date_closed),
            "team": link(self.team_id),
            "process": link(self.team_id.process_id),
            "owner": self._webhook_user(self.user_id),
            "customer": link(self.partner_id),
            "contact_name": self.contact_name or None,
            "company_name": self.partner_name or None,
            "email": self.email_from or None,
            "phone": self.phone or None,
            "company": link(self.company_id),
            "created_at": self._webhook_time(self.create_date),
            "changed_at": self._webhook_time(self.write_date),
        }
