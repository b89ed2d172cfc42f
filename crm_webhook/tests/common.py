import json

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

from odoo.addons.crm_salesboard.tests.common import SalesBoardCase

from ..models.crm_webhook import EVENTS
from ..models.crm_webhook_mixin import _TOLD
from ..tools.addresses import ALLOWED_PARAMETER
from .receiver import Receiver


class WebhookCase(SalesBoardCase):
    """The cast of the Sales Board, an administrator, and a webhook for all events that waits for a receiver."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._make_user("cast_admin", "base.group_system")
        cls.env["crm.webhook"].with_context(active_test=False).search([]).unlink()
        cls.env["ir.config_parameter"].set_param(ALLOWED_PARAMETER, "127.0.0.1")
        cls.deliveries = cls.env["crm.webhook.delivery"]
        cls.webhook = cls._make_webhook()
        cls._end_transaction()
        cls.deliveries.search([]).unlink()

    @classmethod
    def _make_webhook(cls, *events, **values):
        told = dict.fromkeys((EVENTS[event] for event in events or EVENTS), True)
        defaults = {"name": "ERP", "url": "http://127.0.0.1:9009/", "lang": "en_US", "company_id": False}
        return cls.env["crm.webhook"].create({**defaults, **told, **values})

    @classmethod
    def _end_transaction(cls):
        """Do what a commit does; what comes next is another transaction, for which these rows are from before."""
        cls.env.cr.flush()
        cls.env.cr.cache.pop(_TOLD, None)
        cls.env.invalidate_all()

    def _told(self, webhook=None):
        """What was told since it was asked last: ``[(event, content)]``."""
        self._end_transaction()
        rows = self.deliveries.search([("webhook_id", "=", (webhook or self.webhook).id)], order="id")
        told = [(row.event, json.loads(row.payload)) for row in rows]
        rows.unlink()
        return told

    def _told_events(self, webhook=None):
        return [event for event, _payload in self._told(webhook)]


class ReceiverCase(WebhookCase):
    """With a receiver that listens on this machine."""

    def setUp(self):
        super().setUp()
        self.receiver = self._start_receiver()
        self.webhook.url = self.receiver.url
        # a receiver that works has all the time, however busy the machine is
        self.timeouts = {}
        self.patch(type(self.env["crm.webhook"]), "_get_timeout", lambda webhook: self.timeouts.get(webhook.id, 30))

    def _be_impatient(self, webhook=None):
        """Wait for it only shortly: for receivers that never answer."""
        self.timeouts[(webhook or self.webhook).id] = 0.7

    def _start_receiver(self):
        receiver = Receiver()
        self.addCleanup(receiver.stop)
        return receiver

    def _make_leads(self, *names):
        """Projects, each of its own transaction."""
        leads = self.env["crm.lead"]
        for name in names:
            leads |= self._make_lead(name=name)
            self._end_transaction()
        return leads

    def _run_job(self):
        """In a transaction of its own, as a worker has it."""
        self._end_transaction()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["crm.webhook.delivery"]._cron_deliver()
        self.env.invalidate_all()

    def _let_pass(self, **time):
        """Have it later by so many hours or minutes."""
        [(unit, number)] = time.items()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_webhook_delivery
                   SET next_attempt = next_attempt - %(time)s::interval, give_up_on = give_up_on - %(time)s::interval,
                       create_date = create_date - %(time)s::interval, write_date = write_date - %(time)s::interval,
                       last_attempt_on = last_attempt_on - %(time)s::interval
                """,
                time=f"{number} {unit}",
            )
        )
        self.env.invalidate_all()

    def _states(self, webhook=None):
        rows = self.deliveries.search([("webhook_id", "=", (webhook or self.webhook).id)], order="id")
        return [row.state for row in rows]
