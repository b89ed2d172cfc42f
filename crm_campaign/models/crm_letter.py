from odoo import fields, models

from .crm_campaign_step_letter import REASONS

STATES = {"waiting": "waiting", "printed": "sent", "failed": "failed", "left_out": "left_out"}


class CrmLetter(models.Model):
    """What becomes of a letter becomes of its member in the campaign."""

    _inherit = "crm.letter"

    reason = fields.Selection(
        selection_add=[("campaign", "Left out of the campaign")], ondelete={"campaign": "set out_of_reach"}
    )

    def write(self, vals):
        res = super().write(vals)
        if "state" in vals:
            self._tell_campaigns()
        return res

    def _tell_campaigns(self):
        """Say of the members whose letters these are what the letters say of themselves."""
        # sudo: a letter says so by itself, whoever prints it
        letters = self.sudo().filtered(lambda letter: letter.batch_id.campaign_step_id)
        if not letters:
            return
        dispatches = self.env["crm.campaign.dispatch"].sudo().search([("letter_id", "in", letters.ids)])
        others = dispatches.filtered(lambda dispatch: dispatch._is_told_by_letter())
        for (state, reason), group in others.grouped(lambda dispatch: dispatch._said_by_letter()).items():
            group.write({"state": state, "reason": reason})


class CrmCampaignDispatch(models.Model):
    _inherit = "crm.campaign.dispatch"

    def _is_told_by_letter(self):
        """Whether the letter says something new; who is left out keeps the reason."""
        state, reason = self._said_by_letter()
        return state != self.state or (state != "left_out" and reason != self.reason)

    def _said_by_letter(self):
        """What the letter says, as state and reason of the member."""
        letter = self.letter_id
        reasons = self._fields["reason"].get_values(self.env)
        reason = REASONS.get(letter.reason, letter.reason)
        # Addons may know of more reasons than campaigns do.
        known = reason if not reason or reason in reasons else "out_of_reach"
        return STATES.get(letter.state, self.state), known
