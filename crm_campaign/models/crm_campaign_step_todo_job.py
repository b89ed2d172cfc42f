import logging
from collections import Counter
from datetime import datetime, time, timedelta

from psycopg2 import Error as Psycopg2Error
from pytz import timezone, utc

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import MAX_TRIES_ON_CONCURRENCY_FAILURE, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..tools.sharing import Days, share_out, spread

_logger = logging.getLogger(__name__)

# Members of a transaction.
CHUNK = 500
BY_HAND = ("phone", "todo")
# The calendar is asked for so many days at a time.
WINDOW = timedelta(days=92)
# Of so many of them without a day of work no more is asked: then all days from Monday to Friday are.
EMPTY_WINDOWS = 4


class CrmCampaignStep(models.Model):
    """The job that shares calls and to-dos out, in chunks, and goes on where it stopped.

    A chunk is one transaction: the activities and who of the members has them come together or not at all.
    """

    _inherit = "crm.campaign.step"

    @api.model
    def _share_out_waiting(self):
        """Job: share out what was started and take back what was stopped, as long as its time lasts."""
        cron = self.env["ir.cron"]
        days = {}
        cron._commit_progress(remaining=self._count_to_share())
        while steps := self._get_steps_to_share():
            # A chunk of each in turn: a small step does not wait for a large one.
            for step in steps:
                done = step._share_out_safely(days)
                if not cron._commit_progress(done, remaining=self._count_to_share()):
                    return
        # What two users ended at the same moment neither of them saw to be the last.
        running = self.search([("channel", "in", BY_HAND), ("state", "=", "running")])
        running._finish_todos()
        cron._commit_progress(0)

    @api.model
    def _count_to_share(self):
        dispatches = self.env["crm.campaign.dispatch"]
        count = dispatches.search_count(self._to_share_domain()) + dispatches.search_count(self._to_take_back_domain())
        return count + len(self._get_steps_to_share())

    @api.model
    def _to_share_domain(self):
        """Members who wait without an activity."""
        return (
            Domain("channel", "in", BY_HAND)
            & Domain("state", "=", "waiting")
            & Domain("activity_id", "=", False)
            & Domain("step_id.state", "=", "running")
        )

    @api.model
    def _to_take_back_domain(self):
        """Activities that nobody is to do: their step was stopped, their user does not work here any more, or the
        member was left out."""
        is_over = Domain("step_id.state", "=", "stopped") | (
            Domain("step_id.state", "=", "running") & Domain("activity_id.user_id.active", "=", False)
        )
        return (
            Domain("channel", "in", BY_HAND)
            & Domain("activity_id.active", "=", True)
            & (Domain("state", "=", "left_out") | (Domain("state", "=", "waiting") & is_over))
        )

    @api.model
    def _get_steps_to_share(self):
        dispatches = self.env["crm.campaign.dispatch"]
        concerned = dispatches._read_group(self._to_share_domain() | self._to_take_back_domain(), ["step_id"])
        unsaid = self.search([("channel", "in", BY_HAND), ("state", "=", "running"), ("shared_out_on", "=", False)])
        return (unsaid | self.union(*(step for (step,) in concerned))).sorted("id")

    def _share_out_safely(self, days):
        """Share out a chunk; what fails stops the step and says why, and not the job.

        :param dict days: the days of work of the users, which are kept while the job runs
        :return: how many members were dealt with
        """
        for tries_left in reversed(range(MAX_TRIES_ON_CONCURRENCY_FAILURE)):
            try:
                done = self._share_out_chunk(days)
                self.env.flush_all()
                return done
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                if not tries_left:
                    raise
            except Exception as error:  # whatever it is, a user can go on later
                self.env.cr.rollback()
                _logger.info("Step %s of a campaign: could not be shared out", self.id, exc_info=True)
                is_database = isinstance(error, Psycopg2Error)
                reason = self.env._("The database refused it. The administrator finds the reason in the server's log.")
                self.write({"state": "stopped", "stop_reason": reason if is_database else str(error)[:500]})
                return 0
        return 0

    def _share_out_chunk(self, days):
        dispatches = self.env["crm.campaign.dispatch"]
        of_step = Domain("step_id", "=", self.id)
        if over := dispatches.search(of_step & self._to_take_back_domain(), limit=CHUNK, order="id"):
            over._take_back()
            return len(over)
        if waiting := dispatches.search(of_step & self._to_share_domain(), limit=CHUNK, order="id"):
            waiting._share_out(self._get_capacities(), days)
            return len(waiting)
        if self.state == "running" and not self.shared_out_on:
            self.shared_out_on = fields.Datetime.now()
            self._tell_users()
            self._finish_todos()
        return 0

    def _get_capacities(self):
        """
        :raise UserError: nobody is left who could do it
        :return: ``{res.users: how many a day}``
        """
        able = self.user_ids.filtered(
            lambda share: share.user_id.active and self.company_id in share.user_id.company_ids
        )
        if not able:
            self._check_todo()
        return {share.user_id: share.per_day for share in able.sorted("sequence")}

    def _get_loads(self):
        """What is to be done on which day, or was: ``{res.users: {date: number}}``."""
        self.env["mail.activity"].flush_model(["user_id", "date_deadline"])
        self.env["crm.campaign.dispatch"].flush_model(["step_id", "activity_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT activity.user_id, activity.date_deadline, COUNT(*)
                  FROM crm_campaign_dispatch dispatch
                  JOIN mail_activity activity ON activity.id = dispatch.activity_id
                 WHERE dispatch.step_id = %s AND activity.user_id IS NOT NULL
                 GROUP BY activity.user_id, activity.date_deadline
                """,
                self.id,
            )
        )
        loads = {}
        for user_id, day, count in rows:
            loads.setdefault(self.env["res.users"].browse(user_id), {})[day] = count
        return loads

    # ------------------------------------------------------------
    # Days
    # ------------------------------------------------------------

    def _get_days(self, user, days):
        """The days on which a user works from now on, without end."""
        key = (self.company_id, user)
        if key not in days:
            days[key] = Days(self._find_days(user))
        return days[key]

    def _find_days(self, user):
        resource = user.resource_ids.filtered(lambda each: each.company_id == self.company_id and each.calendar_id)[:1]
        calendar = resource.calendar_id or self.company_id.resource_calendar_id
        zone = timezone(user.tz or calendar.tz or "UTC")
        start, empty = datetime.now(utc).astimezone(zone), 0
        while calendar and empty < EMPTY_WINDOWS:
            end = zone.localize(datetime.combine(start.date() + WINDOW, time.min))
            intervals = calendar._work_intervals_batch(start, end, resources=resource, tz=zone)[resource.id]
            found = sorted(
                {
                    first.date() + timedelta(days=n)
                    for first, last, _what in intervals
                    for n in _days_between(first, last)
                }
            )
            yield from found
            empty = 0 if found else empty + 1
            start = end
        day = start.date()
        while True:
            if day.weekday() < 5:
                yield day
            day += timedelta(days=1)

    # ------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------

    def _tell_users(self):
        """One message to each, and not one per activity."""
        domain = [("step_id", "=", self.id), ("state", "=", "waiting"), ("user_id", "!=", False)]
        for user, count in self.env["crm.campaign.dispatch"]._read_group(domain, ["user_id"], ["__count"]):
            step = self.with_context(lang=user.lang or self.env.lang)
            texts = {"count": count, "campaign": step.campaign_id.title, "step": step.name}
            if self.channel == "phone":
                subject = step.env._("You have %(count)s calls in the campaign %(campaign)s", **texts)
                body = step.env._(
                    "%(count)s calls of %(step)s are yours. They are under CRM ▸ My Campaign Calls.", **texts
                )
            else:
                subject = step.env._("You have %(count)s to-dos in the campaign %(campaign)s", **texts)
                body = step.env._("%(count)s to-dos of %(step)s are yours. They are with your activities.", **texts)
            step.env["mail.thread"].message_notify(
                partner_ids=user.partner_id.ids, author_id=self.user_id.partner_id.id, subject=subject, body=body
            )


def _days_between(first, last):
    """Whole days from the first; an hour that ends at midnight is of the day before."""
    return range(((last - timedelta(microseconds=1)).date() - first.date()).days + 1)


class CrmCampaignDispatch(models.Model):
    _inherit = "crm.campaign.dispatch"

    def _share_out(self, capacities, days):
        """Give these members of one step to those who call them, each on a day on which there is room.

        :param dict capacities: ``{res.users: how many a day}``
        :param dict days: see ``_get_days``
        """
        step = self.step_id
        waiting = self._lock_rows()
        documents = {dispatch: dispatch.member_id._get_document() for dispatch in waiting}
        allowed = {user: waiting._get_allowed(user, documents) for user in capacities}
        loads = step._get_loads()
        taken = {user: sum(loads.get(user, {}).values()) for user in capacities}
        # Who has agreed on a day is called again by the same user, who may have left since.
        agreed = waiting.filtered(lambda dispatch: dispatch in allowed.get(dispatch.user_id, ()))
        shares = {dispatch: dispatch.user_id for dispatch in agreed}
        for user, own in agreed.grouped("user_id").items():
            taken[user] += len(own)
        shares |= share_out(waiting - agreed, capacities, allowed, taken)
        unseen = waiting.filtered(lambda dispatch: dispatch not in shares)
        unseen.write({"state": "left_out", "reason": "out_of_reach"})
        for user, per_day in capacities.items():
            own = waiting.filtered(lambda dispatch: shares.get(dispatch) == user)  # noqa: B023  used here
            if own:
                agreed = {dispatch: dispatch._get_agreed_day() for dispatch in own.filtered("again_on")}
                load = Counter(loads.get(user, {})) + Counter(agreed.values())
                free = iter(spread(len(own) - len(agreed), per_day, step._get_days(user, days), load))
                own._make_activities(user, [agreed.get(dispatch) or next(free) for dispatch in own], documents)
        waiting.filtered("again_on").again_on = False

    def _get_agreed_day(self):
        """The day that was agreed on, or today if it is over meanwhile."""
        return max(self.again_on, fields.Date.context_today(self))

    def _lock_rows(self):
        """Wait for whoever changes these members at this moment; who has waited is repeated, and finds what is done."""
        self.flush_recordset()
        query = "SELECT id FROM crm_campaign_dispatch WHERE id IN %s ORDER BY id FOR NO KEY UPDATE"
        self.env.execute_query(SQL(query, tuple(self.ids)))
        return self

    def _get_allowed(self, user, documents):
        """Those whose customer and project a user may see."""
        env = self.with_user(user).with_context(allowed_company_ids=self.step_id.company_id.ids).env
        members = self.member_id
        leads = members.lead_id.ids + [document.id for document in documents.values() if document._name == "crm.lead"]
        readable = {
            name: set(env[name].browse(ids)._filtered_access("read")._ids)
            for name, ids in (("res.partner", members.partner_id.ids), ("crm.lead", list(dict.fromkeys(leads))))
        }

        def is_readable(record):
            return not record or record.id in readable[record._name]

        return {
            dispatch
            for dispatch in self
            if is_readable(dispatch.member_id.partner_id)
            and is_readable(dispatch.member_id.lead_id)
            and is_readable(documents[dispatch])
        }

    def _make_activities(self, user, deadlines, documents):
        """The activities, without a message for each, and without making the user a follower of so many customers."""
        step = self.step_id
        activities = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        common = {
            "activity_type_id": step._get_activity_type().id,
            "summary": step.activity_summary or step.name,
            "note": step.activity_note,
            "automated": True,
        }
        made = activities.create(
            [
                {
                    **common,
                    "res_model_id": self.env["ir.model"]._get_id(documents[dispatch]._name),
                    "res_id": documents[dispatch].id,
                    "date_deadline": deadline,
                    "campaign_dispatch_id": dispatch.id,
                }
                for dispatch, deadline in zip(self, deadlines, strict=True)
            ]
        )
        made._give_silently(user)
        for dispatch, activity in zip(self, made, strict=True):
            dispatch.activity_id = activity
        self.user_id = user

    def _take_back(self):
        """Nobody is to do it any more: the activity goes, the member waits."""
        # By their ids: read one by one otherwise, once the members do not know them any more.
        activities = self.env["mail.activity"].browse(self.activity_id.ids)
        # A day that was agreed stays agreed, with whom it was agreed.
        agreed = self.filtered(lambda dispatch: dispatch.state == "waiting" and dispatch.result_id)
        for day, dispatches in agreed.grouped(lambda dispatch: dispatch.activity_id.date_deadline).items():
            dispatches.write({"activity_id": False, "again_on": day})
        (self - agreed).write({"activity_id": False, "user_id": False})
        # No longer this member's: that it is deleted says nothing of them.
        activities.campaign_dispatch_id = False
        activities.unlink()


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _give_silently(self, user):
        """Give activities that are nobody's to a user, as Odoo does but for the follower."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE mail_activity SET user_id = %s, user_tz = %s WHERE id IN %s",
                user.id,
                user.tz or None,
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(["user_id", "user_tz"])
        self.modified(["user_id"])
        today = self.filtered(lambda activity: activity.date_deadline <= fields.Date.today())
        if today:
            user._bus_send("mail.activity/updated", {"activity_created": True, "count_diff": len(today)})


class CrmCampaignMember(models.Model):
    _inherit = "crm.campaign.member"

    def _get_document(self):
        """What a to-do about the member hangs on: their project, else their lead, else the customer."""
        self.ensure_one()
        return self.result_lead_id or self.lead_id or self.partner_id

    def _get_seen_document(self):
        """The same as far as the user may read it: else what the member is, whom the user sees."""
        self.ensure_one()
        known = self.sudo()  # sudo: which they are; the member was checked
        seen = self.sudo(False).seen_lead_id
        return (seen or known.lead_id or known.partner_id).sudo()
