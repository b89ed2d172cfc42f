from datetime import datetime

from freezegun import freeze_time
from lxml import etree

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import TicketCase


@tagged("post_install", "-at_install")
class TestViews(TicketCase):
    def _filtered(self, name, user=None):
        """The tickets of the service team that a filter of the search finds."""
        tickets = self._as(user or self.service, self.env["crm.ticket"])
        arch = etree.fromstring(tickets.get_view(view_type="search")["arch"])
        [node] = arch.findall(f".//filter[@name='{name}']")
        domain = safe_eval(node.get("domain"), {"uid": tickets.env.uid})
        return tickets.search([("team_id", "=", self.service_team.id), *domain])

    def test_filters_by_responsible(self):
        mine, nobodys = self._make_ticket(user_id=self.service.id), self._make_ticket()
        self._make_ticket(user_id=self.ticket_manager.id)
        self.assertEqual(self._filtered("mine"), mine)
        self.assertEqual(self._filtered("unassigned"), nobodys)

    @freeze_time("2026-03-11 12:00:00")
    def test_filters_by_deadline_count_the_days_of_the_user(self):
        self.service.tz = "Europe/Brussels"
        days = {
            "last_week": datetime(2026, 3, 7, 12),
            "passed": datetime(2026, 3, 11, 9),
            "today": datetime(2026, 3, 11, 22, 30),  # half past eleven there
            "tomorrow": datetime(2026, 3, 11, 23, 30),
            "next_week": datetime(2026, 3, 16, 12),
        }
        tickets = {name: self._make_ticket(name=name, date_deadline=day) for name, day in days.items()}
        closed = self._close_ticket(self._make_ticket(date_deadline=days["passed"]))
        self.assertEqual(set(self._filtered("overdue")), {tickets["last_week"], tickets["passed"]})
        self.assertEqual(set(self._filtered("due_today")), {tickets["passed"], tickets["today"]})
        self.assertEqual(set(self._filtered("due_week")), {tickets[name] for name in ("passed", "today", "tomorrow")})
        self.assertEqual(self._filtered("closed"), closed)
        self.assertNotIn(closed, self._filtered("open"))

    def test_a_customer_is_found_with_its_persons_and_a_stranger_by_address(self):
        of_anna = self._make_ticket(partner_id=self.anna.id)
        unknown = self._make_ticket(partner_id=False, contact_id=False, email_from="Joke <joke@else.example>")
        tickets = self._as(self.service, self.env["crm.ticket"])
        arch = etree.fromstring(tickets.get_view(view_type="search")["arch"])
        domain = arch.find(".//field[@name='partner_id']").get("filter_domain")
        self.assertIn(of_anna, tickets.search(safe_eval(domain, {"self": "Bakker BV"})))
        self.assertIn(unknown, tickets.search(safe_eval(domain, {"self": "joke@else"})))

    def test_everybody_who_may_works_with_the_form(self):
        for user in (self.sales, self.service, self.ticket_manager, self.manager):
            tickets = self._as(user, self.env["crm.ticket"])
            with Form(tickets) as form:
                form.name = f"By {user.login}"
                form.partner_id = self.customer
                form.user_id = user
            self.assertTrue(form.record.number.startswith("T"), user.login)
        self._as(self.accountant, form.record).get_views([(False, "form"), (False, "list"), (False, "kanban")])

    def test_a_new_card_lands_in_its_column(self):
        view = "crm_serviceticket.crm_ticket_view_form_quick_create"
        tickets = self._as(self.service, self.env["crm.ticket"]).with_context(default_status_id=self.work.id)
        form = Form(tickets, view)
        form.name = "Rattles"
        form.partner_id = self.customer
        self.assertEqual(form.save().status_id, self.work)

    def test_documents_are_counted_without_their_old_versions(self):
        ticket = self._make_ticket()
        old, new = self.env["ir.attachment"].create(
            [{"name": name, "raw": b"x", "res_model": "crm.ticket", "res_id": ticket.id} for name in ("Old", "New")]
        )
        self.assertEqual(self._as(self.service, ticket).document_count, 2)
        old.action_replace_by(new.id)
        self.assertEqual(self._as(self.service, ticket).document_count, 1)
        self.assertEqual(ticket._get_mail_thread_data_attachments(), new)
