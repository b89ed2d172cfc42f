from odoo import fields, models
from odoo.exceptions import UserError

STANDARD_TYPES = {"phone": "mail.mail_activity_data_call", "todo": "mail.mail_activity_data_todo"}


class CrmCampaignStep(models.Model):
    """Phone calls and other to-dos: an activity for each member, shared out over users by what each can do in a day.

    A member waits until the activity is done; the step runs as long as there are such. See
    ``crm_campaign_step_todo_job.py`` for how they are shared out, and ``mail_activity.py`` for what the step makes of
    what becomes of them.
    """

    _inherit = "crm.campaign.step"

    shared_out_on = fields.Datetime("Shared Out", readonly=True, copy=False)

    # ------------------------------------------------------------
    # Before
    # ------------------------------------------------------------

    def _check_phone(self):
        """
        :raise UserError: nobody is there to call, or somebody who may not
        """
        self._check_todo()
        for user in self.user_ids.user_id:
            # sudo: which group somebody is in
            if not user.sudo().has_group("sales_team.group_sale_salesman"):
                raise UserError(
                    self.env._(
                        "%(user)s is no salesperson and has no list of calls. Take %(user)s out of the step.",
                        user=user.name,
                    )
                )

    def _check_todo(self):
        """
        :raise UserError: there is no activity or nobody to do it, or somebody who cannot
        """
        activity_type = self._get_activity_type()
        if not activity_type:
            raise UserError(self.env._("Choose the activity of the step first."))
        if activity_type.res_model:
            raise UserError(
                self.env._(
                    "The activity %(activity)s is not for all kinds of records. Choose one that is for customers and "
                    "leads.",
                    activity=activity_type.name,
                )
            )
        if not self.user_ids:
            raise UserError(self.env._("Say who does it: add at least one user to the step."))
        # sudo: whether they work there
        for user in self.sudo().user_ids.user_id:
            if not user.active or user.share or self.company_id not in user.company_ids:
                raise UserError(
                    self.env._(
                        "%(user)s does not work for %(company)s any more. Take %(user)s out of the step.",
                        user=user.name,
                        company=self.company_id.name,
                    )
                )

    def _get_activity_type(self):
        standard = self.env.ref(STANDARD_TYPES[self.channel], raise_if_not_found=False)
        return self.activity_type_id or standard or self.activity_type_id

    def _get_reasons_phone(self, members):
        """Who cannot be called, or wants no calls.

        :param members: ``crm.campaign.member``
        :return: ``{member id: reason}``
        """
        addresses = members._get_addresses()
        unwanted = self._get_unwanted_numbers({row["phone_sanitized"] for row in addresses.values()} - {None})
        reasons = {}
        for member_id, row in addresses.items():
            # What no machine can read somebody may still dial.
            if not row["phone"]:
                reasons[member_id] = "no_number"
            elif row["phone_sanitized"] in unwanted:
                reasons[member_id] = "blacklisted"
        return reasons

    def _get_unwanted_numbers(self, numbers):
        # sudo: salespeople may not read the list of numbers; only whether these are on it
        listed = self.env["phone.blacklist"].sudo().search_fetch([("number", "in", list(numbers))], ["number"])
        return set(listed.mapped("number"))

    def _get_reasons_todo(self, members):
        """Something can be done for everybody."""
        return {}

    # ------------------------------------------------------------
    # Running
    # ------------------------------------------------------------

    def _launch_phone(self):
        self._launch_todo()

    def _launch_todo(self):
        """Have the job share them out: those who are waiting and have nobody who does it."""
        # sudo: who may start the step may have it shared out
        self.sudo().shared_out_on = False
        self.env.ref("crm_campaign.ir_cron_crm_campaign_share_out").sudo()._trigger()

    def _halt_phone(self):
        self._halt_todo()

    def _halt_todo(self):
        """Have the job take back what is not done: nobody goes on calling for a campaign that was stopped."""
        self.env.ref("crm_campaign.ir_cron_crm_campaign_share_out").sudo()._trigger()

    def _finish_todos(self):
        """Be done with the last of them, and run again when one was opened again."""
        for step in self:
            domain = [("step_id", "=", step.id), ("state", "=", "waiting")]
            is_open = bool(step.env["crm.campaign.dispatch"].search(domain, limit=1))
            if step.state == "running" and step.shared_out_on and not is_open:
                step.state = "done"
            elif step.state == "done" and is_open:
                step.state = "running"
