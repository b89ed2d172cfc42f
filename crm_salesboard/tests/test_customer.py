from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestCustomer(SalesBoardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create({"name": "Ann", "parent_id": cls.partner.id})
        cls.accountant = cls._make_user("cast_accountant", "account.group_account_invoice")
        cls.clerk = cls._make_user("cast_clerk", "base.group_partner_manager")

    def _projects(self, partner, user=None):
        return partner.with_user(user or self.manager).crm_project_ids

    def test_open_projects_come_first_by_expected_closing_then_closed_ones_last_closed_first(self):
        later = self._make_lead(name="Later", date_deadline="2030-05-01")
        undated = self._make_lead(name="Undated")
        sooner = self._make_native_lead(name="Sooner, without a process", date_deadline="2030-04-01")
        lost = self._close(self._make_lead(name="Lost"), "lost", date_closed="2024-01-05 10:00:00")
        won = self._close(self._make_lead(name="Won"), "order", date_closed="2024-03-05 10:00:00")
        cancelled = self._close(self._make_lead(name="Cancelled"), "cancelled", date_closed="2024-02-05 10:00:00")
        expected = sooner + later + undated + won + cancelled + lost
        self.assertEqual(self._projects(self.partner).ids, expected.ids)

    def test_the_company_shows_its_contacts_projects_and_a_contact_shows_the_companys(self):
        own = self._make_lead()
        ann = self._make_lead(partner_id=self.contact.id)
        self._make_lead(partner_id=self.env["res.partner"].create({"name": "Somebody else"}).id)
        self.assertEqual(self._projects(self.partner), ann + own)
        self.assertEqual(self._projects(self.contact), ann + own)

    def test_odoos_own_button_counts_what_the_page_lists_in_one_query_for_all(self):
        company = self.env["res.partner"].create({"name": "Nobel", "is_company": True})
        self._make_lead()
        self._make_lead(partner_id=self.contact.id)
        self._close(self._make_lead(partner_id=company.id), "lost")
        partners = (self.partner | company).with_user(self.manager)
        self.assertEqual(partners.mapped("opportunity_count"), [2, 1])
        self.assertEqual([len(partner.crm_project_ids) for partner in partners], [2, 1])

    def test_the_page_reads_as_many_queries_for_fifty_customers_as_for_two(self):
        companies = self.env["res.partner"].create([{"name": f"C{n}", "is_company": True} for n in range(50)])
        for company in companies:
            self._make_lead(partner_id=company.id)
        self.env.flush_all()
        counts = []
        for partners in (companies[:2], companies[:2], companies):  # first of all with cold caches
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partners.with_user(self.manager).mapped("crm_project_ids")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_a_customer_with_thousands_of_projects_shows_the_first_80_and_leads_to_all(self):
        self.env["crm.lead"].create(
            [{"name": f"P{n}", "partner_id": self.partner.id, "user_id": self.sales.id} for n in range(85)]
        )
        partner = self.partner.with_user(self.manager)
        self.assertEqual(len(partner.crm_project_ids), 80)
        self.assertTrue(partner.crm_has_more_projects)
        action = self.contact.with_user(self.manager).action_view_crm_projects()
        leads = self.env["crm.lead"].with_user(self.manager).with_context(active_test=False)
        self.assertEqual(leads.search_count(action["domain"]), 85)

    def test_status_value_and_date_are_changed_on_the_customers_form(self):
        lead = self._make_lead()
        with Form(self.partner.with_user(self.sales)) as form, form.crm_project_ids.edit(0) as line:
            line.board_column_id = self._column("status", self.offer)
            line.expected_revenue = 2500
            line.date_deadline = "2030-06-01"
        self.assertEqual((lead.stage_id, lead.expected_revenue), (self.offer, 2500))
        self.assertEqual(str(lead.board_date), "2030-06-01")
        self.assertEqual(lead.move_ids[:1].user_id, self.sales)

    def test_after_a_change_of_date_the_projects_are_in_order_again(self):
        first = self._make_lead(date_deadline="2030-01-01")
        second = self._make_lead(date_deadline="2030-02-01")
        partner = self.partner.with_user(self.sales)
        self.assertEqual(partner.crm_project_ids.ids, (first + second).ids)
        partner.write({"crm_project_ids": [(1, first.id, {"date_deadline": "2030-03-01"})]})
        self.assertEqual(partner.crm_project_ids.ids, (second + first).ids)

    def test_nobody_changes_through_the_customer_what_they_may_not_change_themselves(self):
        theirs = self._make_lead(user_id=self.other.id)
        partner = self.partner.with_user(self.sales)
        self.assertFalse(partner.crm_project_ids)
        with self.assertRaises(AccessError):
            partner.write({"crm_project_ids": [(1, theirs.id, {"expected_revenue": 1})]})

    def test_new_project_has_the_customer_filled_in(self):
        action = self.contact.with_user(self.sales).action_new_crm_project()
        lead = self.env["crm.lead"].with_user(self.sales).with_context(**action["context"]).create({"name": "New"})
        self.assertEqual((lead.partner_id, lead.type), (self.contact, "opportunity"))

    def test_the_form_opens_for_everybody_and_shows_projects_to_sales_and_accounting_only(self):
        self._make_lead()
        for user, shown in (
            (self.sales, True),
            (self.manager, True),
            (self.accountant, True),
            (self.clerk, False),
            (self.outsider, False),
        ):
            with self.subTest(user.login):
                partner = self.partner.with_user(user)
                views = partner.get_views([(False, "form")])
                self.assertEqual('name="crm_project_ids"' in views["views"]["form"]["arch"], shown)
                Form(partner)
                if not shown:
                    with self.assertRaises(AccessError):
                        partner.read(["crm_project_ids"])
