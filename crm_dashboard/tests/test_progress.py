from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import FunnelCase


@tagged("post_install", "-at_install")
class TestProgress(FunnelCase):
    """How far a project has come is written once, by the project itself, whichever way it moves."""

    def test_how_far_a_project_got_is_the_last_column_that_it_reached(self):
        lost, cancelled = self._column("lost"), self._column("cancelled")
        cases = {
            "as it was made": ([self.at_prospect], self.at_prospect),
            "unprocessed": ([self.unprocessed], self.unprocessed),
            "step by step": ([self.unprocessed, self.at_prospect, self.at_offer], self.at_offer),
            "over statuses": ([self.at_prospect, self.at_talks], self.at_talks),
            "forth and back": ([self.at_prospect, self.at_talks, self.at_prospect, self.at_offer], self.at_talks),
            "back to the unprocessed": ([self.at_offer, self.unprocessed], self.at_offer),
            "an order": ([self.at_prospect, self.at_order], self.at_order),
            "made as an order": ([self.at_order], self.at_order),
            "lost": ([self.at_prospect, self.at_talks, self.at_offer, lost], self.at_talks),
            "lost while unprocessed": ([self.unprocessed, lost], self.unprocessed),
            "made as a lead that is lost": ([self.unprocessed, lost], self.unprocessed),
            "cancelled": ([self.at_offer, cancelled], self.at_offer),
            "lost, then an order after all": ([self.at_offer, lost, self.at_order], self.at_order),
            "an order that was lost": ([self.at_offer, self.at_order, lost], self.at_offer),
            "an order that was imported, then lost": ([self.at_order, lost], self.at_talks),
            "an order that was opened again": ([self.at_offer, self.at_order, self.at_prospect], self.at_offer),
            "an order that got further": ([self.at_offer, self.at_order, self.at_talks], self.at_talks),
            "twice an order": ([self.at_talks, self.at_order, self.at_prospect, self.at_order, lost], self.at_talks),
        }
        for name, (columns, furthest) in cases.items():
            with self.subTest(name):
                self.assertEqual(self._through(*columns).furthest_column_id, furthest)

    def test_an_order_that_was_imported_as_one_falls_back_to_where_it_stands(self):
        lead = self._through(self.at_order)
        self._put(lead, self.at_prospect)
        self.assertEqual(lead.furthest_column_id, self.at_prospect)

    def test_every_way_to_close_and_reopen_counts(self):
        lead = self._through(self.at_prospect, self.at_offer)
        lead.action_set_won_rainbowman()
        self.assertEqual(lead.furthest_column_id, self.at_order)
        lead.action_reopen()
        self.assertEqual(lead.furthest_column_id, self.at_offer)
        lead.action_set_lost(lost_reason_id=self.reason.id)
        self.assertEqual(lead.furthest_column_id, self.at_offer)
        lead.action_unarchive()
        lead.stage_id = self.talks
        self.assertEqual(lead.furthest_column_id, self.at_talks)

    def test_an_order_that_a_program_cancels_in_its_stage_is_an_order_no_longer(self):
        cancelled = {"active": False, "is_cancelled": True, "cancel_reason_id": self.cancel_reason.id}
        cases = {
            "known": (self._through(self.at_prospect, self.at_order), self.at_prospect),
            "imported": (self._through(self.at_order), self.at_talks),
        }
        for name, (lead, furthest) in cases.items():
            with self.subTest(name):
                lead.write(cancelled)
                self.assertEqual((lead.board_column_id.kind, lead.stage_id), ("cancelled", self.order))
                self.assertEqual(lead.furthest_column_id, furthest)
        made = self._make_lead(stage_id=self.order.id, probability=100, **cancelled)
        self.assertEqual((made.board_column_id.kind, made.furthest_column_id), ("cancelled", self.at_talks))

    def test_an_order_that_is_moved_back_by_mistake_comes_from_where_it_was(self):
        for end in (self.at_prospect, self._column("lost")):
            with self.subTest(end.name):
                lead = self._through(self.at_prospect, self.at_order)
                self._put(lead, self.at_talks)
                lead.action_undo_move(self.at_order.id, self.at_talks.id)
                self._put(lead, end)
                self.assertEqual(lead.furthest_column_id, self.at_prospect)

    def test_an_unqualified_lead_goes_on_when_it_is_converted(self):
        lead = self._make_lead(type="lead")
        self.assertEqual(lead.furthest_column_id, self.unprocessed)
        lead.convert_opportunity(self.partner)
        self.assertEqual(lead.furthest_column_id, lead.board_column_id)
        self.assertEqual(lead.board_column_id.kind, "status")

    def test_each_move_says_how_long_the_project_had_stood(self):
        with self.at("2026-03-02 08:00:00"):
            lead = self._through(self.at_prospect)
        with self.at("2026-03-04 20:00:00"):
            self._put(lead, self.at_offer)
        self.assertEqual(lead.column_since, datetime(2026, 3, 4, 20))
        with self.at("2026-03-14 20:00:00"):
            self._put(lead, self._column("lost"))
        with self.at("2026-03-15 20:00:00"):
            lead.action_reopen()
        entry, *moves = lead.move_ids.sorted("id")
        self.assertEqual((entry.from_column_id.id, entry.to_column_id), (False, self.at_prospect))
        self.assertEqual(entry.date, datetime(2026, 3, 2, 8))
        self.assertEqual([move.days for move in moves], [2.5, 10, 1])
        self.assertEqual(lead.column_since, datetime(2026, 3, 15, 20))

    def test_what_changes_without_a_move_leaves_the_time_alone(self):
        with self.at("2026-03-02 08:00:00"):
            lead = self._through(self.at_offer)
        with self.at("2026-03-09 08:00:00"):
            lead.write({"user_id": self.other.id, "expected_revenue": 5, "stage_id": self.offer.id})
        self.assertEqual(lead.column_since, datetime(2026, 3, 2, 8))
        self.assertEqual(len(lead.move_ids), 1)

    def test_undo_brings_back_what_was_there_before(self):
        targets = self.process.column_ids - self.at_offer
        for target in targets:
            with self.subTest(target.name):
                with self.at("2026-03-02 08:00:00"):
                    lead = self._through(self.at_prospect, self.at_offer)
                with self.at("2026-03-05 08:00:00"):
                    self._put(lead, target)
                with self.at("2026-03-06 08:00:00"):
                    lead.action_undo_move(self.at_offer.id, target.id)
                self.assertEqual(lead.furthest_column_id, self.at_offer)
                self.assertEqual(lead.column_since, datetime(2026, 3, 2, 8))
                self.assertEqual(lead.funnel_date, date(2026, 3, 2))
                taken_back, back = lead.move_ids.sorted("id")[-2:]
                self.assertTrue(taken_back.undone and back.undone, "neither is a stay")

    def test_coming_onto_the_board_cannot_be_taken_back(self):
        lead = self._through(self.at_prospect)
        with self.assertRaisesRegex(UserError, "has changed since"):
            lead.action_undo_move(False, self.at_prospect.id)

    # ------------------------------------------------------------
    # The day on which it came
    # ------------------------------------------------------------

    def test_a_project_came_on_the_day_of_its_owner_or_else_of_the_company(self):
        self.sales.tz = "Pacific/Auckland"
        self.env.company.partner_id.tz = "America/New_York"
        with self.at("2026-03-31 22:00:00"):
            owned = self._make_lead()
            nobodys = self._make_lead(user_id=False)
        self.assertEqual(owned.funnel_date, date(2026, 4, 1))
        self.assertEqual(nobodys.funnel_date, date(2026, 3, 31))

    def test_what_is_imported_came_when_it_was_taken_up_or_closed(self):
        with self.at("2026-03-02 08:00:00"):
            taken_up = self._make_lead(date_open="2025-11-03 12:00:00")
            closed = self._make_lead(board_column_id=self.at_order.id, date_closed="2025-12-24 12:00:00")
            given = self._make_lead(funnel_date="2025-10-01", date_open="2025-11-03 12:00:00")
            later = self._make_lead(date_open="2027-01-01 12:00:00")
        leads = taken_up | closed | given | later
        self.assertEqual(
            [str(lead.funnel_date) for lead in leads], ["2025-11-03", "2025-12-24", "2025-10-01", "2026-03-02"]
        )

    def test_moving_never_changes_the_day(self):
        with self.at("2026-03-02 08:00:00"):
            lead = self._through(self.at_prospect)
        with self.at("2026-05-02 08:00:00"):
            self._put(lead, self.at_order, self.at_offer, self._column("lost"))
        self.assertEqual(lead.funnel_date, date(2026, 3, 2))

    def test_a_copy_starts_anew(self):
        with self.at("2026-03-02 08:00:00"):
            lead = self._through(self.at_prospect, self.at_talks, self.at_offer)
        with self.at("2026-05-02 08:00:00"):
            copy = lead.copy()
        self.assertEqual(copy.funnel_date, date(2026, 5, 2))
        self.assertEqual(copy.furthest_column_id, copy.board_column_id)
        self.assertEqual(len(copy.move_ids), 1)

    # ------------------------------------------------------------
    # Other processes, and none
    # ------------------------------------------------------------

    def _make_tender(self):
        tender = self.env["crm.process"].create(
            {"name": "Tender", "status_ids": [(0, 0, {"name": name}) for name in ("Enquiry", "Bid", "Negotiation")]}
        )
        return tender, self.env["crm.team"].create({"name": "Tenders", "process_id": tender.id})

    def test_in_another_process_a_project_starts_anew(self):
        _tender, team = self._make_tender()
        with self.at("2026-03-02 08:00:00"):
            lead = self._through(self.at_talks, self.at_prospect)
        with self.at("2026-05-02 08:00:00"):
            lead.write({"team_id": team.id, "user_id": False})
        self.assertEqual(lead.board_column_id.name, "Enquiry")
        self.assertEqual(lead.furthest_column_id, lead.board_column_id)
        self.assertEqual(lead.funnel_date, date(2026, 5, 2))
        self.assertEqual(lead.move_ids.sorted("id")[-1].days, 61)
        with self.at("2026-05-03 08:00:00"):
            lead.action_undo_move(self.at_prospect.id, lead.board_column_id.id)
        self.assertEqual((lead.furthest_column_id, lead.funnel_date), (self.at_talks, date(2026, 3, 2)))

    def test_a_lost_project_keeps_in_another_process_the_status_it_was_lost_in(self):
        _tender, team = self._make_tender()
        lead = self._through(self.at_talks, self._column("lost"))
        lead.write({"team_id": team.id, "user_id": False})
        self.assertEqual(lead.board_column_id.kind, "lost")
        self.assertEqual(lead.furthest_column_id.name, "Negotiation", "as far along as Talks was")

    def test_a_team_without_a_process_has_no_progress(self):
        native = self._make_native_lead()
        self.assertFalse(native.funnel_date or native.furthest_column_id or native.column_since or native.move_ids)
        lead = self._through(self.at_offer)
        lead.write({"team_id": self.native_team.id, "user_id": False})
        self.assertFalse(lead.funnel_date or lead.furthest_column_id or lead.column_since)

    def test_a_native_project_enters_when_it_gets_a_team_or_an_owner_on_a_process(self):
        self.native_team.member_ids = self.manager
        by_team, by_owner = self._make_native_lead(), self._make_lead(team_id=self.native_team.id, user_id=False)
        with self.at("2026-05-02 08:00:00"):
            by_team.write({"team_id": self.team.id, "user_id": self.sales.id})
            by_owner.write({"user_id": self.sales.id})
        self.assertEqual(by_owner.team_id, self.team)
        for lead in by_team | by_owner:
            self.assertEqual(lead.furthest_column_id, lead.board_column_id)
            self.assertEqual((lead.funnel_date, lead.column_since), (date(2026, 5, 2), datetime(2026, 5, 2, 8)))
            self.assertEqual(len(lead.move_ids), 1)

    def test_who_is_put_aside_and_taken_up_again_goes_on(self):
        with self.at("2026-03-02 08:00:00"):
            lead = self._through(self.at_talks, self.at_offer, probability=30)
        with self.at("2026-04-02 08:00:00"):
            lead.active = False
        self.assertFalse(lead.board_column_id or lead.column_since)
        with self.at("2026-05-02 08:00:00"):
            lead.active = True
        self.assertEqual((lead.furthest_column_id, lead.funnel_date), (self.at_talks, date(2026, 3, 2)))
        self.assertEqual(lead.column_since, datetime(2026, 5, 2, 8))

    # ------------------------------------------------------------
    # Statuses
    # ------------------------------------------------------------

    def test_another_order_of_the_statuses_is_followed(self):
        lead = self._through(self.at_prospect, self.at_offer, self.at_talks)
        skipped = self._through(self.at_prospect, self.at_offer)
        won = self._through(self.at_prospect, self.at_order)
        (self.prospect | self.talks | self.offer).web_resequence({}, "sequence", 200)
        self.env.cr.precommit.run()
        self.assertEqual(lead.furthest_column_id, self.at_offer)
        self.assertEqual(skipped.furthest_column_id, self.at_offer)
        self.assertEqual(won.furthest_column_id, self.at_order)

    def _put_behind(self, stage, others):
        """Give statuses another order: one behind others, as dragging it does."""
        stages = self.process.status_ids - stage
        order = [*(stages & others), stage, *(stages - others)]
        self.env["crm.stage"].browse([status.id for status in order]).web_resequence({}, "sequence", 200)
        self.env.cr.precommit.run()

    def test_a_status_that_is_removed_leaves_the_one_before_it(self):
        lead = self._through(self.at_prospect, self.at_offer, self.at_talks, self.at_prospect)
        jumped = self._through(self.at_prospect, self.at_talks, self.at_prospect)
        before = self._reached_counts()
        self.talks.unlink()
        self.assertEqual((lead | jumped).furthest_column_id, self.at_offer)
        del before["Talks"]
        self.assertEqual(self._reached_counts(), before)
        self._put_behind(self.prospect, self.offer)
        self.assertEqual((lead | jumped).furthest_column_id, self.at_prospect)

    def _reached_counts(self):
        return {step["name"]: step["reached"]["count"] for step in self._funnel()["steps"]}

    def test_two_statuses_that_are_removed_at_once_leave_what_is_before_both(self):
        lead = self._through(self.unprocessed, self.at_prospect, self.at_talks, self.at_prospect)
        (self.offer | self.talks).unlink()
        self.assertEqual(lead.furthest_column_id, self.at_prospect)

    def test_merged_projects_stay_as_far_as_they_got_whatever_becomes_of_the_statuses(self):
        first, second = self._through(self.at_prospect), self._through(self.at_talks, self.at_prospect)
        merged = (first | second).merge_opportunity()
        self.assertEqual(merged.furthest_column_id, self.at_talks)
        self._put_behind(self.offer, self.prospect | self.talks)
        self.assertEqual(merged.furthest_column_id, self.at_talks)
        self.talks.unlink()
        self.assertEqual(merged.furthest_column_id, self.at_prospect)

    def test_what_a_project_did_before_it_left_for_a_native_team_counts_no_more(self):
        self.native_team.member_ids = self.manager
        lead = self._through(self.at_talks, self.at_prospect)
        lead.write({"team_id": self.native_team.id, "user_id": False})
        lead.write({"user_id": self.sales.id})
        self.assertEqual(lead.team_id, self.team)
        self._put(lead, self.at_prospect, self.at_offer)
        self._put_behind(self.prospect, self.offer)
        self.assertEqual(lead.furthest_column_id, self.at_prospect, "Talks was in another life")

    def test_another_order_reads_those_projects_alone_that_it_concerns(self):
        """What is missing on purpose shows which ones were worked out anew."""
        leads = self._through(self.at_offer) | self._through(self.at_talks)
        for stage, others, expected in (
            (self.offer, self.prospect, []),
            (self.talks, self.prospect, [self.at_talks]),
        ):
            with self.subTest(stage.name):
                self.env.flush_all()
                self.cr.execute(SQL("UPDATE crm_lead SET column_since = NULL WHERE id = ANY(%s)", leads.ids))
                leads.invalidate_recordset()
                self._put_behind(stage, others)
                concerned = leads.filtered("column_since")
                self.assertEqual(concerned.mapped("furthest_column_id.id"), [column.id for column in expected])

    # ------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------

    def test_merged_projects_came_with_the_first_and_as_far_as_the_furthest(self):
        with self.at("2026-03-02 08:00:00"):
            first = self._through(self.at_prospect, self.at_talks, self.at_prospect)
        with self.at("2026-04-02 08:00:00"):
            second = self._through(self.at_offer)
        native = self._make_native_lead()
        merged = (first | second | native).merge_opportunity()
        self.assertEqual(merged.team_id, self.team)
        self.assertEqual(merged.furthest_column_id, self.at_talks)
        self.assertEqual(merged.funnel_date, date(2026, 3, 2))

    def test_merging_native_ones_gives_them_no_progress(self):
        first, second = (self._make_lead(team_id=self.native_team.id, user_id=False) for _number in range(2))
        merged = (first | second).merge_opportunity()
        self.assertFalse(merged.funnel_date or merged.furthest_column_id)

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    def _forged(self):
        return {
            "funnel_date": "2020-01-01",
            "furthest_column_id": self.at_order.id,
            "column_since": "2020-01-01 08:00:00",
        }

    def test_nobody_makes_a_project_that_has_come_further_than_it_has(self):
        defaults = {f"default_{name}": value for name, value in self._forged().items()}
        vals = {"name": "Quick", "type": "opportunity", "team_id": self.team.id}
        for user in (self.sales, self.all_leads, self.manager):
            for context, given in ((defaults, {}), ({}, self._forged())):
                with self.subTest(f"{user.login}, {bool(given)}"), self.at("2026-03-02 08:00:00"):
                    leads = self.env["crm.lead"].with_user(user).with_context(**context)
                    lead = leads.create({**vals, "user_id": user.id, **given})
                    self.assertEqual(lead.furthest_column_id, self.at_prospect)
                    self.assertEqual(lead.column_since, datetime(2026, 3, 2, 8))
                    self.assertEqual(len(lead.sudo().move_ids), 1)
                    is_given = given and user == self.manager  # as programs of managers do
                    self.assertEqual(lead.funnel_date, date(2020, 1, 1) if is_given else date(2026, 3, 2))

    def test_how_far_a_project_has_come_is_a_manager_s_alone_to_correct(self):
        lead = self._through(self.at_prospect)
        for name, value in self._forged().items():
            for user in (self.sales, self.all_leads):
                with self.subTest(f"{name}, {user.login}"), self.assertRaises(AccessError):
                    lead.with_user(user).write({name: value})
            lead.with_user(self.manager).write({name: value})
        self.assertEqual(lead.funnel_date, date(2020, 1, 1))

    def test_salespeople_move_undo_and_merge(self):
        with self.at("2026-03-02 08:00:00"):
            first = self._through(self.at_talks, self.at_prospect)
        with self.at("2026-04-02 08:00:00"):
            second = self._through(self.at_prospect)
        theirs = second.with_user(self.sales)
        self._put(theirs, self.at_offer)
        theirs.action_undo_move(self.at_prospect.id, self.at_offer.id)
        self.assertEqual(second.furthest_column_id, self.at_prospect)
        self._put(theirs, self.at_offer)
        merged = (first | second).with_user(self.sales).merge_opportunity()
        self.assertEqual((merged.furthest_column_id, merged.funnel_date), (self.at_talks, date(2026, 3, 2)))

    def test_who_gives_a_project_away_still_writes_its_history(self):
        _tender, team = self._make_tender()
        team.member_ids = self.all_leads
        lead = self._through(self.at_offer)
        lead.with_user(self.sales).write({"team_id": team.id, "user_id": self.all_leads.id})
        self.assertEqual(lead.furthest_column_id, lead.board_column_id)
        self.assertEqual(lead.furthest_column_id.process_id, team.process_id)

    def test_the_database_holds_what_the_screen_shows(self):
        lead = self._through(self.at_prospect, self.at_offer)
        self.env.flush_all()
        stored = self.env.execute_query(
            SQL("SELECT furthest_column_id, funnel_date, column_since FROM crm_lead WHERE id = %s", lead.id)
        )
        self.assertEqual(stored, [(self.at_offer.id, lead.funnel_date, lead.column_since)])
