from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .crm_campaign_step_todo_job import BY_HAND

# So old a call of the telephone system may be that the result of a call is about.
LOGGED_SINCE = timedelta(hours=2)


class CrmCampaignDispatch(models.Model):
    """What a call of a campaign came to, as whoever made it says."""

    _inherit = "crm.campaign.dispatch"

    activity_date = fields.Date("Due", related="activity_id.date_deadline")
    again_on = fields.Date(
        "Call Again On",
        readonly=True,
        help="The day that was agreed, while the call is nobody's: its step was stopped.",
    )
    activity_feedback = fields.Text("Feedback", related="activity_id.feedback")
    call_ids = fields.One2many("crm.call", "campaign_dispatch_id", "Calls", readonly=True)

    def write(self, vals):
        """A result that is written is a call that came to it, with all that follows."""
        if self.env.su or vals.keys() != {"result_id"}:
            return super().write(vals)
        for dispatch in self:
            dispatch.action_set_result(vals["result_id"])
        return True

    def _get_outcome(self):
        if self.channel in BY_HAND and self.state == "sent":
            return "answered" if self.result_id.is_campaign_reaction else "done"
        return super()._get_outcome()

    # ------------------------------------------------------------
    # Results
    # ------------------------------------------------------------

    def action_set_result(self, result_id, note=False, again_on=False):
        """Say what a call came to: it is logged, and done unless it is to be made again.

        :param int result_id: ``crm.choice`` of the results of calls
        :param str note: what was said
        :param again_on: day on which to call again, in place of being done
        :return: True
        :raise AccessError: somebody else is to call, and the user does not lead the campaign
        :raise UserError: it is no result, there is nothing to do, or the day is over
        """
        self.ensure_one()
        self._check_may_answer()
        result = self._get_result(result_id)
        again_on = self._get_day(again_on)
        # Of two who say it at the same moment the second sees what the first said.
        self.sudo()._lock_rows()
        note = str(note or "").strip()
        # sudo: whoever may say what it came to ends it, be it another one's activity
        activity = self.sudo().activity_id
        is_open = activity.active
        if not is_open and not again_on and result == self.result_id and not note:
            return True
        if is_open:
            self._log_call(result, note)
        elif again_on:
            activity.action_unarchive()
        # sudo: of a member users write nothing else; the right to say so was checked
        self.sudo().result_id = result
        if again_on:
            activity.date_deadline = again_on
            return True
        text = f"{result.name}: {note}" if note else result.name
        if is_open:
            activity.action_feedback(feedback=text)
        else:
            activity.feedback = text
        if result.is_campaign_reaction:
            # sudo: the reaction is the member's, whoever notes it
            self.sudo().member_id._on_reaction()
        return True

    def _check_may_answer(self):
        self.check_access("read")
        # sudo: who has it, and whether it goes on; the member was checked
        known = self.sudo()
        if known.channel not in BY_HAND or not known.activity_id or known.state not in ("waiting", "sent"):
            raise UserError(self.env._("There is no call to be made, and none that was."))
        if known.step_id.state not in ("running", "done"):
            raise UserError(self.env._("The step %s was stopped: call nobody any more.", known.step_id.name))
        if known.user_id != self.env.user and not self.step_id.has_access("write"):
            raise AccessError(
                self.env._("This call is to be made by %s. Have it given to you first.", known.user_id.name)
            )

    def _get_result(self, result_id):
        result = self.env["crm.choice"].browse(result_id).exists() if isinstance(result_id, int) else None
        if not result or result.usage != "campaign_result" or not result.active:
            raise UserError(self.env._("Choose what the call came to."))
        return result

    def _get_day(self, day):
        try:
            day = fields.Date.to_date(day) if day else None
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("%s is no day.", day)) from error
        if day and day < fields.Date.context_today(self):
            raise UserError(self.env._("Choose a day to call again that is not over."))
        return day

    # ------------------------------------------------------------
    # The log of calls
    # ------------------------------------------------------------

    def _log_call(self, result, note):
        """Write the call into CRM ▸ Calls, or what it came to onto the call that the telephone system told of."""
        if self.channel != "phone":
            return
        text = f"{result.name}: {note}" if note else result.name
        if call := self._find_logged_call():
            call.write(
                {"note": text, "campaign_dispatch_id": self.id, "result": call.result or result.campaign_logged_as}
            )
        else:
            # sudo: whoever leads campaigns need not be a salesperson; the call is the user's own
            calls = self.env["crm.call"].sudo()
            calls.create({**self._prepare_call(), "note": text, "result": result.campaign_logged_as})

    def _prepare_call(self):
        # sudo: whom the call was to; the member was checked
        member = self.sudo().member_id
        document = member._get_seen_document()
        return {
            "direction": "out",
            "number": member._get_addresses()[member.id]["phone"],
            "partner_id": member.partner_id.id,
            "lead_id": document.id if document._name == "crm.lead" else False,
            "company_id": self.sudo().step_id.company_id.id,
            "campaign_dispatch_id": self.id,
        }

    def _find_logged_call(self):
        member = self.sudo().member_id  # sudo: as above
        sanitized = member._get_addresses()[member.id]["phone_sanitized"]
        if not sanitized:
            return self.env["crm.call"]
        # sudo: of one's own calls, whoever may see them by now
        return (
            self.env["crm.call"]
            .sudo()
            .search(
                [
                    ("user_id", "=", self.env.uid),
                    ("number_sanitized", "=", sanitized),
                    ("direction", "=", "out"),
                    ("call_id", "!=", False),
                    ("note", "in", (False, "")),
                    ("campaign_dispatch_id", "=", False),
                    ("start", ">=", fields.Datetime.now() - LOGGED_SINCE),
                ],
                limit=1,
            )
        )

    # ------------------------------------------------------------
    # Giving calls to others
    # ------------------------------------------------------------

    def action_delegate_calls(self):
        """Give calls to a colleague.

        :return: an action
        """
        self.check_access("read")
        return self.activity_id.filtered("active").action_delegate()


class CrmCall(models.Model):
    _inherit = "crm.call"

    campaign_dispatch_id = fields.Many2one(
        "crm.campaign.dispatch", "Campaign", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )


class CrmCampaignStep(models.Model):
    _inherit = "crm.campaign.step"

    def action_open_calls(self):
        """The calls or to-dos of the step, whoever has them.

        :return: an action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_campaign.crm_campaign_call_action_all")
        return {**action, "domain": [("step_id", "=", self.id)], "context": {"create": False}}
