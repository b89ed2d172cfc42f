from contextlib import nullcontext
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields

from odoo.addons.crm_salesboard.tests.common import SalesBoardCase
from odoo.addons.microsoft_account.models import microsoft_service

from ..models.microsoft_service import ENABLED_PARAMETER
from .graph_server import Microsoft

# Where Odoo logs what Microsoft refuses.
REFUSED = "odoo.addons.microsoft_account.models.microsoft_service"


class OutlookCase(SalesBoardCase):
    """A salesperson whose Outlook is connected, and Microsoft on this machine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connections, cls.links = cls.env["crm.outlook.connection"], cls.env["crm.outlook.contact"]
        cls.connections.search([]).unlink()
        parameters = cls.env["ir.config_parameter"]
        parameters.set_param(ENABLED_PARAMETER, "True")
        parameters.set_param("microsoft_calendar_client_id", "client")
        parameters.set_param("microsoft_calendar_client_secret", "secret")
        cls.customer = cls._make_customer("Lovelace Ltd", is_company=True, phone="+44 20 7946 0000")
        cls.person = cls._make_customer(
            "Ada Lovelace", user_id=False, parent_id=cls.customer.id, email="ada@lovelace.example", function="Analyst"
        )

    def setUp(self):
        super().setUp()
        self.microsoft = Microsoft()
        self.addCleanup(self.microsoft.stop)
        # where Microsoft is: Odoo's requests go nowhere else
        self.patch(microsoft_service, "DEFAULT_MICROSOFT_GRAPH_ENDPOINT", self.microsoft.url)
        endpoint = f"{self.microsoft.url}/common/oauth2/v2.0/token"
        self.env["ir.config_parameter"].set_param("microsoft_account.token_endpoint", endpoint)

    @classmethod
    def _make_customer(cls, name, **values):
        return cls.env["res.partner"].create({"name": name, "user_id": cls.sales.id, **values})

    def _connect(self, user=None, token="token-0", refresh_token="refresh-0", seconds=3600):
        user = user or self.sales
        self.connections._connect(user, token, refresh_token, seconds)
        return self.connections.search([("user_id", "=", user.id)])

    def _run_job(self):
        """In a transaction of its own, as a worker has it."""
        self.env.flush_all()
        mode = nullcontext() if self._registry_patched else self.enter_registry_test_mode()
        with mode, self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["crm.outlook.connection"]._cron_sync()
        self.env.invalidate_all()

    def _sync(self):
        """Have everybody due, and the job run."""
        self.env.flush_all()
        self.connections.search([]).next_sync = fields.Datetime.now() - timedelta(minutes=1)
        self._run_job()

    def _link(self, partner=None, user=None):
        partner = partner or self.person
        return self.links.search([("partner_id", "=", partner.id), ("user_id", "=", (user or self.sales).id)])

    def _card(self, name):
        [card] = [card for card in self.microsoft.contacts if card["displayName"] == name]
        return card
