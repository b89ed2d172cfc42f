from odoo import api, fields, models

from odoo.addons.crm_webhook.models.crm_webhook import EVENTS

ANONYMISED = "customer.anonymised"


class CrmWebhook(models.Model):
    """One more event: whom to forget."""

    _inherit = "crm.webhook"

    on_customer_anonymised = fields.Boolean(
        "Customer Anonymised",
        help="The other system is told the ids of the customer and of the projects, and nothing else, so that it can "
        "forget the person as well.",
    )

    @api.constrains("name", *EVENTS.values(), "on_customer_anonymised")
    def _check_events(self):
        super()._check_events()

    @api.model
    def _event_fields(self):
        return {**super()._event_fields(), ANONYMISED: "on_customer_anonymised"}

    def _may_know(self, record):
        """Whether ids of a contact or project may be told: of its company, of restricted projects only if ticked.

        :param record: ``res.partner`` or ``crm.lead``; None of one that is deleted, of which nothing is known any more
        """
        self.ensure_one()
        if not record or self.company_id and record.company_id and record.company_id != self.company_id:
            return False
        return record._name != "crm.lead" or self.with_restricted or not record.is_restricted
