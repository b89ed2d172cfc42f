from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestLinkedUsers(SalesBoardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._make_lead()

    def _link(self, user, lead=None, by=None):
        lines = self.env["crm.lead.user"].with_user(by or self.sales)
        return lines.create({"lead_id": (lead or self.lead).id, "user_id": user.id})

    def _refused(self, call):
        with self.assertRaises(AccessError), self.cr.savepoint(), mute_logger("odoo.addons.base.models.ir_rule"):
            call()
        self.env.invalidate_all()

    def test_a_link_opens_a_colleagues_project(self):
        theirs = self.lead.with_user(self.other)
        self._refused(lambda: theirs.read(["name"]))
        line = self._link(self.other)
        self.env.invalidate_all()
        theirs.write({"expected_revenue": 7})
        theirs.message_post(body="Hello")
        theirs.activity_schedule("mail.mail_activity_data_todo", user_id=self.other.id)
        self.assertIn(self.lead, theirs.search([("is_shared_with_me", "=", True)]))
        self.assertEqual(self.lead.linked_user_count, 1)
        line.unlink()
        self.env.invalidate_all()
        self._refused(lambda: theirs.read(["name"]))

    def test_nobody_links_himself(self):
        lines = self.env["crm.lead.user"].with_user(self.other)
        own = self._make_lead(user_id=self.other.id)
        line = self._link(self.other, own, by=self.other)
        ways = {
            "create": lambda: lines.create({"lead_id": self.lead.id, "user_id": self.other.id}),
            "default": lambda: lines.with_context(default_lead_id=self.lead.id).create({"user_id": self.other.id}),
            "move": lambda: line.write({"lead_id": self.lead.id}),
            "project": lambda: self.lead.with_user(self.other).write(
                {"linked_user_ids": [Command.create({"user_id": self.other.id})]}
            ),
            "load": lambda: self._load(lines),
        }
        for name, way in ways.items():
            with self.subTest(name):
                self._refused(way)
                self.assertFalse(self.lead.linked_user_ids)

    def _load(self, lines):
        result = lines.load(["lead_id/.id", "user_id/.id"], [[str(self.lead.id), str(self.other.id)]])
        if not result["ids"]:
            raise AccessError(str(result["messages"]))

    def test_a_colleagues_links_are_out_of_reach(self):
        line = self._link(self.manager)
        theirs = line.with_user(self.other)
        self.assertFalse(theirs.search([("id", "=", line.id)]))
        for call in (
            lambda: theirs.read(["user_id"]),
            lambda: theirs.write({"user_id": self.other.id}),
            lambda: theirs.unlink(),
        ):
            self._refused(call)

    def test_bad_input_is_answered_with_what_is_wrong(self):
        self._link(self.other)
        with self.assertRaises(UniqueViolation), self.cr.savepoint(), mute_logger("odoo.sql_db"):
            self._link(self.other)
        portal = self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "portal_linked",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        with self.assertRaisesRegex(ValidationError, "no internal user"), self.cr.savepoint():
            self._link(portal)

    def test_counts_of_many_come_by_one_query(self):
        leads = self.env["crm.lead"].create([{"name": f"Project {number}"} for number in range(50)])
        self.env["crm.lead.user"].create([{"lead_id": lead.id, "user_id": self.other.id} for lead in leads])
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            self.assertEqual(set(leads.mapped("linked_user_count")), {1})
