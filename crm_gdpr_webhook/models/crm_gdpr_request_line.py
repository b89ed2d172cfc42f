from odoo import models


class CrmGdprRequestLine(models.Model):
    """Who was anonymised here is told to those who were told of them before."""

    _inherit = "crm.gdpr.request.line"

    def _forget(self, run):
        super()._forget(run)
        self.env["crm.webhook.delivery"]._tell_anonymised(
            [(list(person.partners), list(person.leads)) for person in run.persons]
        )
