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
        webhooks = deliveries.env["crm.webhook"]._in_use().filtered("on_customer_anonymised")
        if webhooks:
            records = deliveries._get_records(persons)
            vals_list = [
                vals
                for webhook in webhooks
                for partners, leads in persons
                for vals in deliveries._prepare_person(webhook, records, partners, leads)
            ]
            deliveries.create(vals_list)
            deliveries._wake()

    @api.model
    def _get_records(self, persons):
        """All that is left of persons, read at once: ``{(model, id): record}``."""
        found = {}
        for model, ids in (
            ("res.partner", [partner_id for partners, _leads in persons for partner_id in partners]),
            ("crm.lead", [lead_id for _partners, leads in persons for lead_id in leads]),
        ):
            records = self.env[model].with_context(active_test=False).search([("id", "in", ids)])
            found |= {(model, record.id): record for record in records}
        return found

    @api.model
    def _prepare_person(self, webhook, records, partners, leads):
        """What one webhook is told of one person: nothing of projects or contacts that it may not know of.

        Its teams and filter do not count: a project that has left them may have been told of before.
        """
        told = [record for lead_id in leads if webhook._may_know(record := records.get(("crm.lead", lead_id)))]
        projects = sorted(lead.id for lead in told)
        contacts = [records.get(("res.partner", partner_id)) for partner_id in sorted(partners)]
        # the first project of somebody who is no contact
        subjects = contacts or told and [min(told, key=lambda lead: lead.id)]
        return [self._prepare_anonymised(webhook, record, projects) for record in subjects if webhook._may_know(record)]

    @api.model
    def _prepare_anonymised(self, webhook, record, projects):
        uuid = str(uuid4())
        data = {"id": record.id if record._name == "res.partner" else None, "projects": projects}
        envelope = self._prepare_envelope(uuid, ANONYMISED, data, changed=[])
        return {
            "webhook_id": webhook.id,
            "event": ANONYMISED,
            "res_model": record._name,
            "res_id": record.id,
            "company_id": record.company_id.id,
            "uuid": uuid,
            "payload": self._as_text(envelope),
        }
