from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestMoves(SalesBoardCase):
    def test_every_move_is_undone_exactly(self):
        places = {
            "unprocessed": lambda: self._make_lead(type="lead"),
            "prospect": lambda: self._make_lead(stage_id=self.prospect.id, probability=15),
            "offer": lambda: self._make_lead(stage_id=self.offer.id),
            "order": lambda: self._close(self._make_lead(stage_id=self.offer.id), "order", actual_revenue=900),
            "lost": lambda: self._close(self._make_lead(stage_id=self.offer.id), "lost"),
            "cancelled": lambda: self._close(self._make_lead(stage_id=self.offer.id), "cancelled"),
        }
        for source, make in places.items():
            for target in self.process.column_ids:
                lead = make()
                theirs = lead.with_user(self.sales)
                before = self._state(lead)
                if lead.board_column_id == target:
                    continue
                with self.subTest(f"{source} to {target.name}"):
                    values = {
                        "lost": {"lost_reason_id": self.reason.id},
                        "cancelled": {"cancel_reason_id": self.cancel_reason.id},
                    }
                    theirs.write({"board_column_id": target.id, **values.get(target.kind, {})})
                    self.assertEqual(lead.board_column_id, target)
                    theirs.action_undo_move(before["board_column_id"][0], target.id)
                    self.assertEqual(self._state(lead), before)

    def test_undo_is_refused_once_the_card_has_moved_on(self):
        lead = self._make_lead(stage_id=self.prospect.id)
        start, offer, order = (
            self._column("status", self.prospect),
            self._column("status", self.offer),
            self._column("order"),
        )
        lead.write({"board_column_id": offer.id})
        lead.write({"board_column_id": order.id})
        with self.assertRaisesRegex(UserError, "has changed since"):
            lead.action_undo_move(start.id, offer.id)
        with self.assertRaisesRegex(UserError, "has changed since"):
            lead.with_user(self.manager).action_undo_move(offer.id, order.id)
        lead.action_undo_move(offer.id, order.id)
        with self.assertRaisesRegex(UserError, "has changed since"):
            lead.action_undo_move(offer.id, order.id)

    def test_a_colleagues_project_is_not_undone_without_the_right_to_it(self):
        lead = self._make_lead()
        lead.with_user(self.sales).write({"board_column_id": self._column("status", self.offer).id})
        with self.assertRaises(Exception) as refused:
            lead.with_user(self.other).action_undo_move(
                self._column("status", self.prospect).id, self._column("status", self.offer).id
            )
        self.assertEqual(type(refused.exception).__name__, "AccessError")

    def test_who_moves_a_card_that_was_moved_meanwhile_is_told_by_whom_and_whereto(self):
        lead = self._make_lead(stage_id=self.prospect.id)
        seen = lead.board_column_id.id
        lead.with_user(self.manager).write({"board_column_id": self._column("status", self.offer).id})
        late = lead.with_user(self.sales).with_context(salesboard_expected_column=seen)
        with self.assertRaisesRegex(UserError, "cast_manager has moved GTX Pro fleet to Offer"):
            late.write({"board_column_id": self._column("order").id})
        self.assertEqual(lead.board_column_id, self._column("status", self.offer))

    def test_a_status_of_another_process_is_refused(self):
        tender = self._make_tender()
        lead = self._make_lead()
        with self.assertRaisesRegex(UserError, "does not sell by it"):
            lead.write({"board_column_id": tender.column_ids[:1].id})
        with self.assertRaisesRegex(ValidationError, "is not a status of Standard"):
            lead.write({"stage_id": tender.status_ids[:1].id})

    def _make_tender(self):
        return self.env["crm.process"].create(
            {
                "name": "Tender",
                "order_name": "Contract",
                "lost_name": "Not awarded",
                "status_ids": [(0, 0, {"name": name}) for name in ("Enquiry", "Offer", "Negotiation")],
            }
        )

    def test_a_project_that_changes_team_gets_the_matching_status(self):
        tender = self._make_tender()
        enquiry, offer, _negotiation = tender.status_ids
        team = self.env["crm.team"].create({"name": "Tenders", "process_id": tender.id})
        cases = [
            (self._make_lead(stage_id=self.offer.id), offer, "pending"),  # by name
            (self._make_lead(stage_id=self.prospect.id), enquiry, "pending"),  # by order
            (self._close(self._make_lead(), "order", actual_revenue=5), tender.won_stage_id, "won"),
            (self._close(self._make_lead(stage_id=self.offer.id), "lost"), offer, "lost"),
        ]
        for lead, status, outcome in cases:
            with self.subTest(f"{lead.board_column_id.name}"):
                value = lead.actual_revenue
                lead.write({"team_id": team.id, "user_id": False})
                self.assertEqual((lead.stage_id, lead.won_status, lead.actual_revenue), (status, outcome, value))
                self.assertEqual(lead.board_column_id.process_id, tender)

    def test_a_status_of_the_same_name_goes_before_one_as_far_along(self):
        values = {"name": "Late", "status_ids": [(0, 0, {"name": name}) for name in ("OFFER", "Talks", "Contract")]}
        process = self.env["crm.process"].create(values)
        team = self.env["crm.team"].create({"name": "Late", "process_id": process.id})
        lead = self._make_lead(stage_id=self.offer.id)
        lead.write({"team_id": team.id, "user_id": False})
        self.assertEqual(lead.stage_id.name, "OFFER")

    def test_what_is_unprocessed_stays_so_in_another_team_of_a_process(self):
        team = self.env["crm.team"].create({"name": "Tenders", "process_id": self._make_tender().id})
        cases = {
            "by team": ({"team_id": team.id, "user_id": False}, "unprocessed"),
            "to a native team": ({"team_id": self.native_team.id, "user_id": False}, False),
        }
        team.member_ids = self.all_leads
        cases["by owner"] = ({"user_id": self.all_leads.id}, "unprocessed")
        for name, (values, kind) in cases.items():
            with self.subTest(name):
                lead = self._make_lead(stage_id=False)
                lead.write(values)
                self.assertEqual(lead.board_column_id.kind, kind)
                self.assertEqual(bool(lead.stage_id), not kind, "native code shows projects with a stage alone")

    def test_a_move_to_another_team_is_kept_in_the_history_and_undone(self):
        tender = self._make_tender()
        team = self.env["crm.team"].create({"name": "Tenders", "process_id": tender.id})
        team.member_ids = self.all_leads
        for values in ({"team_id": team.id, "user_id": False}, {"user_id": self.all_leads.id}):
            with self.subTest(values):
                lead = self._make_lead(stage_id=self.offer.id, probability=45)
                before, owner = self._state(lead), lead.user_id
                lead.write(values)
                move = lead.move_ids.filtered("from_column_id")
                self.assertEqual(
                    (move.from_column_id, move.to_column_id), (self._column("status", self.offer), lead.board_column_id)
                )
                lead.action_undo_move(move.from_column_id.id, move.to_column_id.id)
                self.assertEqual((self._state(lead), lead.user_id, lead.team_id), (before, owner, self.team))

    def test_a_team_that_is_deleted_leaves_its_projects_native(self):
        lead = self._make_lead(stage_id=self.offer.id)
        self.team.unlink()
        self.assertFalse(lead.team_id or lead.board_column_id or lead.stage_id.process_id)
        self.assertTrue(lead.stage_id)

    def test_a_project_leaves_for_a_native_team_and_comes_back(self):
        lead = self._make_lead(stage_id=self.offer.id)
        lead.write({"team_id": self.native_team.id, "user_id": False})
        self.assertFalse(lead.stage_id.process_id)
        self.assertFalse(lead.board_column_id)
        lead.write({"team_id": self.team.id})
        self.assertEqual(lead.stage_id.process_id, self.process)

    def test_the_form_follows_a_change_of_team_at_once(self):
        tender = self._make_tender()
        team = self.env["crm.team"].create({"name": "Tenders", "process_id": tender.id})
        lead = self._make_lead(stage_id=self.offer.id, user_id=False)
        with Form(lead) as form:
            form.team_id = team
            self.assertEqual(form.stage_id, tender.status_ids[1])
        self.assertEqual(lead.board_column_id.process_id, tender)

    def test_an_unqualified_lead_becomes_a_project_when_it_is_put_in_a_status(self):
        lead = self._make_lead(type="lead")
        lead.write({"board_column_id": self._column("status", self.offer).id})
        self.assertEqual((lead.type, lead.stage_id), ("opportunity", self.offer))
        self.assertTrue(lead.date_conversion)

    def test_a_thousand_cards_move_with_few_queries_more_than_native_ones(self):
        def moved(count):
            leads = self.env["crm.lead"].create(
                [
                    {"name": str(n), "team_id": self.team.id, "type": "opportunity", "stage_id": self.prospect.id}
                    for n in range(count)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            leads.write({"board_column_id": self._column("status", self.offer).id})
            self.env.flush_all()
            return self.cr.sql_log_count - start

        few, many = moved(10), moved(1000)
        self.assertLess(many, few + 60, "a query per project would be 990 more")


@tagged("post_install", "-at_install")
class TestTwoUsers(TransactionCase):
    """With transactions that are committed, as two users have them."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            process = env["crm.process"].create(
                {"name": "Race", "status_ids": [(0, 0, {"name": "Start"}), (0, 0, {"name": "Next"})]}
            )
            team = env["crm.team"].create({"name": "Race", "process_id": process.id})
            lead = env["crm.lead"].create({"name": "Race", "type": "opportunity", "team_id": team.id})
            self.ids = (lead.id, team.id, process.id)
            self.seen = lead.board_column_id.id
            self.next = process.column_ids.filtered(lambda column: column.stage_id == process.status_ids[1]).id
        self.addCleanup(self._remove)

    def _remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            lead, team, process = self.ids
            env["crm.lead"].browse(lead).unlink()
            env["crm.team"].browse(team).unlink()
            env["crm.process"].browse(process).unlink()

    def _move(self, cr):
        env = api.Environment(cr, SUPERUSER_ID, {"salesboard_expected_column": self.seen})
        env["crm.lead"].browse(self.ids[0]).write({"board_column_id": self.next})
        env.flush_all()

    def test_of_two_who_move_at_the_same_moment_the_second_is_told(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self._move(first)
            with self.assertRaisesRegex(UserError, "at this moment"):
                self._move(second)
        with self.registry.cursor() as third, self.assertRaisesRegex(UserError, "in the meantime"):
            self._move(third)
