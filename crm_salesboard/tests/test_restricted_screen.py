from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .restricted_case import SECRET
from .test_sales_board_screen import SalesBoardScreen


@tagged("post_install", "-at_install")
class TestRestrictedScreen(SalesBoardScreen):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.linked = cls._make_user("board_linked", "Lena Linked", "sales_team.group_sale_salesman")
        cls.team.member_ids |= cls.linked
        cls._make_project("Open project", "status", "Prospect", 1000, 20)
        cls.project = cls._make_project("Secret takeover", "status", "Offer", 5000, 50, owner=cls.sales)

    def _restrict(self):
        self.project.write({"is_restricted": True, "linked_user_ids": [Command.create({"user_id": self.linked.id})]})

    def test_the_owner_links_a_colleague_and_restricts(self):
        self.start_tour(f"/odoo/crm/{self.project.id}", "salesboard_restrict", login="board_sales")
        self.assertEqual(self.project.linked_user_ids.user_id, self.linked)
        self.assertTrue(self.project.is_restricted)

    def test_a_linked_user_sees_the_lock_and_leaves(self):
        self._restrict()
        self.start_tour("/odoo/sales-board", "salesboard_restricted_in_sight", login="board_linked")
        self.assertFalse(self.project.linked_user_ids)

    def test_a_manager_is_locked_out(self):
        self._restrict()
        self.start_tour("/odoo/sales-board", "salesboard_restricted_out_of_sight", login="board_manager")


@tagged("post_install", "-at_install")
class TestRestrictedOverHttp(HttpCase):
    def test_files_and_messages_are_not_served(self):
        manager = self.env["res.users"].create(
            {
                "name": "http_manager",
                "login": "http_manager",
                "password": "http_manager",
                "group_ids": [Command.link(self.env.ref("sales_team.group_sale_manager").id)],
            }
        )
        owner = self.env.ref("base.user_admin")
        lead = self.env["crm.lead"].create({"name": SECRET, "user_id": owner.id, "type": "opportunity"})
        attachment = self.env["ir.attachment"].create(
            {"name": "x.txt", "raw": b"secret", "res_model": "crm.lead", "res_id": lead.id, "public": True}
        )
        lead.message_post(body=SECRET, attachment_ids=attachment.ids)
        self.authenticate(manager.login, manager.login)
        answers = {}
        for is_restricted in (False, True):
            lead.is_restricted = is_restricted
            answers[is_restricted] = self._ask(lead, attachment)
        self.assertTrue(all(answers[False]), answers[False])
        self.assertFalse(any(answers[True]), answers[True])

    def _ask(self, lead, attachment):
        params = {"thread_model": "crm.lead", "thread_id": lead.id}
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "werkzeug"):
            return [
                b"secret" in self.url_open(f"/web/content/{attachment.id}").content,
                b"secret" in self.url_open(f"/web/content/ir.attachment/{attachment.id}/raw").content,
                SECRET in self.url_open("/mail/thread/messages", json={"params": params}).text,
                SECRET
                in self.url_open(
                    "/web/dataset/call_kw",
                    json={"params": {"model": "crm.lead", "method": "read", "args": [lead.ids], "kwargs": {}}},
                ).text,
                self.url_open(f"/web/image/ir.attachment/{attachment.id}/raw").content == b"secret",
            ]
