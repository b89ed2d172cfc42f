from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from .common import TicketCase

BOARD = "crm_serviceticket.crm_ticket_view_kanban"


@tagged("post_install", "-at_install")
class TestBoard(TicketCase):
    def _board(self, domain=(), user=None):
        tickets = self._as(user or self.service, self.env["crm.ticket"])
        return tickets.get_ticket_board([("team_id", "=", self.service_team.id), *domain])

    def _overdue(self, **values):
        return self._make_ticket(date_deadline=fields.Datetime.now() - timedelta(hours=1), **values)

    def test_a_column_tells_how_many_of_the_search_are_overdue(self):
        self._overdue(status_id=self.work.id)
        self._overdue(status_id=self.work.id, user_id=self.service.id)
        self._make_ticket(status_id=self.work.id, date_deadline=fields.Datetime.now() + timedelta(hours=1))
        self._close_ticket(self._overdue())
        self.assertEqual(self._board()["overdue"], {self.work.id: 2})
        self.assertEqual(self._board([("user_id", "=", self.service.id)])["overdue"], {self.work.id: 1})

    def test_nobody_counts_what_they_may_not_see(self):
        self._overdue(status_id=self.work.id)
        self.assertEqual(self._board(user=self.sales)["overdue"], {})

    def test_a_column_has_its_colours_an_archived_status_too(self):
        self.waiting.active = False
        info = self._board()["info"][self.waiting.id]
        self.assertEqual(
            (info["name"], info["background_color"], info["closes"]), (self.waiting.name, "#FEF3C7", False)
        )

    def test_columns_stand_in_their_order_whichever_have_tickets(self):
        self._close_ticket(self._make_ticket())
        self.work.active = False
        self._make_ticket(status_id=self.work.id)
        tickets = self._as(self.service, self.env["crm.ticket"]).with_context(read_group_expand=True)
        domain = [("team_id", "=", self.service_team.id)]
        groups = tickets.formatted_read_group(domain, ["status_id"], ["__count"])
        ids = [group["status_id"][0] for group in groups]
        self.assertEqual(ids, [status.id for status in (self.new, self.work, self.waiting, self.closed)])

    def test_a_card_that_somebody_moved_meanwhile_stays_where_it_is(self):
        ticket = self._make_ticket(status_id=self.waiting.id)
        moved = ticket.with_user(self.service).with_context(ticket_expected_status=self.new.id)
        with self.assertRaisesRegex(UserError, "Waiting for Customer in the meantime"):
            moved.write({"status_id": self.work.id})
        self.assertEqual(ticket.status_id, self.waiting)

    def test_undoing_a_closing_brings_back_what_was_there_before(self):
        ticket = self._make_ticket(status_id=self.work.id, measure_id=self.advice.id)
        deadline = ticket.date_deadline
        before = self._dialogue(ticket, result="New wheel sent", measure_id=self.exchange)["infos"]["before"]
        self.assertEqual((ticket.status_id, ticket.measure_id), (self.closed, self.exchange))
        ticket.with_user(self.service).action_undo_move(self.work.id, self.closed.id, before)
        self.assertEqual((ticket.status_id, ticket.measure_id, ticket.result), (self.work, self.advice, False))
        self.assertEqual((ticket.closed_on, ticket.reopened_count, ticket.date_deadline), (False, 0, deadline))

    def test_a_closing_is_undone_uncounted_just_after_it_alone(self):
        with freeze_time("2026-05-04 08:00:00") as clock:
            ticket = self._close_ticket(self._make_ticket())
            theirs = self._as(self.service, ticket)
            theirs.with_context(ticket_undo=True).write({"status_id": self.work.id})
            self.assertEqual(ticket.reopened_count, 1, "No client says that it is an undoing")
            self._close_ticket(ticket)
            clock.tick(3600)
            theirs.action_undo_move(self.work.id, self.closed.id)
            self.assertEqual((ticket.status_id, ticket.reopened_count), (self.work, 2))

    def test_undo_changes_nothing_but_the_move(self):
        ticket = self._make_ticket(status_id=self.work.id)
        ticket.with_user(self.service).action_undo_move(self.new.id, self.work.id, {"name": "Else", "company_id": 1})
        self.assertEqual((ticket.status_id, ticket.name), (self.new, "Wheel broke off"))

    def test_what_was_moved_on_is_not_undone(self):
        ticket = self._make_ticket(status_id=self.waiting.id)
        with self.assertRaises(UserError):
            ticket.with_user(self.service).action_undo_move(self.new.id, self.work.id)

    def _read_board(self):
        """All that the board reads when it opens.

        :return: the number of cards by column, and of queries
        """
        tickets = self._as(self.service, self.env["crm.ticket"]).with_context(read_group_expand=True)
        fields_of = {
            "number": {},
            "name": {},
            "priority": {},
            "date_deadline": {},
            "is_overdue": {},
            "activity_ids": {},
        }
        fields_of |= {name: {"fields": {"display_name": {}}} for name in ("partner_id", "user_id", "measure_id")}
        domain = [("team_id", "=", self.service_team.id)]
        before = self.env.cr.sql_log_count
        tickets.get_ticket_board(domain)
        board = tickets.web_read_group(
            domain,
            ["status_id"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=fields_of,
            unfold_read_default_limit=20,
        )
        queries = self.env.cr.sql_log_count - before
        return [len(group.get("__records", ())) for group in board["groups"]], queries

    def test_a_board_of_5000_tickets_costs_as_few_queries_as_a_small_one(self):
        ticket = self._make_ticket(user_id=self.service.id, measure_id=self.advice.id)
        self._make_ticket(status_id=self.work.id)
        self._make_ticket(status_id=self.waiting.id)
        self._read_board()  # what Odoo reads once for all
        cards, of_few = self._read_board()
        self.assertEqual(cards, [1, 1, 1, 0])
        self.assertLessEqual(of_few, 20)
        # As SQL: how they came to be is not what is measured.
        names = ["company_id", "team_id", "partner_id", "commercial_partner_id", "user_id", "measure_id", "name"]
        columns = SQL(", ").join(SQL.identifier(name) for name in [*names, "priority", "date_deadline"])
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_ticket (number, status_id, is_closed, %(columns)s)
                SELECT 'B' || i, (%(statuses)s::int[])[1 + i %% 3], false, %(columns)s
                FROM crm_ticket, generate_series(1, 5000) i WHERE crm_ticket.id = %(id)s
                """,
                columns=columns,
                statuses=[self.new.id, self.work.id, self.waiting.id],
                id=ticket.id,
            )
        )
        cards, of_many = self._read_board()
        self.assertEqual(cards, [20, 20, 20, 0])
        self.assertLessEqual(of_many, of_few)

    # --- closing ---

    def _dialogue(self, tickets, user=None, **values):
        """What the dialogue does that a closing opens."""
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_serviceticket.crm_ticket_close_action")
        wizards = self._as(user or self.service, self.env[action["res_model"]])
        form = Form(wizards.with_context(default_ticket_ids=tickets.ids))
        for name, value in values.items():
            setattr(form, name, value)
        return form.save().action_close_tickets()

    def test_the_dialogue_asks_for_the_result(self):
        with self.assertRaises(AssertionError):
            self._dialogue(self._make_ticket())

    def test_the_dialogue_shows_what_was_decided_and_written_before(self):
        ticket = self._make_ticket(measure_id=self.advice.id, result="Told them how")
        self._dialogue(ticket)
        self.assertEqual(
            (ticket.status_id, ticket.measure_id, ticket.result), (self.closed, self.advice, "Told them how")
        )
        self.assertTrue(ticket.closed_on)

    def test_of_several_tickets_those_with_a_result_keep_it(self):
        tickets = self._make_ticket(result="Own one", measure_id=self.advice.id) | self._make_ticket()
        self._dialogue(tickets, result="Common one")
        self.assertEqual(tickets.mapped("result"), ["Own one", "Common one"])
        self.assertEqual(tickets.mapped("measure_id"), self.advice)
        self.assertEqual(tickets.status_id, self.closed)
