from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestProcess(SalesBoardCase):
    def test_standard_comes_with_prospect_and_offer_and_ends_in_order(self):
        standard = self.standard
        self.assertEqual(standard.status_ids.mapped("name"), ["Prospect", "Offer"])
        self.assertEqual(
            (standard.order_name, standard.lost_name, standard.cancelled_name), ("Order", "Lost", "Cancelled")
        )
        self.assertEqual(
            standard.column_ids.sorted().mapped("name"),
            ["Unprocessed", "Prospect", "Offer", "Order", "Lost", "Cancelled"],
        )

    def test_an_administrator_names_outcomes_and_orders_statuses(self):
        with Form(self.env["crm.process"].with_user(self.manager)) as form:
            form.name = "Tender"
            for name in ("Enquiry", "Bid"):
                with form.status_ids.new() as status:
                    status.name = name
        process = form.record
        process.with_user(self.manager).write(
            {"order_name": "Contract", "lost_name": "Not awarded", "cancelled_name": "Withdrawn"}
        )
        columns = process.column_ids.sorted()
        self.assertEqual(
            columns.mapped("name"), ["Unprocessed", "Enquiry", "Bid", "Contract", "Not awarded", "Withdrawn"]
        )
        process.status_ids[0].sequence = 200
        self.env.invalidate_all()
        self.assertEqual(process.column_ids.sorted().mapped("name")[1:3], ["Bid", "Enquiry"])

    def test_a_second_order_status_and_a_wrong_colour_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "two statuses for orders"):
            self.offer.is_won = True
        with self.assertRaisesRegex(ValidationError, "hex value"):
            self.offer.text_color = "blue"

    def test_a_process_in_use_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "in use by Hardware"):
            self.process.unlink()

    def test_an_unused_process_is_deleted_with_its_statuses(self):
        process = self.process.copy()
        stages = process.stage_ids
        self.assertEqual(len(stages), 3)
        process.unlink()
        self.assertFalse(stages.exists())

    def test_native_screens_show_a_team_exactly_its_statuses(self):
        unused = self.process.copy()
        leads = self.env["crm.lead"]
        shown = leads.with_context(default_team_id=self.team.id)._read_group_stage_ids(self.env["crm.stage"], [])
        self.assertEqual(shown, self.process.stage_ids.sorted())
        native = leads.with_context(default_team_id=self.native_team.id)._read_group_stage_ids(
            self.env["crm.stage"], []
        )
        self.assertTrue(native)
        self.assertFalse(native.process_id)
        self.assertFalse(unused.stage_ids & (shown | native))
        self.assertEqual(self.process.stage_ids.team_ids, self.process.team_ids)
        self.assertEqual(self._make_lead().stage_id, self.prospect)
        self.assertFalse(self._make_native_lead().stage_id.process_id)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.models")
    def test_rights_by_role(self):
        vals = {"name": "Mine", "status_ids": [Command.create({"name": "One"})]}
        for user, allowed in (
            (self.manager, True),
            (self.all_leads, False),
            (self.sales, False),
            (self.outsider, False),
        ):
            with self.subTest(user.login):
                self.process.with_user(user).name  # noqa: B018 everybody inside reads what a status is
                if allowed:
                    self.env["crm.process"].with_user(user).create(dict(vals)).unlink()
                    continue
                with self.assertRaises(AccessError):
                    self.env["crm.process"].with_user(user).create(dict(vals))
                with self.assertRaises(AccessError):
                    self.process.with_user(user).lost_name = "Gone"
                with self.assertRaises(AccessError):
                    self.team.with_user(user).switch_process(self.env["crm.process"])
                with self.assertRaises(AccessError):
                    self.env["crm.lead.move"].with_user(user).search([])


