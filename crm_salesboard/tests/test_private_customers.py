"""Private customers: who sees whom with the switch on, and that Odoo goes on working."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import SalesBoardCase

EVERYBODY, MANAGERS = "everybody", "managers"


class PrivateCustomersCase(SalesBoardCase):
    """Customers of ``sales``, of ``other`` and of nobody, each a company with people below and above it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._make_user("cast_accountant", "account.group_account_invoice")
        cls.auditor = cls._make_user("cast_auditor", "account.group_account_readonly")
        cls.admin = cls._make_user("cast_admin", "base.group_system")
        cls.linked = cls._make_user("cast_linked", "sales_team.group_sale_salesman")
        cls.env.ref("base.group_partner_manager").user_ids |= cls.sales | cls.other | cls.all_leads | cls.linked
        cls.restricted = cls.sales | cls.other | cls.all_leads | cls.linked | cls.outsider
        cls.exempt = cls.manager | cls.accountant | cls.auditor | cls.admin
        cls.mine = cls._make_customer("Mine", user_id=cls.sales.id)
        cls.my_person = cls._make_customer("My person", parent_id=cls.mine.id, is_company=False)
        cls.theirs = cls._make_customer("Theirs", user_id=cls.other.id)
        cls.their_person = cls._make_customer("Their person", parent_id=cls.theirs.id, is_company=False)
        cls.nobodys = cls._make_customer("Nobodys")
        cls.nobodys_person = cls._make_customer("Nobodys person", parent_id=cls.nobodys.id, is_company=False)
        # People take over the owner of their company when they are made. Here they go by the company's.
        (cls.my_person | cls.their_person).user_id = False
        cls.everyone = cls.mine | cls.my_person | cls.theirs | cls.their_person | cls.nobodys | cls.nobodys_person
        cls._switch(True)

    @classmethod
    def _make_customer(cls, name, **values):
        return cls.env["res.partner"].create({"name": name, "is_company": True, **values})

    @classmethod
    def _switch(cls, private_customers, unowned_customers=MANAGERS):
        cls.env["crm.private.customers"]._switch(private_customers, unowned_customers)

    def _found(self, user, partners):
        """Those of some partners that the user sees; asked in every way there is."""
        self.env.flush_all()
        self.env.invalidate_all()
        theirs = partners.with_user(user).with_context(active_test=False)
        searched = theirs.search([("id", "in", partners.ids)])
        self.env.invalidate_all()
        self.assertEqual(theirs._filtered_access("read"), searched & theirs, user.login)
        self.assertEqual(theirs.search_count([("id", "in", partners.ids)]), len(searched))
        by_name = theirs.name_search("", [("id", "in", partners.ids)], limit=None)
        self.assertEqual({partner_id for partner_id, _name in by_name}, set(searched.ids))
        groups = theirs._read_group([("id", "in", partners.ids)], [], ["__count"])
        self.assertEqual(groups[0][0], len(searched))
        hidden = theirs.sudo() - searched.sudo()
        for partner in hidden.with_user(user):
            self._refused(lambda partner=partner: partner.read(["name"]))
            self._refused(lambda partner=partner: partner.write({"comment": "x"}))
            self.assertFalse(partner.sudo(False).search([("name", "=", partner.sudo().name), ("id", "=", partner.id)]))
        if searched:
            searched.read(["name", "email", "child_ids", "parent_id", "is_private"])
        return searched.sudo().with_user(self.env.user)

    def _assert_sees(self, user, partners, among=None):
        found = self._found(user, self.everyone if among is None else among)
        self.assertEqual(sorted(found.mapped("name")), sorted(partners.mapped("name")), user.login)

    def _refused(self, call):
        loggers = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model.access")
        with self.assertRaises(AccessError), self.cr.savepoint(), mute_logger(*loggers):
            call()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestPrivateCustomers(PrivateCustomersCase):
    # ------------------------------------------------------------
    # Who sees whom
    # ------------------------------------------------------------

    def test_a_salesperson_sees_the_own_customers_with_their_people(self):
        self._assert_sees(self.sales, self.mine | self.my_person)
        self._assert_sees(self.other, self.theirs | self.their_person)
        for user in self.linked | self.all_leads | self.outsider:
            self._assert_sees(user, self.everyone.browse())

    def test_managers_accountants_and_administrators_see_all(self):
        for user in self.exempt:
            self._assert_sees(user, self.everyone)

    def test_customers_of_nobody_are_for_everybody_where_so_chosen(self):
        self._switch(True, EVERYBODY)
        open_to_all = self.nobodys | self.nobodys_person
        self._assert_sees(self.sales, self.mine | self.my_person | open_to_all)
        for user in self.linked | self.all_leads | self.outsider:
            self._assert_sees(user, open_to_all)

    def test_a_person_of_nobody_belongs_to_the_owner_of_the_company_at_any_height(self):
        self._switch(True, EVERYBODY)
        site = self._make_customer("Site", parent_id=self.theirs.id)
        desk = self._make_customer("Desk", parent_id=site.id, is_company=False, user_id=False)
        person = self._make_customer("Deep", parent_id=desk.id, is_company=False, user_id=False)
        chain = self.theirs | site | desk | person
        (site | desk | person).user_id = False
        self._assert_sees(self.sales, self.everyone.browse(), chain)
        self._assert_sees(self.other, chain, chain)
        self.theirs.user_id = False
        self._assert_sees(self.sales, chain, chain)
        person.user_id = self.sales
        self._switch(True)
        self._assert_sees(self.sales, chain, chain)
        self._assert_sees(self.other, self.everyone.browse(), chain)

    def test_an_own_person_opens_the_company_and_not_the_people_of_colleagues(self):
        colleague = self._make_customer("His", parent_id=self.theirs.id, is_company=False, user_id=self.other.id)
        own = self._make_customer("Own", parent_id=self.theirs.id, is_company=False, user_id=self.sales.id)
        among = self.theirs | colleague | own | self.their_person
        self._assert_sees(self.sales, self.theirs | own, among)
        self._assert_sees(self.other, among, among)
        self.env.invalidate_all()
        self.assertEqual(self.theirs.with_user(self.sales).child_ids, own.with_user(self.sales))

    def test_people_below_an_own_customer_are_seen_whoever_owns_them(self):
        person = self._make_customer("Shared", parent_id=self.mine.id, is_company=False, user_id=self.other.id)
        self._assert_sees(self.sales, self.mine | person, self.mine | person)
        self._assert_sees(self.other, self.mine | person, self.mine | person)

    def test_with_the_switch_off_everybody_sees_everybody_at_once(self):
        self._switch(False)
        for user in self.restricted | self.exempt:
            self._assert_sees(user, self.everyone)
        self._switch(True)
        self._assert_sees(self.sales, self.mine | self.my_person)

    def test_colleagues_and_own_companies_are_always_seen(self):
        former = self._make_user("cast_former", "base.group_user")
        former.active = False
        address = self._make_customer("Our warehouse", parent_id=self.env.company.partner_id.id, type="delivery")
        among = (
            (self.restricted | self.exempt | former).partner_id
            | self.env["res.company"].search([]).partner_id
            | self.env.ref("base.partner_root")
            | address
        )
        for user in self.restricted:
            self._assert_sees(user, among, among)

    def test_a_project_opens_its_customer(self):
        lead = self._make_lead(partner_id=self.their_person.id, user_id=self.sales.id)
        contact = self._make_customer("Adviser", user_id=self.other.id)
        self.env["crm.lead.contact"].create({"lead_id": lead.id, "partner_id": contact.id})
        among = self.theirs | self.their_person | contact
        self._assert_sees(self.sales, among, among)
        self._assert_sees(self.linked, self.everyone.browse(), among)
        lead.linked_user_ids = [Command.create({"user_id": self.linked.id})]
        self._assert_sees(self.linked, among, among)
        self._close(lead, "lost")
        self._assert_sees(self.sales, among, among)
        lead.user_id = self.other
        lead.linked_user_ids.unlink()
        self._assert_sees(self.sales, self.everyone.browse(), among)

    def test_own_orders_and_invoices_open_their_customer(self):
        ship_to, product = self._make_customer("Ship to", user_id=self.other.id), self.env["product.product"]
        product = product.create({"name": "Pump", "list_price": 10})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.theirs.id,
                "partner_shipping_id": ship_to.id,
                "user_id": self.sales.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        among = self.theirs | self.their_person | ship_to
        self._assert_sees(self.sales, among, among)
        order.user_id = self.other
        self._assert_sees(self.sales, self.everyone.browse(), self.theirs | ship_to)
        self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.theirs.id, "invoice_user_id": self.sales.id}
        )
        self._assert_sees(self.sales, self.theirs, self.theirs | ship_to)

    def test_own_meetings_open_who_attends_them(self):
        event = self._make_event(self.theirs | self.sales.partner_id)
        self._assert_sees(self.sales, self.theirs, self.theirs | self.their_person)
        self._assert_sees(self.linked, self.everyone.browse(), self.theirs)
        event.partner_ids -= self.sales.partner_id
        event.user_id = self.sales
        self._assert_sees(self.sales, self.theirs, self.theirs)

    def _make_event(self, partners, **values):
        start = fields.Datetime.now() + timedelta(days=1)
        return self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": start,
                "stop": start + timedelta(hours=1),
                "user_id": self.manager.id,
                "partner_ids": partners.ids,
                **values,
            }
        )

    def test_archived_customers_are_no_exception(self):
        (self.mine | self.theirs).active = False
        self._assert_sees(self.sales, self.mine | self.my_person)

    def test_whoever_gets_the_right_sees_all(self):
        self.outsider.group_ids += self.env.ref("crm_salesboard.group_all_customers")
        self._assert_sees(self.outsider, self.everyone)

    def test_portal_and_public_are_as_before(self):
        person = self.env["res.users"].create(
            {
                "name": "cast_portal",
                "login": "cast_portal",
                "partner_id": self.their_person.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        self._assert_sees(person, self.theirs | self.their_person)
        self._assert_sees(self.sales, self.mine | self.my_person)
        self.assertFalse(self.env["res.users"].with_user(self.sales).search([("id", "=", person.id)]))
        public = self.env.ref("base.public_user")
        self.assertEqual(self._found(public, self.everyone | public.partner_id), public.partner_id)

    # ------------------------------------------------------------
    # Projects
    # ------------------------------------------------------------

    def _visible_leads(self, user, leads):
        self.env.flush_all()
        self.env.invalidate_all()
        mine = leads.with_user(user)
        found = mine.search([("id", "in", leads.ids)])
        self.env.invalidate_all()
        self.assertEqual(mine._filtered_access("read"), found & mine)
        for lead in found:
            if lead.partner_id:
                lead.partner_id.read(["name"])
        return found.with_user(self.env.user)

    def test_projects_are_seen_by_those_who_work_on_them(self):
        mine, his = self._make_lead(partner_id=self.mine.id), self._make_lead(user_id=self.other.id)
        nobodys = self._make_lead(user_id=False, partner_id=self.mine.id)
        leads = mine | his | nobodys
        self.assertEqual(self._visible_leads(self.sales, leads), mine)
        self.assertEqual(self._visible_leads(self.all_leads, leads), leads.browse())
        self.assertEqual(self._visible_leads(self.manager, leads), leads)
        his.linked_user_ids = [Command.create({"user_id": self.all_leads.id})]
        self.assertEqual(self._visible_leads(self.all_leads, leads), his)
        self._switch(False)
        self.assertEqual(self._visible_leads(self.all_leads, leads), leads)
        self.assertEqual(self._visible_leads(self.sales, leads), mine | nobodys)

    def test_projects_of_nobody_follow_the_choice_and_their_customer(self):
        self._switch(True, EVERYBODY)
        none = self._make_lead(user_id=False, partner_id=False)
        nobodys = self._make_lead(user_id=False, partner_id=self.nobodys_person.id)
        of_mine = self._make_lead(user_id=False, partner_id=self.mine.id)
        of_theirs = self._make_lead(user_id=False, partner_id=self.their_person.id)
        leads = none | nobodys | of_mine | of_theirs
        self.assertEqual(self._visible_leads(self.sales, leads), none | nobodys | of_mine)
        self.assertEqual(self._visible_leads(self.other, leads), none | nobodys | of_theirs)
        self.assertEqual(self._visible_leads(self.all_leads, leads), none | nobodys)

    def test_nobody_without_the_right_switches(self):
        for user in self.sales | self.all_leads | self.accountant:
            switch = self.env["crm.private.customers"].with_user(user)
            self._refused(lambda switch=switch: switch._switch(False, EVERYBODY))
            self._refused(lambda switch=switch: switch.create({}))
        for user in self.manager | self.admin:
            switch = self.env["crm.private.customers"].with_user(user)
            switch._switch(False, EVERYBODY)
            self.assertFalse(switch._is_on())
            switch._switch(True, MANAGERS)
            self.assertTrue(switch._is_on())

    def test_the_dialog_and_the_settings_show_and_change_the_same(self):
        dialog = Form(self.env["crm.private.customers"].with_user(self.manager))
        self.assertTrue(dialog.private_customers)
        self.assertEqual(dialog.unowned_customers, MANAGERS)
        dialog.unowned_customers = EVERYBODY
        dialog.save().action_apply()
        self._assert_sees(self.sales, self.mine | self.my_person | self.nobodys | self.nobodys_person)
        settings = self.env["res.config.settings"].with_user(self.admin).create({})
        self.assertTrue(settings.private_customers)
        self.assertEqual(settings.unowned_customers, EVERYBODY)
        settings.private_customers = False
        settings.execute()
        self._assert_sees(self.sales, self.everyone)
        self.assertFalse(Form(self.env["crm.private.customers"].with_user(self.manager)).private_customers)
