from odoo import models


class UtmCampaign(models.Model):
    """Odoo's own form of campaigns counts A/B tests with the rights of whoever opens it: without those to e-mail
    marketing it does not open at all. For salespeople, who read campaigns here, there are none."""

    _inherit = "utm.campaign"

    def _compute_mailing_mail_count(self):
        if self.env["mailing.mailing"].has_access("read"):
            return super()._compute_mailing_mail_count()
        self.ab_testing_mailings_count = self.mailing_mail_count = 0
        return None

    def _compute_mailing_sms_count(self):
        if self.env["mailing.mailing"].has_access("read"):
            return super()._compute_mailing_sms_count()
        self.ab_testing_mailings_sms_count = self.mailing_sms_count = 0
        return None