@tagged("post_install", "-at_install")
class TestSwitch(SalesBoardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Stage = cls.env["crm.stage"]
        cls.new, cls.qualified, cls.won = Stage.create(
            [
                {"name": "Nieuw", "sequence": 1, "team_ids": cls.native_team.ids},
                {"name": "Gekwalificeerd", "sequence": 2, "team_ids": cls.native_team.ids},
                {"name": "Gewonnen", "sequence": 3, "is_won": True, "team_ids": cls.native_team.ids},
            ]
        )
        cls.leads = cls.env["crm.lead"]
        for stage in (cls.new, cls.qualified, cls.won):
            cls.leads |= cls._make_native_lead(stage_id=stage.id)
        lost = cls._make_native_lead(stage_id=cls.qualified.id)
        lost.action_set_lost()
        archived = cls._make_native_lead(stage_id=cls.new.id, probability=33)
        archived.action_archive()
        cls.leads |= lost | archived
        cls.env.flush_all()

    def _read(self):
        self.env.flush_all()
        self.leads.invalidate_recordset()
        return self.leads.read(
            ["stage_id", "active", "probability", "won_status", "date_closed", "write_date", "date_last_stage_update"]
        )

    def _without_stage(self):
        return [{name: value for name, value in row.items() if name != "stage_id"} for row in self._read()]

    def test_won_stays_won_lost_stays_lost_and_nothing_but_the_status_changes(self):
        before = self._without_stage()
        self.native_team.switch_process(self.process, {self.qualified: self.offer})
        self.assertEqual(self._without_stage(), before)
        kinds = [lead.board_column_id.kind for lead in self.leads]
        self.assertEqual(kinds, ["status", "status", "order", "lost", False])
        self.assertEqual(
            [lead.stage_id.name for lead in self.leads], ["Prospect", "Offer", "Order", "Offer", "Prospect"]
        )

    def test_switching_off_brings_every_deal_back(self):
        before = self._read()
        # Two stages become one status: which of them a deal came from is remembered per deal.
        self.native_team.switch_process(self.process, {self.new: self.offer, self.qualified: self.offer})
        self.native_team.switch_process(self.env["crm.process"])
        self.assertEqual(self._read(), before)
        self.assertFalse(self.leads.board_column_id)

    def test_a_deal_that_moved_since_goes_where_its_status_came_from(self):
        self.native_team.switch_process(self.process, {self.qualified: self.offer})
        first = self.leads[0]
        first.stage_id = self.offer
        added = self._make_native_lead(stage_id=self.prospect.id)
        self.native_team.switch_process(self.env["crm.process"])
        self.env.invalidate_all()
        self.assertEqual((first.stage_id, added.stage_id), (self.qualified, self.new))

    def test_from_one_process_to_another_and_off_again(self):
        before = self._read()
        self.native_team.switch_process(self.process)
        self.native_team.switch_process(self.process.copy())
        self.native_team.switch_process(self.env["crm.process"])
        self.assertEqual(self._read(), before)

    def test_won_cannot_become_open(self):
        with self.assertRaisesRegex(UserError, "won projects stay won"):
            self.native_team.switch_process(self.process, {self.won: self.offer})
        with self.assertRaisesRegex(UserError, "no status yet"):
            self.native_team.switch_process(self.env["crm.process"].create({"name": "Empty"}))
        self.assertFalse(self.native_team.process_id)

    def test_a_failure_on_the_way_changes_nothing(self):
        before = self._read()
        with (
            patch.object(type(self.leads), "_fill_board", side_effect=UserError("Broken")),
            self.assertRaisesRegex(UserError, "Broken"),
            self.cr.savepoint(),
        ):
            self.native_team.switch_process(self.process)
        self.env.invalidate_all()
        self.assertEqual(self._read(), before)
        self.assertFalse(self.native_team.process_id or self.native_team.stage_map_ids)

    def test_the_projects_of_other_teams_and_other_users_are_told_apart(self):
        elsewhere = self._make_lead(team_id=self.env["crm.team"].create({"name": "Elsewhere"}).id, user_id=False)
        theirs = self._make_native_lead(stage_id=self.new.id)
        theirs.with_context(tracking_disable=True).user_id = self.other
        theirs.team_id = self.native_team
        stage = elsewhere.stage_id
        self.native_team.with_user(self.manager).process_id = self.process
        self.env.invalidate_all()
        self.assertEqual(theirs.board_column_id, self._column("status", self.prospect))
        self.assertEqual((elsewhere.stage_id, elsewhere.board_column_id.id), (stage, False))

    def test_what_won_deals_brought_is_known_from_the_first_day(self):
        won = self.leads[2]
        won.expected_revenue = 444
        self.native_team.switch_process(self.process)
        self.assertEqual((won.actual_revenue, won.board_date), (444, won.date_closed.date()))
        won.actual_revenue = 400
        self.native_team.switch_process(self.env["crm.process"])
        self.native_team.switch_process(self.process)
        self.assertEqual(won.actual_revenue, 400, "switched off and on again")

    def test_the_assistant_shows_how_many_go_where(self):
        wizard = (
            self.env["crm.team.process.switch"]
            .with_user(self.manager)
            .create({"team_ids": self.native_team.ids, "process_id": self.process.id})
        )
        self.assertEqual(
            [(line.stage_id.name, line.lead_count, line.status_id.name) for line in wizard.line_ids],
            [("Nieuw", 2, "Prospect"), ("Gekwalificeerd", 2, "Offer"), ("Gewonnen", 1, "Order")],
        )
        wizard.line_ids[0].status_id = self.offer
        wizard.action_apply()
        self.assertEqual(self.leads[0].stage_id, self.offer)

    def test_the_present_stages_can_be_kept_as_a_process(self):
        wizard = self.env["crm.team.process.switch"].create(
            {"team_ids": self.native_team.ids, "mode": "own", "own_name": "Ours"}
        )
        wizard.action_apply()
        process = self.native_team.process_id
        self.assertEqual(process.name, "Ours")
        self.assertLessEqual({"Nieuw", "Gekwalificeerd"}, set(process.status_ids.mapped("name")))
        self.assertEqual([lead.stage_id.name for lead in self.leads][:2], ["Nieuw", "Gekwalificeerd"])
        self.assertEqual(self.leads[2].board_column_id.kind, "order")

    def test_the_statuses_of_a_team_on_a_process_can_be_kept_as_one_of_its_own(self):
        values = {"team_ids": self.team.ids, "mode": "own", "own_name": "Ours"}
        self.env["crm.team.process.switch"].create(values).action_apply()
        self.assertEqual(self.team.process_id.status_ids.mapped("name"), ["Prospect", "Offer"])

    def test_writing_the_process_over_rpc_takes_the_deals_along(self):
        self.native_team.with_user(self.manager).write({"process_id": self.process.id})
        self.assertEqual(self.leads[1].stage_id, self.offer)

    def test_a_thousand_deals_take_no_more_queries_than_five(self):
        def queries(team):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            team.switch_process(self.process)
            self.env.flush_all()
            return self.cr.sql_log_count - start

        big = self.env["crm.team"].create({"name": "Big"})
        self.env["crm.lead"].create([{"name": str(n), "team_id": big.id, "type": "opportunity"} for n in range(1000)])
        self.assertLess(queries(big), queries(self.native_team) + 15)
