from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.crm_dashboard.hooks import post_init_hook

from .common import FunnelCase

PROGRESS = ["furthest_column_id", "funnel_date", "column_since"]


@tagged("post_install", "-at_install")
class TestProgressFill(FunnelCase):
    """What is worked out in bulk, on installation and as a team is switched, is what moving would have written."""

    def _lives(self):
        """Projects with all kinds of lives, each step of them at another time."""
        lost, cancelled, order = self._column("lost"), self._column("cancelled"), self.at_order
        paths = [
            [self.at_prospect],
            [self.unprocessed, self.at_prospect, self.at_offer],
            [self.at_prospect, self.at_talks, self.at_offer],
            [self.at_prospect, order],
            [order],
            [order, self.at_prospect],
            [self.at_talks, order, self.at_offer, lost],
            [self.unprocessed, lost],
            [self.at_offer, cancelled, self.at_prospect],
            [self.at_offer, lost, order],
        ]
        leads = self.env["crm.lead"]
        for path in paths:
            for day, column in enumerate(path, start=1):
                with self.at(f"2026-03-{day:02} 23:30:00"):
                    if day == 1:
                        lead = self._make_lead(board_column_id=column.id)
                    else:
                        self._put(lead, column)
            leads |= lead
        with self.at("2026-03-09 12:00:00"):
            for lead in (self._make_lead(board_column_id=order.id), self._put(self._make_lead(), order)):
                lead.write({"active": False, "is_cancelled": True, "cancel_reason_id": self.cancel_reason.id})
                leads |= lead
        with self.at("2026-03-10 12:00:00"):
            undone = self._put(leads[0].copy({"user_id": self.sales.id}), self.at_talks)
            undone.action_undo_move(self.at_prospect.id, self.at_talks.id)
        return leads | undone

    def _forget(self, leads):
        """As if the addon had not been there."""
        self.env.flush_all()
        moves = self.env["crm.lead.move"].search([("lead_id", "in", leads.ids)])
        moves.filtered(lambda move: not move.before).unlink()
        for model, names in (("crm.lead", PROGRESS), ("crm.lead.move", ["days"])):
            empty = SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in names)
            ids = leads.ids if model == "crm.lead" else moves.exists().ids
            table = SQL.identifier(self.env[model]._table)
            self.cr.execute(SQL("UPDATE %s SET %s WHERE id = ANY(%s)", table, empty, ids))
        self.env.invalidate_all()

    def test_on_installation_every_project_gets_what_its_moves_would_have_written(self):
        leads = self._lives()
        written = [lead.read(PROGRESS)[0] for lead in leads]
        days = [leads.move_ids.filtered(lambda move: move.before and not move.undone).mapped("days")]
        self._forget(leads)
        self.assertFalse(any(leads.mapped("furthest_column_id")))
        post_init_hook(self.env)
        self.env.invalidate_all()
        for lead, values in zip(leads, written, strict=True):
            with self.subTest(lead.move_ids.mapped("display_name")):
                self.assertEqual(lead.read(PROGRESS)[0], values)
        self.assertEqual([leads.move_ids.filtered(lambda move: move.before and not move.undone).mapped("days")], days)

    def test_on_installation_native_projects_stay_as_they_are(self):
        native = self._make_native_lead()
        post_init_hook(self.env)
        self.assertFalse(native.funnel_date or native.furthest_column_id or native.column_since)

    def test_a_second_time_changes_nothing(self):
        leads = self._lives()
        written = leads.read(PROGRESS)
        post_init_hook(self.env)
        self.assertEqual(leads.read(PROGRESS), written)

    def test_a_team_that_is_switched_on_brings_its_projects_with_the_day_they_were_made(self):
        with self.at("2026-01-10 12:00:00"):
            open_one, lost, won = (self._make_native_lead() for _number in range(3))
        with self.at("2026-02-10 12:00:00"):
            lost.action_set_lost(lost_reason_id=self.reason.id)
            won.action_set_won()
        self.native_team.switch_process(self.process)
        self.assertEqual({str(lead.funnel_date) for lead in open_one | lost | won}, {"2026-01-10"})
        self.assertEqual(open_one.furthest_column_id, open_one.board_column_id)
        self.assertEqual(lost.furthest_column_id.stage_id, lost.stage_id)
        self.assertEqual(won.furthest_column_id, self.at_order)
        self.assertEqual(str(won.column_since), "2026-02-10 12:00:00")

    def test_a_team_that_is_switched_to_another_process_keeps_the_days_and_starts_anew(self):
        tender = self.env["crm.process"].create(
            {"name": "Tender", "status_ids": [(0, 0, {"name": name}) for name in ("Enquiry", "Bid", "Negotiation")]}
        )
        with self.at("2026-01-10 12:00:00"):
            lead = self._through(self.at_talks, self.at_prospect)
            won = self._through(self.at_talks, self.at_order)
        before = (lead.funnel_date, lead.column_since)
        self.team.switch_process(tender)
        self.assertEqual(lead.furthest_column_id, lead.board_column_id)
        self.assertEqual(lead.board_column_id.name, "Enquiry")
        self.assertEqual((lead.funnel_date, lead.column_since), before)
        self.assertEqual(won.furthest_column_id, won.board_column_id)
        self.team.switch_process(self.process)
        self.assertEqual(lead.furthest_column_id, self.at_talks, "back in its process it finds what it had reached")

    def test_a_team_that_is_switched_off_and_on_again_finds_the_days_on_which_its_projects_entered(self):
        self.native_team.member_ids = self.manager
        with self.at("2026-03-02 12:00:00"):
            imported = self._make_lead(date_open="2025-11-03 12:00:00")
            native = self._make_lead(team_id=self.native_team.id, user_id=False)
        with self.at("2026-05-02 12:00:00"):
            native.user_id = self.sales
        self.assertEqual(native.team_id, self.team)
        for process in (self.env["crm.process"], self.process):
            self.team.switch_process(process)
        self.assertEqual((str(imported.funnel_date), str(native.funnel_date)), ("2025-11-03", "2026-05-02"))

    def test_a_team_that_is_switched_off_leaves_nothing(self):
        lead = self._through(self.at_talks)
        self.team.switch_process(self.env["crm.process"])
        self.assertFalse(lead.funnel_date or lead.furthest_column_id or lead.column_since)
