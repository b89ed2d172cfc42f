from datetime import datetime, timedelta

from odoo import Command
from odoo.tests import tagged

from .common import AddInCase


@tagged("post_install", "-at_install")
class TestAccess(AddInCase):
    def test_each_role_sees_what_it_sees_in_odoo(self):
        self._make_lead(name="Of sales", partner_id=self.customer.id)
        self._make_lead(name="Of other", partner_id=self.customer.id, user_id=self.other.id)
        self._make_lead(name="Restricted", partner_id=self.customer.id, user_id=self.other.id, is_restricted=True)
        self._make_ticket(name="Of service")
        self._make_ticket(name="Own", user_id=self.sales.id)
        table = [
            (self.sales, {"Of sales"}, {"Own"}),
            (self.other, {"Of other", "Restricted"}, set()),
            (self.all_leads, {"Of sales", "Of other"}, {"Of service", "Own"}),
            (self.manager, {"Of sales", "Of other"}, {"Of service", "Own"}),
            (self.service, None, {"Of service", "Own"}),
            (self.accountant, None, None),
            (self.outsider, None, None),
        ]
        for user, leads, tickets in table:
            with self.subTest(user.login):
                answer = self._open(user, self.customer)
                for section, expected in (("leads", leads), ("tickets", tickets)):
                    if expected is None:
                        self.assertNotIn(section, answer)
                    else:
                        self.assertEqual({record["subject"] for record in answer[section]}, expected)

    def test_what_is_of_another_company_is_not_shown_to_who_does_not_work_there(self):
        there = self.env["res.company"].create({"name": "Elsewhere"})
        team = self.env["crm.team"].create({"name": "There", "company_id": there.id, "process_id": self.process.id})
        self._make_lead(name="There", partner_id=self.customer.id, company_id=there.id, team_id=team.id, user_id=False)
        self._make_ticket(name="There", company_id=there.id)
        answer = self._open(self.manager, self.customer)
        self.assertEqual((answer["leads"], answer["tickets"], answer["lead_count"]), ([], [], 0))
        self.manager.company_ids = [Command.link(there.id)]
        answer = self._open(self.manager, self.customer)
        self.assertEqual([answer["leads"][0]["subject"], answer["tickets"][0]["subject"]], ["There", "There"])

    def test_a_key_lets_in_colleagues_only_and_only_while_they_are(self):
        key = self._connect(self.sales)
        self.assertTrue(self._open(key, self.customer)["partner"]["id"])
        self.sales.active = False
        self.assertIn("Access token invalid", self._refused(key, "/mail_plugin/partner/get", partner_id=self.anna.id))
        self.sales.active = True
        portal = self.env.ref("base.group_portal")
        self.sales.write({"group_ids": [Command.set(portal.ids)]})
        self.assertIn("Access token invalid", self._refused(key, "/mail_plugin/partner/get", partner_id=self.anna.id))

    def test_a_portal_user_gets_no_key(self):
        user = self._make_portal_user(self.anna)
        self.authenticate(user.login, f"{user.login}-1234")
        page = self.url_open("/mail_plugin/auth?scope=outlook&friendlyname=Outlook&redirect=https://x.example").text
        self.assertIn("Only Internal Users", page)

    def test_no_other_key_opens_the_add_ins_door(self):
        keys = self.env["res.users.apikeys"].with_user(self.sales)
        tomorrow = datetime.now() + timedelta(days=1)
        table = {
            "none": (None, "Access token missing"),
            "guessed": ("0" * 40, "Access token invalid"),
            "of another scope": (keys._generate("odoo.plugin.else", "x", tomorrow), "Access token invalid"),
            "expired": (
                keys._generate("odoo.plugin.outlook", "x", datetime.now() - timedelta(days=2)),
                "Access token invalid",
            ),
        }
        for name, (key, said) in table.items():
            for path in ("partner/get", "log_mail_content", "lead/create", "ticket/create"):
                with self.subTest(name, path=path):
                    self.assertIn(said, self._refused(key, f"/mail_plugin/{path}"))
