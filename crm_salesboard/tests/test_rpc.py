from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestRpc(SalesBoardCase):
    """What a program may send: each mistake is answered with what is wrong, and changes nothing."""

    def test_a_column_that_is_none_is_refused_with_a_clear_message(self):
        gone = self.process.copy()
        foreign = gone.column_ids[:1]
        lead = self._make_lead()
        before = self._state(lead)
        cases = {
            "another process": (foreign.id, "does not sell by it"),
            "never there": (2**31 - 1, "There is no column"),
            "a string": ("Order", "There is no column"),
            "a list": ([self._column("order").id], "There is no column"),
            "nothing": (False, "leaves the board only with its team"),
        }
        for name, (column, message) in cases.items():
            for user in (self.sales, self.manager):
                with self.subTest(name, user=user.login):
                    with self.assertRaisesRegex(UserError, message), self.cr.savepoint():
                        lead.with_user(user).write({"board_column_id": column})
                    self.assertEqual(self._state(lead), before)
            if column:
                with self.subTest(f"create in {name}"), self.assertRaisesRegex(UserError, message), self.cr.savepoint():
                    self._make_lead(board_column_id=column)

    def test_a_process_that_is_none_is_refused(self):
        for process in (2**31 - 1, "Standard"):
            with self.subTest(process), self.assertRaisesRegex(UserError, "There is no process"), self.cr.savepoint():
                self.native_team.write({"process_id": process})

    def test_team_and_status_that_contradict_each_other_are_refused(self):
        native = self._make_native_lead()
        cases = [
            (native, {"stage_id": self.offer.id}, "does not sell by that process"),
            (native, {"team_id": self.team.id, "stage_id": native.stage_id.id}, "is not a status of Standard"),
            (self._make_lead(), {"stage_id": native.stage_id.id}, "is not a status of Standard"),
            (self._make_lead(), {"team_id": self.native_team.id, "stage_id": self.offer.id}, "does not sell by that"),
        ]
        for lead, values, message in cases:
            with self.subTest(values), self.assertRaisesRegex(ValidationError, message), self.cr.savepoint():
                lead.write(values)
            self.env.invalidate_all()

    def test_a_project_made_in_a_column_lands_in_it(self):
        for column in self.process.column_ids:
            reasons = {
                "lost": {"lost_reason_id": self.reason.id},
                "cancelled": {"cancel_reason_id": self.cancel_reason.id},
            }
            values = {"name": "New", "board_column_id": column.id, **reasons.get(column.kind, {})}
            with self.subTest(column.name):
                lead = self.env["crm.lead"].with_user(self.sales).create(values)
                self.assertEqual((lead.board_column_id, lead.team_id), (column, self.team))
                self.assertEqual(bool(lead.date_closed), column._is_closed())

    def test_the_column_of_quick_create_comes_in_the_context(self):
        offer = self._column("status", self.offer)
        leads = self.env["crm.lead"].with_user(self.sales).with_context(default_board_column_id=offer.id)
        lead = leads.browse(leads.name_create("Quick")[0])
        self.assertEqual((lead.stage_id, lead.board_column_id), (self.offer, offer))
        self.assertEqual(lead.env.context.get("default_board_column_id"), offer.id)

    def test_a_process_without_a_team_has_no_column_to_start_in(self):
        process = self.process.copy()
        with self.assertRaisesRegex(UserError, "does not sell by it"):
            self.env["crm.lead"].create({"name": "Homeless", "board_column_id": process.column_ids[:1].id})

    def test_columns_are_found_by_their_names(self):
        found = self.env["crm.process.column"].with_user(self.sales)
        self.process.lost_name = "Not awarded"
        for name in ("Unprocessed", "Offer", "Order", "Not awarded", "Cancelled"):
            with self.subTest(name):
                columns = found.search([("display_name", "=", name), ("process_id", "=", self.process.id)])
                self.assertEqual(columns.name, name)
        others = found.search([("display_name", "not ilike", "offer"), ("process_id", "=", self.process.id)])
        self.assertEqual(len(others), 5)

    def test_a_status_keeps_its_process_and_the_order_its_column(self):
        other = self.process.copy()
        with self.assertRaisesRegex(UserError, "stays a status of Standard"):
            self.offer.process_id = other
        with self.assertRaisesRegex(UserError, "leave it a won status"):
            self.order.is_won = False

    def test_a_board_without_a_status_is_refused_when_a_team_is_made(self):
        empty = self.env["crm.process"].create({"name": "Empty"})
        with self.assertRaisesRegex(UserError, "no status yet"):
            self.env["crm.team"].create({"name": "New", "process_id": empty.id})
