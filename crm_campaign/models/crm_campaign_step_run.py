import json
import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from .crm_campaign_dispatch import STEP_REASONS
from .crm_campaign_member import REASONS

_logger = logging.getLogger(__name__)

REACTIONS = ("clicked", "answered")


class CrmCampaignStep(models.Model):
    """How a step is started, stopped and finished. A channel says in methods named after it

    - ``_check_<channel>()``: raise a UserError that says what is missing before anybody is addressed,
    - ``_get_reasons_<channel>(members)``: ``{crm.campaign.member id: reason}`` of those who cannot be reached by it,
    - ``_launch_<channel>()``: hand those who are waiting to whatever sends, by a job; called again after a stop,
    - ``_halt_<channel>()``: have it send no more.

    The last two are called as superuser. A job that has dealt with a step's last member calls ``_finish_over()``, which
    sets those steps *done* that have nobody waiting; so does the job of this addon, every few minutes.
    ``_stop(reason)`` is for a job that cannot go on. ``_on_started()`` is called once, when a step has begun.
    """

    _inherit = "crm.campaign.step"

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_start(self):
        """Write down whom the step goes to, and begin. Pressed twice, or by two at once, it starts once.

        :raise UserError: something is missing or nobody can be reached; nobody is addressed then
        """
        self.check_access("write")
        for step in self._lock_rows():
            if step.state in ("draft", "planned"):
                step._check_start()
                step._freeze()
                # sudo: what is not for the user to set; the right to start was checked
                step.sudo().write({"state": "running", "started_on": fields.Datetime.now(), "stop_reason": False})
                step._launch()
                step._on_started()

    def action_plan(self):
        """Start it at the time that it is planned for. What is missing is said now, and asked again then.

        :raise UserError: there is no time, or something is missing
        """
        self.check_access("write")
        for step in self._lock_rows().filtered(lambda step: step.state == "draft"):
            if not step.planned_on:
                raise UserError(self.env._("Say first when it is planned for."))
            step._check_start()
            # sudo: as for starting
            step.sudo().write({"state": "planned", "planned_by_id": self.env.uid, "stop_reason": False})
            step._get_cron()._trigger(at=step.planned_on)

    def action_stop(self):
        """Address nobody else; who was addressed stays so. One that is planned is a draft again."""
        self.check_access("write")
        # sudo: who may write the step may stop it
        steps = self._lock_rows().sudo()
        steps.filtered(lambda step: step.state == "planned").write({"state": "draft", "planned_by_id": False})
        running = steps.filtered(lambda step: step.state == "running")
        running._stop(self.env._("Stopped by %s.", self.env.user.name))

    def action_continue(self):
        """Go on with those who are waiting. Who may not be addressed any more by now is left out."""
        self.check_access("write")
        for step in self._lock_rows().filtered(lambda step: step.state == "stopped"):
            step._check_phase()
            step._by_channel("check")()
            step._leave_out_unwanted()
            step.sudo().write({"state": "running", "stop_reason": False})  # sudo: as for starting
            step._launch()

    def _lock_rows(self):
        """Wait for whoever starts or stops these steps at this moment.

        Odoo repeats the request of who has waited, which then finds what the other did.
        """
        if self.ids:
            query = SQL(
                "SELECT id FROM crm_campaign_step WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", tuple(self.ids)
            )
            self.flush_recordset()
            self.env.cr.execute(query, log_exceptions=False)  # that it is repeated is no error
            self.invalidate_recordset(["state"])
        return self

    def _by_channel(self, what):
        return getattr(self, f"_{what}_{self.channel}")

    def _launch(self):
        self.sudo()._by_channel(
            "launch"
        )()  # sudo: jobs and Odoo's mailings are not the user's; see the callers' checks
        self._get_cron()._trigger()

    @api.model
    def _get_cron(self):
        return self.env.ref("crm_campaign.ir_cron_crm_campaign_steps").sudo()

    def _on_started(self):
        """To be extended by what follows when a step begins, in the same transaction."""

    def _stop(self, reason):
        """Have the channel send no more.

        :param str reason: shown on the step
        """
        for step in self:
            step._by_channel("halt")()
        self.write({"state": "stopped", "stop_reason": reason})

    # ------------------------------------------------------------
    # Before it starts
    # ------------------------------------------------------------

    def _check_phase(self):
        if self.campaign_id.phase == "evaluated":
            raise UserError(self.env._("The campaign %s is over: it was evaluated.", self.campaign_id.display_name))

    def _check_start(self):
        """
        :raise UserError: something is missing
        """
        self._check_phase()
        self._by_channel("check")()
        if not self._get_audience():
            raise UserError(self.env._("There is nobody in the target group whom this step goes to."))

    # ------------------------------------------------------------
    # Whom it goes to
    # ------------------------------------------------------------

    def _get_audience(self):
        """All whom it is meant for, in the order in which they came into the group.

        A campaign of no company has the members of several, each of the company in which they were added: a step goes
        to those of its own.
        """
        # sudo: also whom the user may not see, to be left out for that reason; see _get_reasons
        members = self.env["crm.campaign.member"].sudo()
        domain = [
            ("campaign_id", "=", self.campaign_id.id),
            ("company_id", "=", self.company_id.id),
            ("state", "=", "in"),
        ]
        if self.audience != "all":
            reacted = self.env["crm.campaign.dispatch"].sudo()._get_reacted(self.campaign_id)
            domain += [("id", "in" if self.audience == "reacted" else "not in", reacted)]
        return members.search(domain, order="id").sudo(False)

    def _get_reasons(self, members):
        """Why some of them are not addressed. Few queries, however many they are.

        :param members: ``crm.campaign.member``, some of which the user may not be allowed to read
        :return: ``{crm.campaign.member id: reason}``
        """
        reasons = dict(members._get_reasons()) if members else {}
        if not self.is_repeat:
            had_one = self._get_addressed().ids
            reasons = {**dict.fromkeys(set(had_one) & set(members.ids), "had_one"), **reasons}
        left = members.filtered(lambda member: member.id not in reasons)
        return {**(self._by_channel("get_reasons")(left) if left else {}), **reasons}

    def _get_addressed(self):
        """Members whom another step of the campaign addressed on this channel."""
        # sudo: whoever they are, none of them is addressed twice
        dispatches = self.env["crm.campaign.dispatch"].sudo()
        domain = [
            ("campaign_id", "=", self.campaign_id.id),
            ("channel", "=", self.channel),
            ("state", "!=", "left_out"),
            ("step_id", "!=", self.id),
        ]
        groups = dispatches._read_group(domain, ["member_id"])
        return self.env["crm.campaign.member"].browse([member.id for (member,) in groups])

    def _freeze(self):
        """Write down the members that the step goes to, and of those who are left out the reason.

        :raise UserError: everybody is left out
        """
        self.env["crm.campaign.member"]._lock_groups(self.campaign_id)
        members = self._get_audience()
        reasons = self._get_reasons(members)
        if len(reasons) >= len(members):
            raise UserError(
                self.env._(
                    "Nobody in the target group can be addressed by this step: %(reasons)s.",
                    reasons=self._count_reasons(reasons.values()),
                )
            )
        self._insert_dispatches(members, reasons)

    def _count_reasons(self, reasons):
        labels = dict(self.env["crm.campaign.dispatch"]._fields["reason"]._description_selection(self.env))
        reasons = list(reasons)
        order = [reason for reason, _label in (*REASONS, *STEP_REASONS)]
        found = sorted(set(reasons), key=lambda reason: order.index(reason) if reason in order else len(order))
        return ", ".join(f"{labels.get(reason, reason)} ({reasons.count(reason)})" for reason in found)

    def _insert_dispatches(self, members, reasons):
        """In one statement, for tens of thousands while a user waits.

        Two steps that start at once on a channel meet in the unique index: one waits, and Odoo repeats its request.
        """
        self.env.flush_all()
        rows = [{"member_id": member_id, "reason": reasons.get(member_id)} for member_id in members.ids]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_campaign_dispatch (step_id, member_id, campaign_id, channel, is_repeat, state, reason,
                                                   outcome, create_uid, create_date, write_uid, write_date)
                SELECT %(step)s, row.member_id, %(campaign)s, %(channel)s, %(is_repeat)s, kind.state, row.reason,
                       kind.state, %(user)s, %(now)s, %(user)s, %(now)s
                  FROM jsonb_to_recordset(%(rows)s::jsonb) AS row (member_id integer, reason varchar),
                       LATERAL (SELECT CASE WHEN row.reason IS NULL THEN 'waiting' ELSE 'left_out' END AS state) kind
                 ORDER BY row.member_id
                    ON CONFLICT DO NOTHING
                """,
                step=self.id,
                campaign=self.campaign_id.id,
                channel=self.channel,
                is_repeat=self.is_repeat,
                user=self.env.uid,
                now=self.env.cr.now(),
                rows=json.dumps(rows),
            ),
            log_exceptions=False,  # that it is repeated is no error
        )
        self.env["crm.campaign.dispatch"].invalidate_model()
        self.invalidate_recordset(["dispatch_ids"])

    def _leave_out_unwanted(self):
        """Leave out those who may not be addressed any more since the list was made, also of halted messages."""
        waiting = self._get_waiting() | self._get_halted()
        members = waiting.member_id.sudo(False)
        reasons = self._get_reasons(members)
        for reason, dispatches in waiting.grouped(lambda dispatch: reasons.get(dispatch.member_id.id)).items():
            if reason:
                # What was halted stays in Odoo's queue as cancelled: only what is outgoing to a trace goes on.
                dispatches.trace_id.write({"trace_status": "cancel"})
                dispatches.write({"state": "left_out", "reason": reason})

    def _get_waiting(self):
        """Those who are still to be handed to whatever sends."""
        # sudo: the list is this addon's; it was made with the rights of who started
        dispatches = self.env["crm.campaign.dispatch"].sudo()
        return dispatches.search([("step_id", "=", self.id), ("state", "=", "waiting")], order="id")

    def _get_halted(self):
        """Those whose message was made and is kept in a queue since the step was stopped; by channel."""
        return self.env["crm.campaign.dispatch"].sudo()  # sudo: as for those who wait

    def _claim(self, members):
        """Lock who is to be addressed now: nobody else can address them until this transaction ends.

        :param list members: ids of ``crm.campaign.member``
        :return: those of them who wait for a step that is running, in the same order
        """
        self.env["crm.campaign.dispatch"].flush_model(["state"])
        self.flush_recordset(["state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT dispatch.member_id
                  FROM crm_campaign_dispatch dispatch
                  JOIN crm_campaign_step step ON step.id = dispatch.step_id
                 WHERE step.id = %s AND step.state = 'running'
                   AND dispatch.state = 'waiting' AND dispatch.member_id = ANY(%s)
                   FOR NO KEY UPDATE OF dispatch SKIP LOCKED
                """,
                self.id,
                list(members),
            )
        )
        claimed = {member_id for (member_id,) in rows}
        return [member_id for member_id in members if member_id in claimed]

    # ------------------------------------------------------------
    # The job
    # ------------------------------------------------------------

    @api.model
    def _run_steps(self):
        """Job: start what is planned for now, and finish what is over."""
        now = fields.Datetime.now()
        for step in self.search([("state", "=", "planned"), ("planned_on", "<=", now)], order="planned_on, id"):
            step._start_planned()
            self.env["ir.cron"]._commit_progress(1)
        self._finish_over()

    def _start_planned(self):
        """Start as whoever planned it; what is in the way is written on the step, and does not stop the job.

        Not as the one who is responsible: anybody who plans steps says who that is.
        """
        user = self.planned_by_id
        step = self.with_user(user).with_context(
            allowed_company_ids=[self.company_id.id, *(user.company_ids - self.company_id).ids],
            lang=user.lang,
            tz=user.tz,
        )
        try:
            with self.env.cr.savepoint():
                if not user.active:
                    raise UserError(self.env._("%s has left.", user.name))
                step.action_start()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            _logger.info("Step %s: somebody wrote at the same moment, it is started the next time", self.id)
            self._get_cron()._trigger()
        except (UserError, AccessError) as error:
            reason = self.env._("Could not start: %s", str(error)[:500])
            self.write({"state": "draft", "planned_by_id": False, "stop_reason": reason})
            self._tell_responsible()

    def _tell_responsible(self):
        self.env["mail.thread"].message_notify(
            partner_ids=self.user_id.partner_id.ids,
            subject=self.env._("%s could not start", self.display_name),
            body=self.stop_reason,
        )

    @api.model
    def _finish_over(self):
        """Set done what is running and has nobody who waits for anything."""
        running = self.sudo().search([("state", "=", "running")])  # sudo: jobs of any user finish steps
        self.env["crm.campaign.dispatch"].sudo()._leave_out_lost(running)
        waiting = (
            self.env["crm.campaign.dispatch"]
            .sudo()
            ._read_group([("step_id", "in", running.ids), ("outcome", "=", "waiting")], ["step_id"])
        )
        busy = {step.id for (step,) in waiting}
        running.filtered(lambda step: step.id not in busy).write({"state": "done"})
