from uuid import uuid4

from odoo import api, fields, models

from .crm_webhook import ANONYMISED


class CrmWebhookDelivery(models.Model):
    """What is told of a person who was anonymised: ids."""

    _inherit = "crm.webhook.delivery"

    event = fields.Selection(
        selection_add=[(ANONYMISED, "Customer anonymised"), ("test",)], ondelete={ANONYMISED: "cascade"}
    )

    @api.model
    def _tell_anonymised(self, persons):
        """Have webhooks told of persons whose names are gone.

        :param persons: list of ``(ids of contacts, ids of leads)``
        """
        # sudo: it is told whoever anonymises
        deliveries = self.sudo()
        webhooks = deliveries.env["crm.webhook"].search(
            [("on_customer_anonymised", "=", True), ("active", "=", True)], order="id"
        )
        companies = deliveries._get_companies(persons) if webhooks else {}
        vals_list = [
            deliveries._prepare_anonymised(webhook, model, record_id, leads)
            for webhook in webhooks
            for partners, leads in persons
            for model, record_id in self._get_subjects(partners, leads)
            if not webhook.company_id or companies.get((model, record_id)) in (None, False, webhook.company_id.id)
        ]
        if vals_list:
            deliveries.create(vals_list)
            deliveries._wake()

    @api.model
    def _get_subjects(self, partners, leads):
        """The contacts of a person; the first lead of somebody who has none."""
        if partners:
            return [("res.partner", partner_id) for partner_id in sorted(partners)]
        return [("crm.lead", lead_id) for lead_id in sorted(leads)[:1]]

    @api.model
    def _get_companies(self, persons):
        """``{(model, id): company id}``"""
        found = {}
        for model, ids in (
            ("res.partner", [partner_id for partners, _leads in persons for partner_id in partners]),
            ("crm.lead", [lead_id for _partners, leads in persons for lead_id in leads]),
        ):
            records = self.env[model].with_context(active_test=False).search([("id", "in", ids)])
            found |= {(model, record.id): record.company_id.id for record in records}
        return found

    @api.model
    def _prepare_anonymised(self, webhook, model, record_id, leads):
        uuid = str(uuid4())
        data = {"id": record_id if model == "res.partner" else None, "projects": sorted(leads)}
        envelope = self._prepare_envelope(uuid, ANONYMISED, data, changed=[])
        return {
            "webhook_id": webhook.id,
            "event": ANONYMISED,
            "res_model": model,
            "res_id": record_id,
            "uuid": uuid,
            "payload": self._as_text(envelope),
        }
