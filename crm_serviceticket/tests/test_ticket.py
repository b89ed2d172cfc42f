from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .common import TicketCase


@tagged("post_install", "-at_install")
class TestTicket(TicketCase):
    def test_a_complaint_has_all_that_it_is_about(self):
        order, invoice = self._make_order(), self._make_invoice()
        values = {"sale_order_id": order.id, "invoice_id": invoice.id, "product_id": order.order_line.product_id.id}
        ticket = self._as(self.service, self.env["crm.ticket"]).create(
            {"name": "Broken", "partner_id": self.customer.id, "contact_id": self.anna.id, **values}
        )
        self.assertRegex(ticket.number, r"^T\d{4}-\d{5}$")
        self.assertEqual(ticket.display_name, f"{ticket.number} Broken")
        self.assertEqual(ticket.commercial_partner_id, self.customer)
        self.assertEqual(ticket.status_id, self.new)
        self.assertEqual(ticket.team_id, self.service_team)
        self.assertTrue(ticket.date_deadline)
        self.assertFalse(ticket.user_id)

    def test_the_form_takes_the_customer_of_the_person(self):
        with Form(self.env["crm.ticket"]) as form:
            form.name = "Broken"
            form.contact_id = self.anna
            self.assertEqual(form.partner_id, self.customer)
            form.partner_id = self.stranger
            self.assertFalse(form.contact_id)

    def test_a_new_ticket_is_its_team_leader_s(self):
        self.service_team.user_id = self.service
        ticket = self.env["crm.ticket"].with_context(tracking_disable=False).create({"name": "Broken"})
        self.assertEqual(ticket.user_id, self.service)
        self.assertIn(self.service.partner_id, ticket.message_partner_ids)
        self.assertFalse(self._make_ticket(user_id=False).user_id, "Nobody's, where somebody says so")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        theirs = self.env["crm.ticket"].create({"name": "Broken", "company_id": elsewhere.id})
        self.assertFalse(theirs.user_id, "Nor of a company that they do not work for")

    def test_whom_a_ticket_is_given_to_is_told(self):
        ticket = self._make_ticket().with_context(tracking_disable=False)
        ticket.user_id = self.service
        domain = [("model", "=", "crm.ticket"), ("res_id", "=", ticket.id), ("message_type", "=", "user_notification")]
        told = self.env["mail.message"].search(domain)
        self.assertIn(ticket.number, told.subject)
        self.assertEqual(told.notified_partner_ids, self.service.partner_id)
        self.assertIn(self.service.partner_id, ticket.message_partner_ids)

    def test_a_user_s_own_team_comes_first(self):
        second = self.env["crm.team"].create({"name": "Returns", "uses_tickets": True, "sequence": 99})
        second.member_ids = self.service
        ticket = self._as(self.service, self.env["crm.ticket"]).create({"name": "Broken"})
        self.assertEqual(ticket.team_id, second)

    def test_a_copy_begins_anew(self):
        ticket = self._close_ticket(self._make_ticket())
        copy = ticket.copy()
        self.assertNotEqual(copy.number, ticket.number)
        self.assertEqual(copy.status_id, self.new)
        self.assertFalse(copy.result or copy.closed_on or copy.is_deadline_manual)

    def test_it_is_found_by_its_number(self):
        ticket = self._make_ticket()
        self.assertEqual(self.env["crm.ticket"].name_search(ticket.number)[0][0], ticket.id)

    def test_it_outlives_its_project(self):
        lead = self._make_lead(partner_id=self.customer.id)
        ticket = self._make_ticket(lead_id=lead.id)
        lead.unlink()
        self.assertTrue(ticket.exists())

    def test_only_a_manager_deletes_tickets(self):
        ticket = self._make_ticket()
        with self.assertRaises(AccessError):
            self._as(self.service, ticket).unlink()
        self._as(self.ticket_manager, ticket).unlink()

    def test_what_the_system_sets_is_set_by_nobody(self):
        ticket = self._make_ticket()
        day = "2020-01-01"
        tickets = self.env["crm.ticket"]
        for values in (
            {"number": "T1"},
            {"closed_on": day},
            {"reopened_count": 3},
            {"receipt_on": day},
            {"deadline_from": day},
            {"deadline_from": "2099-01-01"},
            {"is_closed": True},
            {"commercial_partner_id": self.stranger.id},
            {"is_deadline_manual": True},
        ):
            with self.subTest(values=values):
                with self.assertRaises(UserError):
                    self._as(self.ticket_manager, ticket).write(values)
                with self.assertRaises(UserError):
                    self._as(self.service, tickets).create({"name": "Broken", **values})
                (name, value), *_none = values.items()
                made = self._as(self.service, tickets).with_context({f"default_{name}": value})
                self.assertNotEqual(made.create({"name": "Broken"})[name], made.new(values)[name])
        taken_over = {"name": "Of the old system", "number": "OLD-1", "deadline_from": day}
        self.assertEqual(self._as(self.ticket_manager, tickets).create(taken_over).number, "OLD-1")

    def test_nor_is_it_emptied(self):
        ticket = self._make_ticket(date_deadline="2099-06-01 12:00:00")
        self._close_ticket(ticket)
        ticket.status_id = self.work
        self._close_ticket(ticket)
        ticket.receipt_on = "2026-05-01"
        theirs = self._as(self.ticket_manager, ticket)
        names = ("number", "closed_on", "reopened_count", "receipt_on", "deadline_from", "is_closed")
        names += ("commercial_partner_id", "is_deadline_manual")
        for name in names:
            for empty in (False, "") if name == "number" else (False,):
                with self.subTest(name=name), self.assertRaises(UserError):
                    theirs.write({name: empty})
        same = {name: ticket._fields[name].convert_to_write(ticket[name], ticket) for name in names}
        theirs.write({**same, "status_id": self.work.id})
        self.assertFalse(ticket.is_closed, "What a form or an import says again stands in the way of nothing")
        made = self._as(self.service, self.env["crm.ticket"]).create(
            {
                "name": "Broken",
                "number": "",
                "reopened_count": 0,
                "is_closed": False,
                "deadline_from": fields.Datetime.now(),
            }
        )
        self.assertTrue(made.number and made.number != "/")

    def test_an_appointment_is_on_it(self):
        ticket = self._as(self.service, self._make_ticket())
        action = ticket.action_schedule_meeting()
        event = self.env["calendar.event"].with_user(self.service).with_context(**action["context"])
        event = event.create({"start": "2026-05-04 10:00:00", "stop": "2026-05-04 11:00:00"})
        self.assertEqual((event.res_model, event.res_id), ("crm.ticket", ticket.id))
        self.assertEqual(event.name, ticket.display_name)
        self.assertIn(self.anna, event.partner_ids)
        ticket.invalidate_recordset()
        self.assertEqual(ticket.meeting_count, 1)
        self.assertEqual(self._make_ticket().meeting_count, 0)
        self.assertEqual(ticket.activity_ids.calendar_event_id, event)

    def test_an_appointment_is_hidden_with_the_project(self):
        lead = self._make_lead(partner_id=self.customer.id, is_restricted=True)
        ticket = self._make_ticket(lead_id=lead.id, user_id=self.sales.id)
        context = self._as(self.sales, ticket).action_schedule_meeting()["context"]
        event = self.env["calendar.event"].with_user(self.sales).with_context(**context)
        event = event.create({"start": "2026-05-04 10:00:00", "stop": "2026-05-04 11:00:00"})
        self.assertEqual(event.opportunity_id, lead)
        self.assertNotIn(ticket.number, self._as(self.other, event).display_name)

    def test_appointments_follow_it_to_another_project(self):
        lead, elsewhere = (self._make_lead(partner_id=self.customer.id) for _number in range(2))
        restricted = self._make_lead(partner_id=self.customer.id, is_restricted=True)
        tickets = self._make_ticket() | self._make_ticket(lead_id=lead.id)
        times = {"name": "Visit", "start": "2026-05-04 10:00:00", "stop": "2026-05-04 11:00:00", "partner_ids": []}
        times["res_model_id"] = self.env["ir.model"]._get_id("crm.ticket")
        first, second, put_elsewhere = self.env["calendar.event"].create(
            [
                {**times, "res_id": tickets[0].id},
                {**times, "res_id": tickets[1].id},
                {**times, "res_id": tickets[1].id, "opportunity_id": elsewhere.id},
            ]
        )
        self.assertEqual((first.opportunity_id, second.opportunity_id), (lead.browse(), lead))
        tickets.lead_id = restricted
        for event in (first, second):
            self.assertEqual(event.sudo().opportunity_id, restricted)
            self.assertFalse(self._as(self.other, event).search([("id", "=", event.id)]))
        self.assertEqual(put_elsewhere.opportunity_id, elsewhere)
        tickets.lead_id = False
        self.assertFalse((first | second).opportunity_id)

    def test_activities_are_on_it(self):
        ticket = self._as(self.service, self._make_ticket())
        ticket.activity_schedule("mail.mail_activity_data_call", user_id=self.service.id)
        self.assertEqual(ticket.activity_state, "today")

    def test_the_contact_is_a_person_of_the_customer(self):
        ticket = self._make_ticket()
        with self.assertRaisesRegex(ValidationError, "Contact"), self.cr.savepoint():
            ticket.contact_id = self.stranger
        with self.assertRaisesRegex(ValidationError, "Contact"), self.cr.savepoint():
            self._make_ticket(contact_id=self.stranger.id)
        ticket.partner_id = self.anna
        self.assertEqual(ticket.contact_id, self.anna, "The same company")
        ticket.partner_id = self.stranger
        self.assertFalse(ticket.contact_id, "Nobody at the customer of before gets the answers")
        ticket.write({"partner_id": self.customer.id, "contact_id": self.bart.id})
        self.assertEqual(ticket.contact_id, self.bart)

    def test_no_form_nor_program_chooses_what_is_not_offered(self):
        ticket = self._make_ticket()
        other_choice = self.env["crm.choice"].search([("usage", "!=", "ticket_measure")], limit=1)
        sales_team = self.env["crm.team"].create({"name": "No tickets"})
        for name, value in (
            ("measure_id", other_choice),
            ("team_id", sales_team),
            ("user_id", self._make_portal_user(self.anna)),
        ):
            label = ticket._fields[name]._description_string(self.env)
            with self.subTest(name=name):
                with self.assertRaisesRegex(ValidationError, label), self.cr.savepoint():
                    self._as(self.service, ticket).write({name: value.id})
                with self.assertRaisesRegex(ValidationError, label), self.cr.savepoint():
                    self._make_ticket(**{name: value.id})

    def test_nobody_from_outside_makes_tickets(self):
        users = (self._make_portal_user(self.anna), new_test_user(self.env, "cast_public", groups="base.group_public"))
        for user in users:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["crm.ticket"].with_user(user).create({"name": "Broken"})


