from odoo.tests import tagged

from .test_customer_screen import CustomerScreen


class CustomerPageScreen(CustomerScreen):
    """The customer of the tours, with a contact person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.env["res.partner"].create({"name": "Ann", "parent_id": cls.customer.id})


@tagged("post_install", "-at_install")
class TestCustomerPageScreen(CustomerPageScreen):
    def test_the_page_leads_to_everything_and_back_and_adds_what_is_missing(self):
        form = f"/odoo/res.partner/{self.customer.id}"
        self.start_tour(form, "crm_customer_page", login="board_manager", timeout=120)
        self.assertEqual(self.customer.commercial_note_ids.summary, "Wants it in May")
        self.assertEqual(self.manager.res_users_settings_id.customer_page_folded, "history")
        # its address alone brings it back, as it was left
        address = f"/odoo/customer/{self.customer.id}"
        self.start_tour(address, "crm_customer_page_reloaded", login="board_manager")

    def test_a_card_of_the_board_leads_to_the_customer_and_back(self):
        self.start_tour("/odoo/sales-board", "crm_customer_page_from_board", login="board_manager")

    def test_accounting_reads_the_page_and_changes_nothing_on_it(self):
        self._make_user("board_accountant", "Abe Counts", "account.group_account_invoice")
        self.env["crm.customer.block"].create({"partner_id": self.customer.id, "reason": "Does not pay"})
        address = f"/odoo/customer/{self.customer.id}"
        self.start_tour(address, "crm_customer_page_accountant", login="board_accountant")


@tagged("post_install", "-at_install")
class TestCustomerPagePhone(CustomerPageScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_the_page_is_one_column_on_a_phone(self):
        address = f"/odoo/customer/{self.customer.id}"
        self.start_tour(address, "crm_customer_page_phone", login="board_manager")
