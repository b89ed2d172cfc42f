import logging
from traceback import format_tb

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..tools.parts import Parts
from .crm_gdpr_request_preview import CHUNK, SAMPLES

_logger = logging.getLogger(__name__)


class CrmGdprRequest(models.Model):
    """The preview of a large request: by a job, part by part, each committed, so that it is stopped, killed, continued.

    Nobody waits for it with an open page, which the server would close after a while with all that was found so far. A
    line that is ``draft`` has not been looked at yet: that is all a job has to know to go on.
    """

    _inherit = "crm.gdpr.request"

    def _begin_preview(self):
        """Hand it over to the job. What was previewed for the same officer and companies before a stop, stays."""
        if not self._is_going_on():
            self._set_back()
            # before the first part is read: what others change from now on is a change since the preview
            self.planned_at = self.env.cr.now()
        self.write(
            {
                "state": "previewing",
                "previewer_id": self.env.uid,
                "approver_id": False,
                "reach_ids": self.env.companies,
            }
        )
        self.env.ref("crm_gdpr.ir_cron_preview")._trigger()

    def _is_going_on(self):
        was_stopped = self.state == "draft" and self.planned_at
        return was_stopped and self.previewer_id == self.env.user and self.reach_ids == self.env.companies

    def _find_lines(self, *states):
        """The lines in one of these states, without reading them."""
        return self.env["crm.gdpr.request.line"].search([("request_id", "=", self.id), ("state", "in", states)])

    def _find_undone(self):
        return self.env["crm.gdpr.request.line"].search([("request_id", "=", self.id), ("state", "!=", "done")])

    def _find_shown(self):
        """The lines whose values are shown."""
        return self.env["crm.gdpr.request.line"].search([("request_id", "=", self.id), ("sample", "!=", False)])

    @api.model
    def _cron_preview(self):
        """Preview what waits for it, as long as there is time. What rules propose their own job previews."""
        broken = self._work_through(
            # in the name of the officer who previews, which is in the log; sudo: also when they have left
            self._find_waiting(),
            lambda request: request.with_user(request.previewer_id or request.user_id).sudo()._work_on_preview(),
        )
        self._go_on(self._count_waiting(broken), "crm_gdpr.ir_cron_preview")

    @api.model
    def _work_through(self, requests, work):
        """Work on one after the other as long as there is time; one that is broken keeps no other.

        :param work: what to do with a request; tells whether there is time for more
        :return: those that are broken, which wait for the next hour
        """
        broken = self.browse()
        for request in requests:
            try:
                has_time = work(request)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception as error:
                if not self._may_commit():
                    raise
                self.env.cr.rollback()
                self.env.invalidate_all()
                # without its message, which may quote a person
                trace = "".join(format_tb(error.__traceback__))
                _logger.warning("%s cannot be worked on: %s\n%s", request, type(error).__name__, trace)
                broken |= request
                continue
            if not has_time:
                break
        return broken

    @api.model
    def _find_waiting(self):
        previewing = self.search([("state", "=", "previewing")], order="id")
        return previewing.filtered(lambda request: not request._is_left_to_rule())

    @api.model
    def _count_waiting(self, broken=None):
        """What the job has to do: persons to look at, and requests to close."""
        waiting = self._find_waiting() - (broken or self.browse())
        return len(waiting) + self._count_lines(waiting, "draft")

    @api.model
    def _count_lines(self, requests, *states):
        """How many lines are in one of these states, without reading them."""
        return self.env["crm.gdpr.request.line"].search_count(
            [("request_id", "in", requests.ids), ("state", "in", states)]
        )

    @api.model
    def _go_on(self, left, job):
        """Have Odoo begin a job again soon where something is left, and not after an hour.

        Odoo takes a job for finished that said last that nothing remains, whatever waits.
        """
        if left and self._may_commit():
            self.env.ref(job)._trigger()
        if self._may_commit():
            self.env["ir.cron"]._commit_progress(0, remaining=left)

    def _work_on_preview(self):
        """Preview what is left; return whether there is time for more. Each time it gets further.

        Somebody may stop it, or change the same rows, at the same time: then it looks again.
        """
        parts, done, has_time = Parts(self.env, CHUNK), 1, True
        while done and has_time and not parts.is_hopeless:
            with parts.attempt():
                done = self._refuse_first() or self._preview_part(parts.size)
                has_time = bool(self.env["ir.cron"]._commit_progress(done, remaining=self._count_waiting()))
        return has_time

    def _refuse_first(self):
        """Before anybody is looked at, those who have to stay: what they have is not the others' to take along.

        :return: of how many persons it was
        """
        if not self._is_previewing() or self._has_begun():
            return 0
        lines = self._find_lines("draft")
        return len(lines - lines._refuse())

    def _has_begun(self):
        seen = [("request_id", "=", self.id), ("state", "not in", ("draft", "done"))]
        return bool(self.env["crm.gdpr.request.line"].search_count(seen, limit=1))

    def _preview_part(self, size=None):
        """Preview the next ones, and close the preview after the last ones; return of how many persons it was."""
        if not self._is_previewing():
            return 0
        if lines := self._claim("draft", size or CHUNK):
            lines._preview(SAMPLES - len(self._find_shown()))
        if not self._count_lines(self, "draft"):  # or another server looks at them
            self._end_preview()
        return len(lines)

    def _is_previewing(self):
        self.invalidate_recordset(["state"])
        return bool(self.exists()) and self.state == "previewing"

    def _end_preview(self):
        self.write({"state": "planned", "approver_id": False})
        self._tell_previewed()
        self._note("planned")

    def _tell_previewed(self):
        text = self.with_context(lang=self.previewer_id.lang).env._(
            "%(request)s is previewed: %(number)s of %(total)s persons can be anonymised.",
            request=self._get_name_for(self.previewer_id),
            number=self._count_left(),
            total=self.person_count,
        )
        self._tell(self.previewer_id, text)

    def _get_name_for(self, user):
        return self.with_context(lang=user.lang).name

    def _tell(self, user, text):
        """Tell an officer on whatever page they are, in numbers and without names."""
        user._bus_send("simple_notification", {"type": "info", "sticky": True, "message": text})

    @api.readonly
    def get_progress(self):
        """How far it is, for a page that asks every few seconds: counted by the database, and no person read.

        :return: dictionary of ``state``, ``done``, ``total`` and ``progress``
        """
        self.ensure_one()
        return {
            "state": self.state,
            "done": self.previewed_count if self.state == "previewing" else self.person_count - self.open_count,
            "total": self.person_count,
            "progress": self.progress,
        }
