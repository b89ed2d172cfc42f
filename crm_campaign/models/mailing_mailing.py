from odoo import api, fields, models, modules
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import split_every

MEMBER = "crm.campaign.member"
# What of a step's mailing is the step's.
OF_STEP = frozenset(
    {
        "campaign_step_id",
        "campaign_id",
        "mailing_model_id",
        "mailing_type",
        "mailing_domain",
        "mailing_filter_id",
        "contact_list_ids",
        "use_exclusion_list",
        "ab_testing_enabled",
    }
)
TEXTS = ("subject", "sms_subject", "preview", "body_html", "body_plaintext")
SMS_CHUNK = 500


class MailingMailing(models.Model):
    """A mailing of a step goes to those who wait in that step, whoever sends it from wherever."""

    _inherit = "mailing.mailing"

    campaign_step_id = fields.Many2one(
        "crm.campaign.step",
        "Step of the Campaign",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
    )

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        mailings = super().create(vals_list)
        # Afterwards: the context of the request may have a default for it.
        if not self.env.su and any(mailings.mapped("campaign_step_id")):
            raise UserError(self._message_of_step())
        return mailings

    def _message_of_step(self):
        return self.env._("The e-mail of a step is made by the step: open it there.")

    def write(self, vals):
        """
        :raise UserError: something of it is the step's
        """
        if not self.env.su:
            if changed := vals.keys() & OF_STEP:
                self._check_not_of_step(vals, changed)
            for mailing in self.filtered("campaign_step_id"):
                # Odoo would say that there is a placeholder which the user may not use, and not which one.
                mailing.campaign_step_id._check_known({name: vals[name] for name in TEXTS if vals.get(name)})
        result = super().write(vals)
        if vals.get("state") == "done" and (steps := self.sudo().campaign_step_id):
            steps._get_cron()._trigger()
            # What Odoo leaves in its queue goes out now, and not within the hour.
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return result

    def _check_not_of_step(self, vals, changed):
        """What the form sends as it was is no change."""
        if "campaign_step_id" in changed:
            raise UserError(self.env._("The step of a mailing cannot be changed."))
        for mailing in self.filtered("campaign_step_id"):
            for name in changed:
                field = mailing._fields[name]
                old = field.convert_to_write(mailing[name], mailing)
                if field.type in ("one2many", "many2many") or vals[name] != old:
                    raise UserError(
                        self.env._(
                            "Whom this message goes to is decided by %(step)s of the campaign %(campaign)s.",
                            step=mailing.campaign_step_id.display_name,
                            campaign=mailing.campaign_id.display_name,
                        )
                    )

    @api.constrains("ab_testing_enabled", "campaign_step_id")
    def _check_no_ab_testing(self):
        if any(mailing.ab_testing_enabled and mailing.campaign_step_id for mailing in self):
            raise ValidationError(
                self.env._("A step of a campaign goes to all its members. Make two campaigns to compare two e-mails.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_step(self):
        if not self.env.su and any(mailing.campaign_step_id.state not in (False, "draft") for mailing in self):
            raise UserError(self.env._("This message was sent by a step of a campaign. What happened hangs on it."))

    # ------------------------------------------------------------
    # Whom it goes to
    # ------------------------------------------------------------

    def _get_recipients_domain(self):
        """Exactly those who wait in the step, while it runs. Without a step no member is mailed to."""
        if self.campaign_step_id and self.campaign_step_id.mailing_id == self:
            waiting = [
                ("step_id", "=", self.campaign_step_id.id),
                ("step_id.state", "=", "running"),
                ("state", "=", "waiting"),
            ]
            return Domain("dispatch_ids", "any", waiting)
        if self.mailing_model_real == MEMBER:
            return Domain.FALSE
        return super()._get_recipients_domain()

    def _get_remaining_recipients(self):
        """Whoever waits has no message yet: there is no need to ask for the traces of all."""
        if self.campaign_step_id:
            return self._get_recipients()
        return super()._get_remaining_recipients()

    # ------------------------------------------------------------
    # Sending, from Odoo's own screens
    # ------------------------------------------------------------

    def _queue_step(self):
        """Have Odoo's job send it. Called by the step alone.

        :raise UserError: it is not this step's
        """
        if self.campaign_step_id.mailing_id != self:
            raise UserError(self._message_of_step())
        self.write({"state": "in_queue", "schedule_type": "now", "schedule_date": False})
        self.env.ref("mass_mailing.ir_cron_mass_mailing_queue").sudo()._trigger()

    def action_put_in_queue(self):
        """Of a step: to send is to start it, to schedule is to plan it."""
        of_step = self._pick_of_step()
        for mailing in of_step:
            mailing._start_step()
        others = self - of_step
        return super(MailingMailing, others).action_put_in_queue() if others else None

    def _start_step(self):
        step = self.campaign_step_id
        if self.schedule_date and self.schedule_date > fields.Datetime.now():
            step.planned_on = self.schedule_date
            step.action_plan()
        elif step.state == "stopped":
            step.action_continue()
        else:
            step.action_start()

    def action_send_mail(self, res_ids=None):
        """To be told whom to send to is for mailings that no step has."""
        of_step = self._pick_of_step()
        for mailing in of_step:
            mailing._start_step()
        others = self - of_step
        return super(MailingMailing, others).action_send_mail(res_ids) if others else True

    def action_cancel(self):
        of_step = self._pick_of_step()
        of_step.campaign_step_id.action_stop()
        of_step.sudo().write({"state": "draft", "schedule_date": False, "schedule_type": "now"})  # sudo: checked there
        others = self - of_step
        return super(MailingMailing, others).action_cancel() if others else None

    def action_retry_failed(self):
        of_step = self._pick_of_step()
        for step in of_step.campaign_step_id:
            step.action_retry_failed()
        others = self - of_step
        return super(MailingMailing, others).action_retry_failed() if others else None

    def _pick_of_step(self):
        """
        :raise UserError: it goes to members, and belongs to no step: a copy, for instance
        """
        of_step = self.filtered("campaign_step_id")
        if any(mailing.mailing_model_real == MEMBER for mailing in self - of_step):
            raise UserError(
                self.env._(
                    "Members of a campaign are written to by its steps. Make a step there, and copy the text to it."
                )
            )
        return of_step

    def action_send_sms(self, res_ids=None):
        """Of a step: in chunks, each of them a transaction, to whoever can be locked. By Odoo's job alone."""
        for mailing in self:
            if not mailing.campaign_step_id:
                super(MailingMailing, mailing).action_send_sms(res_ids=res_ids)
            elif self.env.su:
                mailing._send_sms_of_step()
            else:
                mailing._start_step()
        return True

    def _send_sms_of_step(self):
        for chunk in split_every(SMS_CHUNK, self._get_remaining_recipients()):
            if claimed := self.campaign_step_id._claim(chunk):
                super().action_send_sms(res_ids=claimed)
            self._commit_chunk()
        return True

    def _commit_chunk(self):
        self.env.flush_all()
        # As Odoo does after each chunk of e-mails.
        if not modules.module.current_test:
            self.env.cr.commit()
        self.env.invalidate_all()
