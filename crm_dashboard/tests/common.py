from contextlib import contextmanager

from freezegun import freeze_time

from odoo import fields

from odoo.addons.crm_salesboard.tests.common import SalesBoardCase


class FunnelCase(SalesBoardCase):
    """The cast of the Sales Board, on a process with three statuses, at times that the test chooses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.talks = cls.env["crm.stage"].create({"name": "Talks", "process_id": cls.process.id})
        cls.unprocessed = cls._column("unprocessed")
        cls.at_prospect = cls._column("status", cls.prospect)
        cls.at_offer = cls._column("status", cls.offer)
        cls.at_talks = cls._column("status", cls.talks)
        cls.at_order = cls._column("order")
        cls.path = cls.unprocessed | cls.at_prospect | cls.at_offer | cls.at_talks | cls.at_order
        cls.domain = [("team_id", "=", cls.team.id)]

    @contextmanager
    def at(self, moment):
        """Let it be ``moment`` (UTC), for the ORM and for native code."""
        with freeze_time(moment):
            self.cr._now = fields.Datetime.to_datetime(moment)
            try:
                yield
            finally:
                self.env.flush_all()
                self.cr._now = None

    def _put(self, lead, *columns, **values):
        """Move a project through columns, one after the other."""
        for column in columns:
            reason = {
                "lost": {"lost_reason_id": self.reason.id},
                "cancelled": {"cancel_reason_id": self.cancel_reason.id},
            }.get(column.kind, {})
            lead.write({"board_column_id": column.id, **reason, **values})
        return lead

    def _through(self, *columns, **values):
        """A project that was made in the first of these columns, and moved through the others."""
        return self._put(self._make_lead(board_column_id=columns[0].id, **values), *columns[1:])

    def _funnel(self, user=None, domain=None, **context):
        """The funnel of the test's process, as the user gets it."""
        leads = self.env["crm.lead"].with_user(user or self.manager).with_context(**context)
        funnel = leads.get_funnel(self.domain if domain is None else domain)
        found = [process for process in funnel["processes"] if process["id"] == self.process.id]
        return found[0] if found else None

    def _steps(self, *args, **kwargs):
        """``{column id: step}`` of the same."""
        funnel = self._funnel(*args, **kwargs)
        return {step["column_id"]: step for step in funnel["steps"]} if funnel else {}
