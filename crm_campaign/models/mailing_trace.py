from odoo import api, models


class MailingTrace(models.Model):
    """Tells the members of campaigns what became of their messages."""

    _inherit = "mailing.trace"

    @api.model_create_multi
    def create(self, vals_list):
        traces = super().create(vals_list)
        ours = [
            trace.id
            for trace, vals in zip(traces, vals_list, strict=True)
            if vals.get("model") == "crm.campaign.member" and not vals.get("is_test_trace")
        ]
        if ours:
            self.env["crm.campaign.dispatch"].sudo()._link_traces(self.browse(ours).sudo())
        return traces

    def set_opened(self, domain=None):
        if self.env.context.get("crm_is_automatic_answer"):
            return self
        return super().set_opened(domain=domain)

    def set_replied(self, domain=None):
        if self.env.context.get("crm_is_automatic_answer"):
            return self
        return super().set_replied(domain=domain)
