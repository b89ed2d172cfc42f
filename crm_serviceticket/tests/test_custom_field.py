import json

from lxml import etree

from odoo import Command
from odoo.tests import tagged

from .common import TicketCase


@tagged("post_install", "-at_install")
class TestCustomField(TicketCase):
    def setUp(self):
        super().setUp()
        # The registry forgets the columns of the test, which the database takes back.
        self.addCleanup(self.registry.reset_changes)

    def test_a_field_of_tickets_is_on_form_list_and_search_and_keeps_its_value(self):
        choices = [Command.create({"name": name}) for name in ("Batch A", "Batch B")]
        define = self.env["crm.custom.field"].with_user(self.manager).create
        batch = define({"name": "Batch", "model": "crm.ticket", "ttype": "many2one", "choice_ids": choices})
        damage = define({"name": "Damage", "model": "crm.ticket", "ttype": "monetary"})
        tickets = self.env["crm.ticket"].with_user(self.service)
        for view in ("form", "list", "search"):
            arch = etree.fromstring(tickets.get_view(view_type=view)["arch"])
            self.assertTrue(arch.findall(f".//field[@name='{batch.field_name}']"), view)
        ticket = self._make_ticket(**{batch.field_name: batch.list_id.choice_ids[0].id, damage.field_name: 12.5})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(ticket[batch.field_name].name, "Batch A")
        [values] = ticket.with_user(self.service).read([damage.field_name])
        self.assertEqual(json.dumps(values[damage.field_name]), "12.5")