@tagged("post_install", "-at_install")
class TestNumbers(TicketCase):
    def test_many_are_numbered_in_one_go(self):
        self._make_ticket()
        before = self.cr.sql_log_count
        numbers = self.env["crm.ticket"]._next_numbers(self.home, 3)
        self.assertLessEqual(self.cr.sql_log_count - before, 4)
        self.assertEqual(len(set(numbers)), 3)
        [first, second, third] = [int(number[-5:]) for number in numbers]
        self.assertEqual((second, third), (first + 1, first + 2))

    def test_a_company_may_have_a_sequence_of_its_own(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        vals = {"name": "Theirs", "code": "crm.ticket", "prefix": "E-", "padding": 3, "company_id": elsewhere.id}
        self.env["ir.sequence"].create(vals)
        theirs = self.env["crm.ticket"].create({"name": "Broken", "company_id": elsewhere.id, "team_id": False})
        self.assertEqual(theirs.number, "E-001")
        self.assertRegex(self._make_ticket().number, "^T")

    def test_a_number_that_came_from_elsewhere_is_left_out(self):
        [number] = self.env["crm.ticket"]._next_numbers(self.home, 1)
        following = f"{number[:-5]}{int(number[-5:]) + 1:05d}"
        self._make_ticket(number=following)
        self.assertEqual(self._make_ticket().number, f"{number[:-5]}{int(number[-5:]) + 2:05d}")

    def test_a_sequence_without_gaps_or_by_year_works_as_well(self):
        sequence = self.env.ref("crm_serviceticket.ir_sequence_crm_ticket")
        sequence.write({"implementation": "no_gap", "use_date_range": True, "prefix": "N%(range_year)s-"})
        tickets = self.env["crm.ticket"].create([{"name": "Broken"}] * 3)
        self.assertEqual([ticket.number[-5:] for ticket in tickets], ["00001", "00002", "00003"])

    def test_two_at_once_never_get_the_same(self):
        [mine] = self.env["crm.ticket"]._next_numbers(self.home, 1)
        with self.registry.cursor() as other:
            [theirs] = self.env(cr=other)["crm.ticket"]._next_numbers(self.home, 1)
        self.assertNotEqual(mine, theirs)

    def test_without_a_sequence_it_is_said_what_to_do(self):
        self.env.ref("crm_serviceticket.ir_sequence_crm_ticket").active = False
        with self.assertRaisesRegex(UserError, "sequence"):
            self._make_ticket()


@tagged("post_install", "-at_install")
class TestQueries(TicketCase):
    def test_a_hundred_are_made_in_no_more_queries_than_ten_and_a_few_each(self):
        self._make_ticket()
        self.env.flush_all()
        counts = {}
        for number in (10, 110):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["crm.ticket"].create([self._vals(index) for index in range(number)])
            self.env.flush_all()
            counts[number] = self.cr.sql_log_count - before
        self.assertLessEqual(counts[110] - counts[10], 10)
        self.assertLessEqual(counts[10], 40)

    def _vals(self, index):
        return {
            "name": f"Broken {index}",
            "partner_id": self.customer.id,
            "contact_id": (self.anna if index % 2 else self.bart).id,
            "team_id": self.service_team.id,
            "priority": str(index % 4),
            "user_id": self.service.id,
        }

    def test_a_list_of_80_is_read_in_a_fixed_number_of_queries(self):
        self.customer.user_id = self.sales
        lead = self._make_lead(partner_id=self.customer.id)
        vals_list = [{**self._vals(index), "lead_id": lead.id if index % 2 else False} for index in range(80)]
        self.env["crm.ticket"].create(vals_list)
        names = "number name partner_id contact_id lead_id team_id user_id status_id priority date_deadline is_overdue"
        spec = {name: {"fields": {"display_name": {}}} if name.endswith("_id") else {} for name in names.split()}
        spec["activity_ids"] = {}
        for user, budget in ((self.service, 25), (self.sales, 25)):
            tickets = self._as(user, self.env["crm.ticket"])
            tickets.web_search_read([], spec, limit=1)
            self.env.invalidate_all()
            with self.subTest(user=user.login), self.assertQueryCount(budget):
                found = tickets.web_search_read([("name", "like", "Broken")], spec, limit=80)
                self.assertEqual(len(found["records"]), 80)
