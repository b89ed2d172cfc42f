from odoo import Command
from odoo.tests import tagged
from odoo.tools.sql import table_exists

from ..hooks import uninstall_hook
from .common import TicketCase


@tagged("post_install", "-at_install")
class TestUninstall(TicketCase):
    """What becomes of what was made for tickets when the addon is about to go."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.registry.reset_changes)

    def test_fields_of_tickets_go_with_their_tables_and_fields_of_projects_stay(self):
        choices = [Command.create({"name": name}) for name in ("Batch A", "Batch B")]
        values = {"ttype": "many2many", "choice_ids": choices}
        of_tickets, of_projects = self.env["crm.custom.field"].create(
            [{"name": f"Batches of {model}", "model": model, **values} for model in ("crm.ticket", "crm.lead")]
        )
        ticket = self._make_ticket(**{of_tickets.field_name: [Command.set(of_tickets.list_id.choice_ids.ids)]})
        table = ticket._fields[of_tickets.field_name].relation
        self.env.flush_all()
        uninstall_hook(self.env)
        self.assertFalse(of_tickets.exists())
        self.assertFalse(table_exists(self.cr, table))
        self.assertIn(of_projects.field_name, self.env["crm.lead"]._fields)

    def test_a_companys_own_sequence_of_numbers_goes(self):
        sequence = self.env["ir.sequence"].create(
            {"name": "Ours", "code": "crm.ticket", "company_id": self.home.id, "active": False}
        )
        other = self.env["ir.sequence"].create({"name": "Other", "code": "crm.other"})
        uninstall_hook(self.env)
        self.assertEqual((sequence | other).exists(), other)

    def test_an_appointment_about_a_ticket_stays_in_the_calendar(self):
        event = self.env["calendar.event"].create(
            {
                "name": "Look at it",
                "start": "2030-01-01 10:00:00",
                "stop": "2030-01-01 11:00:00",
                "res_model_id": self.env["ir.model"]._get_id("crm.ticket"),
                "res_id": self._make_ticket().id,
            }
        )
        uninstall_hook(self.env)
        self.assertFalse(event.res_model_id or event.res_model or event.res_id)

    def test_measures_can_be_deleted_though_tickets_have_them(self):
        ticket = self._make_ticket(measure_id=self.exchange.id)
        uninstall_hook(self.env)
        self.assertFalse(ticket.measure_id)
        self.assertTrue(self.exchange.get_external_id()[self.exchange.id])

    def test_statuses_that_tickets_have_go_with_their_table_and_not_before(self):
        status = self.env.ref("crm_serviceticket.crm_ticket_status_new")
        uninstall_hook(self.env)
        self.assertTrue(status.exists())
        self.assertFalse(status.get_external_id()[status.id], "Odoo deletes what has an external id")
