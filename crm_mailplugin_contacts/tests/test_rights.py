from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.res_users_settings import TOKENS
from .common import OutlookCase


@tagged("post_install", "-at_install")
class TestRights(OutlookCase):
    def setUp(self):
        super().setUp()
        self.connection = self._connect()
        self._run_job()

    def test_everybody_sees_the_own_links_and_nobody_changes_any(self):
        links = self.links.search([("user_id", "=", self.sales.id)])
        self.assertEqual(self.links.with_user(self.sales).search([]), links)
        for user in (self.other, self.all_leads, self.manager):
            with self.subTest(user.login):
                self.assertFalse(self.links.with_user(user).search([]))
                self.assertFalse(self.connections.with_user(user).search([]))
        with self.assertRaises(AccessError):
            self.links.with_user(self.outsider).search([])
        for records in (links, self.connection):
            for operation in (lambda own: own.write({"state": "on"}), lambda own: own.unlink()):
                with self.assertRaises(AccessError):
                    operation(records.with_user(self.sales))

    def test_nobody_reads_a_token(self):
        settings = self.sales.res_users_settings_ids
        admin = self.env.ref("base.user_admin")
        for user in (self.sales, self.manager, admin):
            for name in TOKENS:
                with self.subTest(user=user.login, field=name):
                    with self.assertRaises(AccessError):
                        settings.with_user(user).read([name])
                    with self.assertRaises(AccessError):
                        settings.with_user(user).search([(name, "!=", False)])
        told = settings.with_user(self.sales)._res_users_settings_format()
        self.assertFalse(set(TOKENS) & told.keys())
        with self.assertRaises(AccessError):
            settings.with_user(self.sales).set_res_users_settings({"outlook_contacts_rtoken": "mine"})

    def test_the_name_of_who_is_hidden_now_is_not_told(self):
        link = self._link().with_user(self.sales)
        self.assertEqual(link.contact_name, "Lovelace Ltd, Ada Lovelace")
        self.env["ir.rule"].create(
            {
                "name": "Not Ada",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', '!=', {self.person.id})]",
            }
        )
        self.env.invalidate_all()
        self.assertFalse(link.contact_name)
        self.assertNotIn("Ada", link.display_name)
        with self.assertRaises(AccessError):
            link.read(["partner_id"])

    def test_whom_a_link_is_of_is_read_by_administrators_alone(self):
        links = self.links.search([("user_id", "=", self.sales.id)])
        for user in (self.sales, self.manager, self.all_leads):
            with self.subTest(user.login):
                self.assertNotIn("partner_id", self.links.with_user(user).fields_get())
                with self.assertRaises(AccessError):
                    links.with_user(user).read(["partner_id"])
                with self.assertRaises(AccessError):
                    self.links.with_user(user).search([("partner_id", "=", self.person.id)])
                with self.assertRaises(AccessError):
                    self.links.with_user(user)._read_group([], ["partner_id"])
        self.assertIn("partner_id", self.links.with_user(self.env.ref("base.user_admin")).fields_get())

    def test_nobody_touches_the_outlook_of_another(self):
        for user in (self.manager, self.other, self.env.ref("base.user_admin")):
            sales = self.sales.with_user(user)
            for call in (sales.action_connect_outlook_contacts, sales.action_sync_outlook_contacts):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    call()
            self.assertFalse(sales.outlook_contacts_state)
            self.assertFalse(sales.outlook_contacts_count)

    def test_only_salespeople_connect_and_only_where_it_is_set_up(self):
        with self.assertRaisesRegex(UserError, "salespeople"):
            self.outsider.with_user(self.outsider).action_connect_outlook_contacts()
        self.env["ir.config_parameter"].set_param("microsoft_calendar_client_secret", False)
        other = self.other.with_user(self.other)
        self.assertEqual(other.outlook_contacts_state, "missing")
        with self.assertRaisesRegex(UserError, "administrator"):
            other.action_connect_outlook_contacts()
        with self.assertRaisesRegex(UserError, "not connected"):
            other.action_sync_outlook_contacts()

    def test_now_has_the_job_come_at_once_and_tells_what_it_did(self):
        sales = self.sales.with_user(self.sales)
        self.assertIn("2 added, 0 changed, 0 removed", sales.outlook_contacts_last)
        self._make_customer("Third")
        self._run_job()
        self.assertEqual(sales.outlook_contacts_count, 2, "it is not due")
        sales.action_sync_outlook_contacts()
        self._run_job()
        self.assertEqual(sales.outlook_contacts_count, 3)
        self.assertIn("1 added, 0 changed, 0 removed", sales.outlook_contacts_last)
