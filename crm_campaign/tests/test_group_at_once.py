from odoo import SUPERUSER_ID, api
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import CampaignCase


@tagged("post_install", "-at_install")
class TestAddingAtOnce(TransactionCase):
    """With transactions that are committed, as two server processes have them at once."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self._env(cr)
            self.campaign_id = env["utm.campaign"].create({"title": "At once"}).id
            people = [{"name": f"At once {number}", "email": f"once{number}@example.com"} for number in range(30)]
            self.partner_ids = env["res.partner"].create(people).ids
        self.addCleanup(self._remove)

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def _remove(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            env["utm.campaign"].browse(self.campaign_id).unlink()
            env["res.partner"].browse(self.partner_ids).unlink()

    def _add(self, partner_ids):
        """As a request does it: begun anew when somebody else was faster."""
        with self.registry.cursor() as cr:
            env = self._env(cr)
            campaign, records = env["utm.campaign"].browse(self.campaign_id), env["res.partner"].browse(partner_ids)
            # What it has read before the other one is done.
            campaign.title, records.mapped("name")
            return retrying(lambda: env["crm.campaign.member"]._add(campaign, records), env)

    def test_two_who_add_at_once_get_nobody_in_twice(self):
        with self.registry.cursor() as cr:
            self._env(cr)["res.partner"].browse(self.partner_ids[:5]).active = False
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            answers = CampaignCase._at_once(
                lambda: self._add(self.partner_ids[:20]),
                lambda: self._add(self.partner_ids),
                lambda: self._add(self.partner_ids),
            )
        self.assertFalse([answer for answer in answers if not isinstance(answer, dict)], answers)
        self.assertEqual(sum(answer["in"] for answer in answers), 25)
        with self.registry.cursor() as cr:
            members = self._env(cr)["crm.campaign.member"].search([("campaign_id", "=", self.campaign_id)])
            self.assertEqual(sorted(members.partner_id.ids), sorted(self.partner_ids))
            self.assertEqual(len(members), 30, "also who is left out is on the list once")

    def test_two_who_add_the_same_person_at_once_under_two_records_get_one_in(self):
        twin, archived = self.partner_ids[28:30], self.partner_ids[:5]
        with self.registry.cursor() as cr:
            partners = self._env(cr)["res.partner"]
            partners.browse(twin).write({"name": "Anna Twin", "email": "twin@example.com"})
            partners.browse(archived).active = False
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            answers = CampaignCase._at_once(
                lambda: self._add([twin[0], *archived]), lambda: self._add([twin[1], *archived])
            )
        self.assertEqual(sum(answer["in"] for answer in answers), 1, answers)
        with self.registry.cursor() as cr:
            members = self._env(cr)["crm.campaign.member"].search([("campaign_id", "=", self.campaign_id)])
            self.assertEqual(sorted(members.partner_id.ids), sorted([*twin, *archived]))
            self.assertEqual(len(members), 7, "also who is left out is on the list once")
