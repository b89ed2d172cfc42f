from odoo.tests import tagged

from .common import AddInCase

ROUTE = "/mail_plugin/ticket/create"


@tagged("post_install", "-at_install")
class TestLinks(AddInCase):
    def test_the_add_ins_links_open_the_ticket_in_odoo(self):
        ticket = self._make_ticket(name="Wheel of the link")
        links = (
            f"/web#action=helpdesk_mail_plugin.helpdesk_ticket_action_form_edit&id={ticket.id}"
            f"&model=helpdesk.ticket&view_type=form&cids={self.home.id}",
            f"/web#id={ticket.id}&model=helpdesk.ticket&view_type=form&cids={self.home.id}",
        )
        for link in links:
            with self.subTest(link):
                self.start_tour(link, "crm_mailplugin_ticket_link", login=self.service.login, timeout=180)

    def test_the_add_ins_links_open_the_project_in_odoo(self):
        lead = self._make_lead(name="Fleet of the link")
        link = (
            f"/web#action=crm_mail_plugin.crm_lead_action_form_edit&id={lead.id}&model=crm.lead&view_type=form"
            f"&cids={self.home.id}"
        )
        self.start_tour(link, "crm_mailplugin_project_link", login=self.sales.login, timeout=180)

    def test_tickets_are_left_to_helpdesk_where_it_is_installed(self):
        http = self.env["ir.http"]
        modules = sorted(self.env.registry._init_modules)

        def routes(installed):
            return [url for url, _endpoint in http._generate_routing_rules(installed, http._get_converters())]

        self.assertEqual(routes(modules).count(ROUTE), 1)
        self.assertEqual(routes([*modules, "helpdesk_mail_plugin"]).count(ROUTE), 0)
        plugin = self.env["crm.mail.plugin"]
        self.assertEqual(plugin._model_of("helpdesk.ticket"), "crm.ticket")
        self.assertTrue(plugin._shows_tickets())
        self.registry._init_modules.add("helpdesk_mail_plugin")
        self.addCleanup(self.registry._init_modules.discard, "helpdesk_mail_plugin")
        self.assertEqual(plugin._model_of("helpdesk.ticket"), "helpdesk.ticket")
        self.assertFalse(plugin._shows_tickets())
