from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, is_html_empty

from odoo.addons.crm_letter.tools.placeholders import html_expressions, line_expressions, unknown_in

MEMBER = "crm.campaign.member"


class CrmCampaignStep(models.Model):
    """E-mail: the step has a mailing of Odoo's, which is written, tried, sent and counted there.

    Whom it goes to is the step's: see ``mailing_mailing.py``.
    """

    _inherit = "crm.campaign.step"

    @api.depends("name", "campaign_id.title")
    @api.depends_context("with_campaign")
    def _compute_display_name(self):
        """With the campaign where the step is seen away from it: on its mailing."""
        super()._compute_display_name()
        if self.env.context.get("with_campaign"):
            for step in self:
                step.display_name = f"{step.campaign_id.title}: {step.name}"

    def action_edit_mailing(self):
        """Open the e-mail or text message in Odoo's own editor; it is made the first time.

        :return: an action
        :raise UserError: the user may write none, or the step has none
        """
        self.ensure_one()
        self.check_access("read")
        if self.channel not in ("mail", "sms"):
            raise UserError(self.env._("This step has no e-mail and no SMS."))
        if not self.env["mailing.mailing"].has_access("write"):
            raise UserError(
                self.env._(
                    "E-mails and SMS are written by users of Email Marketing. Ask one of them, or for that right."
                )
            )
        if not self.mailing_id:
            self.check_access("write")
            self._make_mailing()
        return {
            "type": "ir.actions.act_window",
            "res_model": "mailing.mailing",
            "res_id": self.mailing_id.id,
            "views": [(False, "form")],
            "context": {"create": False},
            "target": "current",
        }

    def action_retry_failed(self):
        """Send again to those for whom it failed: only a user can tell whether a second message is better than none.

        :raise UserError: it failed for nobody, or the step was stopped
        """
        self.check_access("write")
        for step in self._lock_rows().filtered(lambda step: step.channel in ("mail", "sms")):
            step._check_phase()
            if step.state == "stopped":
                raise UserError(self.env._("%s was stopped. Continue it first.", step.display_name))
            step._by_channel("check")()
            # sudo: messages and traces are Odoo's; the right to send was checked
            failed = step.sudo()._get_failed()
            if not failed:
                raise UserError(self.env._("It failed for nobody: there is nothing to send again."))
            failed._forget_message()
            step._leave_out_unwanted()
            step.sudo().write({"state": "running", "stop_reason": False})
            step._launch()

    def _get_failed(self):
        domain = [("step_id", "=", self.id), ("outcome", "=", "failed")]
        return self.env["crm.campaign.dispatch"].search(domain)

    def _make_mailing(self):
        """Give each step its mailing, once."""
        for step in self._lock_rows():
            if not step.mailing_id:
                # sudo: sales managers plan steps and are no users of mailings; the caller has checked the right
                step.sudo().mailing_id = step.env["mailing.mailing"].sudo().create(step._prepare_mailing())

    def _prepare_mailing(self):
        values = {
            "subject": self.name,
            "campaign_id": self.campaign_id.id,
            "campaign_step_id": self.id,
            "mailing_type": self.channel,
            "mailing_model_id": self.env["ir.model"]._get_id(MEMBER),
            "mailing_domain": repr([("campaign_id", "=", self.campaign_id.id)]),
            "user_id": self.user_id.id,
            "use_exclusion_list": True,
            "email_from": self.user_id.email_formatted or self.company_id.email_formatted,
        }
        if self.channel == "sms":
            values |= {"sms_subject": self.name, "keep_archives": True}
        return values

    # ------------------------------------------------------------
    # The interface of channels
    # ------------------------------------------------------------

    def _check_mail(self):
        """
        :raise UserError: there is no text, or a placeholder of it is not there; it is named
        """
        mailing = self.sudo().mailing_id  # sudo: what it says, which the starter is about to send
        if not mailing or not (mailing.subject or "").strip() or is_html_empty(mailing.body_html):
            raise UserError(self.env._("Write the subject and the text of the e-mail first."))
        self._check_placeholders(
            {"subject": mailing.subject, "preview": mailing.preview, "body_html": mailing.body_html}
        )

    def _get_reasons_mail(self, members):
        return members._get_reasons_of_mail(taken=self._get_taken("email_normalized"))

    def _launch_mail(self):
        self.mailing_id._queue_step()
        self._set_queued_mails("cancel", "outgoing")

    def _halt_mail(self):
        """What waits in Odoo's mail queue is kept there until the step goes on."""
        self._set_queued_mails("outgoing", "cancel")

    def _get_halted(self):
        halted = super()._get_halted()
        if self.channel != "mail":
            return halted
        return halted.search([*self._get_outgoing_domain(), ("trace_id.mail_mail_id.state", "=", "cancel")], order="id")

    def _get_outgoing_domain(self):
        return [("step_id", "=", self.id), ("state", "=", "sent"), ("trace_id.trace_status", "=", "outgoing")]

    # ------------------------------------------------------------
    # Placeholders
    # ------------------------------------------------------------

    def _check_placeholders(self, texts):
        """Name a placeholder that is not there before the first thousand were sent.

        :param dict texts: by name of the field of the mailing; ``body_html`` is HTML, the others are lines
        :raise UserError: it names the placeholder
        """
        self._check_known(texts)
        self._check_renders(texts)

    def _check_known(self, texts):
        """As :meth:`_check_placeholders`, without filling in anything: when a text is saved.

        :raise UserError: it names the placeholder
        """
        if unknown := self._find_unknown(texts):
            raise UserError(
                self.env._(
                    "The message of %(step)s asks for %(placeholder)s, which is not there. Correct or remove this "
                    "placeholder.",
                    step=self.display_name,
                    placeholder=unknown,
                )
            )

    def _find_unknown(self, texts):
        model = self.env[MEMBER]
        known = set(self.env["mail.render.mixin"]._render_eval_context())
        expressions, names = html_expressions(texts.get("body_html"))
        for name, text in texts.items():
            if name != "body_html":
                expressions += line_expressions(text)
        return next(filter(None, (unknown_in(text, model, known | names) for text in expressions)), None)

    def _check_renders(self, texts):
        """Fill the message in for a member of the group: what cannot be filled in for one is told now."""
        member = self._get_audience()[:1]
        mailing = self.sudo().mailing_id
        for name, text in texts.items():
            if not text or not member:
                continue
            try:
                with self.env.cr.savepoint():
                    mailing._render_template(
                        text, MEMBER, member.ids, engine="qweb" if name == "body_html" else "inline_template"
                    )
            except (UserError, AccessError) as error:
                # No cause: the web client is sent the tracebacks of causes too.
                text = self.env["crm.letter.render.mixin"]._get_culprit(error.__cause__) or text
                raise UserError(
                    self.env._("This cannot be filled in: %(text)s", text=" ".join(str(text).split())[:200])
                ) from None

    # ------------------------------------------------------------
    # Tools
    # ------------------------------------------------------------

    def _get_taken(self, name):
        """Addresses or numbers that had one on this channel, of whichever member."""
        if self.is_repeat:
            return set()
        return {row[name] for row in self._get_addressed()._get_addresses().values() if row[name]}

    def _set_queued_mails(self, old, new):
        """Of the mails that were made and not sent yet. Odoo's queue only takes those that are ``outgoing``."""
        self.env["mail.mail"].flush_model(["state"])
        self.env["mailing.trace"].flush_model(["trace_status"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE mail_mail SET state = %(new)s
                 WHERE id IN (SELECT mail.id
                                FROM mail_mail mail
                                JOIN mailing_trace trace ON trace.mail_mail_id = mail.id
                               WHERE trace.mass_mailing_id = %(mailing)s AND trace.trace_status = 'outgoing'
                                 AND mail.state = %(old)s
                                 FOR UPDATE OF mail SKIP LOCKED)
                """,
                old=old,
                new=new,
                mailing=self.sudo().mailing_id.id or 0,
            )
        )
        self.env["mail.mail"].invalidate_model(["state"], flush=False)
        if new == "outgoing" and self.env.cr.rowcount:
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
