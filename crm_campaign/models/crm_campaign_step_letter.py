from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

# What letters call otherwise than campaigns.
REASONS = {"double": "same_address"}
# Of the letters, which the step follows.
STATES = frozenset({"running", "stopped", "done"})


class CrmCampaignStep(models.Model):
    """Letters: the step makes one batch of letters (addon Letters), whose job prints; the step follows it."""

    _inherit = "crm.campaign.step"

    def _check_letter(self):
        """
        :raise UserError: there is no template, or no printer; or a placeholder is not there, it is named
        """
        if not self.env["crm.letter.batch"].has_access("create"):
            raise UserError(self.env._("Letters are written by salespeople. Have one of them start this step."))
        if not self.letter_template_id:
            raise UserError(self.env._("Choose the template of the letter first."))
        self.env["crm.letter"]._check_printer()
        template = self.letter_template_id
        template._check_frozen(template._freeze())

    # ------------------------------------------------------------
    # Who gets it
    # ------------------------------------------------------------

    def _get_reasons_letter(self, members):
        """Why members get no letter, as letters themselves say; of several at one address with one name one gets it.

        :param members: ``crm.campaign.member``
        :return: ``{member id: reason}``
        """
        rows = self._get_letter_rows(members)
        firsts, reasons = {}, {}
        for member_id, (partner_id, _lead_id) in rows.items():
            if not partner_id:
                reasons[member_id] = "no_customer"
            elif firsts.setdefault(partner_id, member_id) != member_id:
                reasons[member_id] = "same_address"
        by_partner = self._get_letter_reasons({rows[member_id][0]: rows[member_id][1] for member_id in firsts.values()})
        return reasons | {firsts[partner_id]: REASONS.get(reason, reason) for partner_id, reason in by_partner.items()}

    def _get_letter_rows(self, members):
        """To whom the letter to each goes, and the lead that it hangs on: ``{member id: (partner id, lead id)}``."""
        # sudo: to whom it would go; whether the user may write to them is asked of the customers themselves
        return {
            member.id: ((member.partner_id or member.lead_id.partner_id).id, member.lead_id.id)
            for member in members.sudo()
        }

    def _get_letter_reasons(self, lead_of):
        """
        :param dict lead_of: ``{partner id: lead id or False}``
        :return: ``{partner id: reason of a letter}``
        """
        if not lead_of:
            return {}
        batch = self.env["crm.letter.batch"].new({"company_id": self.company_id.id, "leaves_out_blacklisted": True})
        partners = self.env["res.partner"].browse(lead_of)
        reasons = batch._get_reasons_by_partner(partners, {lead for lead in lead_of.values() if lead}, lead_of)
        # sudo: the others are compared with each other, no more than that
        ordered = partners.sudo().sorted(lambda partner: partner._letter_order(self.company_id))
        return reasons | batch._get_doubles(ordered, reasons)

    # ------------------------------------------------------------
    # Running
    # ------------------------------------------------------------

    def _launch_letter(self):
        """Hand those who are waiting to the job of the letters, or have it go on."""
        # sudo: who may start the step may have its letters go on, whoever began them
        batch = self.letter_batch_id.sudo()
        if not batch:
            # Letters are made and printed with the rights of whoever starts the step, also where the step is not.
            self.sudo(False)._make_letter_batch().action_print()
        elif batch.state == "stopped":
            self._leave_out_letters()
            batch._run()

    def _leave_out_letters(self):
        """Print nothing to who was left out while the letters were stopped."""
        # sudo: as above
        dispatches = self.env["crm.campaign.dispatch"].sudo()
        domain = [("step_id", "=", self.id), ("state", "=", "left_out"), ("letter_id.state", "=", "waiting")]
        dispatches.search(domain).letter_id.write({"state": "left_out", "reason": "campaign"})

    def _halt_letter(self):
        """Print no further letter."""
        # sudo: who may stop the step may stop its letters, whoever began them
        batch = self.letter_batch_id.sudo()
        if batch.state == "running":
            batch._stop(self.env._("Stopped by %s.", self.env.user.name))

    def _make_letter_batch(self):
        """The letters to exactly those who are waiting, with the rights of whoever starts the step.

        :return: ``crm.letter.batch``, not printed yet
        """
        # sudo: whom the step goes to is written down
        waiting = (
            self.env["crm.campaign.dispatch"].sudo().search([("step_id", "=", self.id), ("state", "=", "waiting")])
        )
        batch = (
            self.env["crm.letter.batch"]
            .with_company(self.company_id)
            ._prepare_batch(
                self._get_letter_rows(waiting.member_id).values(),
                template_id=self.letter_template_id.id,
                company_id=self.company_id.id,
                name=f"{self.campaign_id.title}: {self.name}",
            )
        )
        # sudo: what is not for the user to set; the letters were made with the user's rights
        batch.sudo().campaign_step_id = self
        self.sudo().letter_batch_id = batch
        self._link_letters(batch)
        return batch

    def _link_letters(self, batch):
        """Let each member know their letter, all of them by one statement."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_campaign_dispatch dispatch
                   SET letter_id = letter.id
                  FROM crm_letter letter, crm_campaign_member member
                  LEFT JOIN crm_lead lead ON lead.id = member.lead_id
                 WHERE letter.batch_id = %(batch)s
                   AND member.id = dispatch.member_id
                   AND letter.partner_id = COALESCE(member.partner_id, lead.partner_id)
                   AND dispatch.step_id = %(step)s
                   AND dispatch.state = 'waiting'
                """,
                batch=batch.id,
                step=self.id,
            )
        )
        self.env["crm.campaign.dispatch"].invalidate_model(["letter_id"])
        # sudo: as above
        letters = batch.sudo().letter_ids
        letters.filtered(lambda letter: letter.state != "waiting")._tell_campaigns()

    def _follow_letters(self, batch):
        """Run, stop and end with the letters.

        :param batch: ``crm.letter.batch`` of this step
        """
        if batch.state in STATES and batch.state != self.state:
            self.write({"state": batch.state, "stop_reason": batch.stop_reason})

    def action_open_letters(self):
        """The letters of the step: how far they are, and the PDF.

        :return: an action
        """
        self.ensure_one()
        self.check_access("read")
        if not self.letter_batch_id:
            raise UserError(self.env._("There are no letters yet: start the step first."))
        if not self.letter_batch_id.has_access("read"):
            raise UserError(
                self.env._(
                    "%(user)s has printed these letters and has the PDF, as sales managers have. What became of each "
                    "is said in the list of members.",
                    # sudo: the name only
                    user=self.letter_batch_id.sudo().user_id.name,
                )
            )
        return self.letter_batch_id._action_open()
