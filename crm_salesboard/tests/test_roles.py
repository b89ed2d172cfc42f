from odoo import Command
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestRoles(SalesBoardCase):
    """Who does not work on a project gets nothing of it: a salesperson of another team, an outsider.

    An accountant reads it, and changes nothing.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._make_user("cast_accountant", "account.group_account_invoice")
        cls.other_team = cls.env["crm.team"].create({"name": "Services", "process_id": cls.process.id})
        cls.elsewhere = cls._make_user("cast_elsewhere", "sales_team.group_sale_salesman")
        cls.other_team.member_ids = cls.elsewhere
        cls.strangers = cls.accountant | cls.elsewhere | cls.outsider
        cls.lead = cls._make_lead(notepad="<p>Their budget is secret</p>")
        env = cls.env
        cls.contact = env["crm.lead.contact"].create({"lead_id": cls.lead.id, "name": "One-off"})
        cls.call = env["crm.call"].create({"lead_id": cls.lead.id, "user_id": cls.sales.id, "number": "+31205550100"})
        cls.link = env["crm.lead.user"].create({"lead_id": cls.lead.id, "user_id": cls.other.id})
        cls.document = env["ir.attachment"].create(
            {"name": "offer.txt", "raw": b"42", "res_model": "crm.lead", "res_id": cls.lead.id}
        )
        cls.message = cls.lead.with_user(cls.sales).message_post(body="Secret", message_type="comment")
        cls.lead.activity_schedule("mail.mail_activity_data_call", user_id=cls.sales.id)
        cls.activity = cls.lead.activity_ids
        cls.records = (cls.lead, cls.contact, cls.call, cls.link, cls.document, cls.message, cls.activity)

    def _finds(self, user, record):
        """What the user finds of the record by search, count and group; None where the model itself is out of reach."""
        model = record.env[record._name].with_user(user)
        domain = Domain("id", "=", record.id)
        try:
            found = model.search(domain)
            return len(found) + model.search_count(domain) + len(model._read_group(domain, [], ["id:recordset"])[0][0])
        except AccessError:
            return None

    def test_they_find_nothing_that_hangs_on_the_project(self):
        for user in self.strangers - self.accountant:
            for record in self.records:
                with self.subTest(user=user.login, model=record._name), mute_logger("odoo.addons.base.models.ir_rule"):
                    self.assertFalse(self._finds(user, record))
        for record in self.records:
            with self.subTest(user=self.sales.login, model=record._name):
                self.assertEqual(self._finds(self.sales, record), 3)

    def test_they_neither_read_nor_change_nor_delete_it(self):
        for user in self.strangers:
            for record in self.records:
                with self.subTest(user=user.login, model=record._name), mute_logger("odoo.addons.base.models.ir_rule"):
                    for operation in ("read", "write", "unlink")[user == self.accountant :]:
                        self.assertFalse(record.with_user(user).has_access(operation), operation)

    def test_they_do_not_add_to_it(self):
        ways = {
            "contact": lambda env: env["crm.lead.contact"].create({"lead_id": self.lead.id, "name": "Mine"}),
            "call": lambda env: env["crm.call"].create({"lead_id": self.lead.id, "number": "+31205550101"}),
            "link": lambda env: env["crm.lead.user"].create({"lead_id": self.lead.id, "user_id": env.uid}),
            "document": lambda env: env["ir.attachment"].create(
                {"name": "x", "raw": b"x", "res_model": "crm.lead", "res_id": self.lead.id}
            ),
            "e-mail": lambda env: env["crm.lead"].browse(self.lead.id).action_link_emails(self.message.ids),
            "field": lambda env: env["crm.lead"].browse(self.lead.id).write({"notepad": "Mine", "kind_id": False}),
        }
        for user in self.strangers:
            for name, way in ways.items():
                with self.subTest(user=user.login, way=name), mute_logger("odoo.addons.base.models.ir_rule"):
                    with self.assertRaises(AccessError), self.cr.savepoint():
                        way(self.env(user=user))
                    self.env.invalidate_all()

    def test_they_configure_nothing(self):
        ways = {
            "choice": lambda env: env.ref("crm_salesboard.crm_choice_kind_renewal").write({"name": "Mine"}),
            "list": lambda env: env["crm.choice.list"].create({"name": "Mine", "usage": "kind"}),
            "field": lambda env: env["crm.custom.field"].create({"name": "Mine", "ttype": "char"}),
            "search": lambda env: env["crm.search.field"].create({"model": "crm.lead"}),
            "process": lambda env: env["crm.process"].browse(self.process.id).write({"chance_list_id": False}),
        }
        for user in self.strangers:
            for name, way in ways.items():
                with self.subTest(user=user.login, way=name):
                    with self.assertRaises(AccessError), self.cr.savepoint():
                        way(self.env(user=user))
                    self.env.invalidate_all()

    def test_the_customer_opens_for_all_of_them_and_shows_no_project(self):
        for user in self.strangers:
            with self.subTest(user=user.login):
                partner = self.partner.with_user(user)
                views = partner.get_views([(False, "form")])
                names = views["models"]["res.partner"]["fields"].keys()
                [values] = partner.web_read({name: {} for name in names})
                self.assertNotIn(self.lead.id, values.get("opportunity_ids") or [])
                self.assertFalse(values.get("opportunity_count"))

    def test_the_figures_of_the_board_and_the_forecast_leave_it_out(self):
        board = self.env["crm.lead"].with_user(self.elsewhere)
        domain = [("board_column_id", "!=", False), ("partner_id", "=", self.partner.id)]
        self.assertEqual(board._read_group(domain, [], ["__count", "expected_revenue:sum"]), [(0, 0)])
        self.assertEqual(board.formatted_read_group(domain, ["board_date:month"], ["__count"]), [])
        self.link.write({"user_id": self.elsewhere.id})
        self.env.invalidate_all()
        self.assertEqual(board._read_group(domain, [], ["__count"]), [(1,)])
        self.assertTrue(self.lead.with_user(self.elsewhere).has_access("write"))
        self.link.unlink()
        self.env.invalidate_all()
        self.assertFalse(board.search([("id", "=", self.lead.id)]))

    def test_one_more_choice_on_their_own_customers_is_no_way_in(self):
        field = self.env["crm.custom.field"].create(
            {
                "name": "Grade",
                "ttype": "many2one",
                "model": "res.partner",
                "choice_ids": [Command.create({"name": "A"})],
            }
        )
        self.addCleanup(self.registry.reset_changes)
        self.partner[field.field_name] = field.list_id.choice_ids
        for user in self.strangers:
            with self.subTest(user=user.login):
                [values] = self.partner.with_user(user).web_read({field.field_name: {"fields": {"display_name": {}}}})
                self.assertEqual(values[field.field_name]["display_name"], "A")
                with self.assertRaises(AccessError):
                    field.list_id.choice_ids.with_user(user).name = "B"
