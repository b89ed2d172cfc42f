"""Everything clicked by a salesperson whose colleagues keep their customers private: no page, no button breaks."""

from odoo.tests import HttpCase, tagged

CLICKBOT = "odoo.loader.modules.get('@web/webclient/clickbot/clickbot_loader').startClickEverywhere"
APPS = ("mail.menu_root_discuss", "calendar.mail_menu_calendar", "contacts.menu_contacts", "crm.crm_menu_root")


class PrivateSalesperson(HttpCase):
    """The customers and projects at hand are shared out among the salesperson, a colleague, and nobody."""

    allow_end_on_form = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._make_user("private_sales")
        cls.colleague = cls._make_user("private_colleague")
        owners = (cls.user, cls.colleague, cls.env["res.users"])
        customers = cls.env["res.partner"].search([("partner_share", "=", True)])
        for number, partner in enumerate(customers):
            partner.user_id = owners[number % 3]
        for number, lead in enumerate(cls.env["crm.lead"].search([])):
            lead.user_id = owners[number % 3]
        for number, order in enumerate(cls.env["sale.order"].search([])):
            order.user_id = owners[number % 3]
        cls.hidden = customers.filtered(lambda partner: partner.user_id == cls.colleague)

    @classmethod
    def _make_user(cls, login):
        groups = ("base.group_user", "sales_team.group_sale_salesman", "base.group_partner_manager")
        user = cls.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "password": login,
                "email": f"{login}@example.com",
                "tz": "UTC",
                "group_ids": [(6, 0, [cls.env.ref(group).id for group in groups])],
            }
        )
        if "tour_enabled" in user._fields:
            user.tour_enabled = False
        return user

    def _click(self, app, light, choice):
        self.env["crm.private.customers"]._switch(True, choice)
        self.browser_js(
            "/odoo",
            f"{CLICKBOT}('{app}', {'true' if light else 'false'});",
            "odoo.isReady === true",
            login=self.user.login,
            timeout=60 if light else 1200,
            success_signal="clickbot test succeeded",
        )


@tagged("post_install", "-at_install")
class TestPrivateClickLight(PrivateSalesperson):
    def test_every_menu_of_the_apps_with_customers_opens(self):
        partners = self.env["res.partner"].with_user(self.user)
        self.env["crm.private.customers"]._switch(True, "everybody")
        seen = partners.search([("id", "in", self.hidden.ids)])
        self.assertLess(len(seen), len(self.hidden) or 1, "Some are hidden, or there is nothing to try")
        for app in APPS:
            if self.env.ref(app, raise_if_not_found=False):
                with self.subTest(app):
                    self._click(app, True, "everybody")


@tagged("click_all", "post_install", "-at_install", "-standard")
class TestPrivateClickEverywhere(PrivateSalesperson):
    def _click_all(self, choice):
        menus = self.env["ir.ui.menu"].with_user(self.user).load_menus(False)
        for app_id in menus["root"]["children"]:
            with self.subTest(menus[app_id]["name"]):
                self._click(menus[app_id]["xmlid"], False, choice)

    def test_everything_is_clicked_while_customers_of_nobody_are_for_everybody(self):
        self._click_all("everybody")

    def test_everything_is_clicked_while_customers_of_nobody_are_for_managers(self):
        self._click_all("managers")
