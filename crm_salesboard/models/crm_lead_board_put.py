from odoo import models

# What hangs on a project by a field of its own model: any of it is work that somebody has done.
WORK = (
    ("mail.activity", "res_id", "res_model"),
    ("ir.attachment", "res_id", "res_model"),
    ("calendar.event", "opportunity_id", None),
    ("sale.order", "opportunity_id", None),
    ("crm.call", "lead_id", None),
    ("crm.lead.contact", "lead_id", None),
)


class CrmLead(models.Model):
    """Which projects are still as they were made."""

    _inherit = "crm.lead"

    def _touched_since_made(self):
        """Those that were changed, or that anything was added to, after the transaction that made them."""
        touched = self.filtered(lambda lead: lead.write_date != lead.create_date)
        messages = self.env["mail.message"]._read_group(
            [("model", "=", self._name), ("res_id", "in", self.ids)], ["res_id"], ["create_date:max"]
        )
        for lead_id, last in messages:
            lead = self.browse(lead_id)
            if last > lead.create_date:
                touched |= lead
        return touched | self.browse(lead_id for lead_id in self._ids_worked_on() if lead_id in self._ids)

    def _ids_worked_on(self):
        for model, field, model_field in WORK:
            domain = [(field, "in", self.ids), *([(model_field, "=", self._name)] if model_field else ())]
            for (value,) in self.env[model].with_context(active_test=False)._read_group(domain, [field]):
                yield value if model_field else value.id
