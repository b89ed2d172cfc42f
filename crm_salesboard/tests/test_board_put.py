import json
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import SalesBoardCase

BATCH = "odoo.addons.crm_salesboard.wizards.crm_board_put.PUT_BATCH"
UNDO_BATCH = "odoo.addons.crm_salesboard.wizards.crm_board_put_batch.UNDO_BATCH"


class BoardPutCase(SalesBoardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._make_customers(7)

    @classmethod
    def _make_customers(cls, number, **values):
        return cls.env["res.partner"].create(
            [{"name": f"Customer {n}", "is_company": True, **values} for n in range(number)]
        )

    def _run(self, user=None, partners=None, **values):
        """A run that has begun."""
        domain = [("id", "in", (self.customers if partners is None else partners).ids)]
        values = {"partner_domain": json.dumps(domain), "team_id": self.team.id, "subject": "Autumn", **values}
        context = dict.fromkeys(("tracking_disable", "mail_create_nosubscribe"), False)
        run = self.env["crm.board.put"].with_user(user or self.sales).with_context(**context).create(values)
        run.action_put()
        return run

    def _run_on_shared_board(self):
        """On the board of committed data, which other transactions see."""
        values = {"name": "Shared", "process_id": self.standard.id, "user_id": self.sales.id}
        return self._run(team_id=self.env["crm.team"].create(values).id)

    def _finish(self, run, method="put_next"):
        """Call it as the web client does, and return what it says each time."""
        told = [getattr(run, method)()]
        while told[-1]["state"] in ("running", "undoing"):
            told.append(getattr(run, method)())
        return told

    def _put(self, *args, **values):
        return self._finish(self._run(*args, **values))[-1]

    def _projects(self, partners=None):
        domain = [("partner_id", "in", (self.customers if partners is None else partners).ids)]
        return self.env["crm.lead"].search(domain, order="partner_id, id")

    def _reasons(self, progress):
        return {reason["result"]: reason["count"] for reason in progress["left_out"]}


@tagged("post_install", "-at_install")
class TestBoardPutRun(BoardPutCase):
    """Thousands of customers are put on the board part by part."""

    def test_it_goes_part_by_part_and_says_how_far_it_is(self):
        with patch(BATCH, 3):
            told = self._finish(self._run())
        self.assertEqual(
            [(part["state"], part["handled"], part["total"]) for part in told],
            [("running", 3, 7), ("running", 6, 7), ("done", 7, 7)],
        )
        self.assertEqual(told[-1]["made"], 7)
        self.assertEqual(self._projects().partner_id, self.customers)

    def test_a_search_that_what_is_put_no_longer_matches_is_put_completely(self):
        domain = [("id", "in", self.customers.ids), ("opportunity_ids", "=", False)]
        with patch(BATCH, 3):
            self.assertEqual(self._put(partner_domain=json.dumps(domain))["made"], 7)

    def test_a_failure_in_the_middle_loses_and_doubles_nothing(self):
        with patch(BATCH, 3):
            run = self._run()
            run.put_next()
            failing = patch.object(type(run), "_create_projects", side_effect=UserError("No"))
            with failing, self.assertRaises(UserError), self.env.cr.savepoint():
                run.put_next()
            self.assertEqual(run._progress()["handled"], 3)
            self.assertEqual(self._finish(run)[-1]["made"], 7)
        self.assertEqual(self._projects().partner_id, self.customers)
        self.assertEqual(len(self._projects()), 7)

    def test_what_was_broken_off_is_offered_and_taken_up_again(self):
        with patch(BATCH, 3):
            run = self._run()
            run.put_next()
            wizard = self.env["crm.board.put"].with_user(self.sales).new({})
            self.assertEqual(wizard.unfinished_id, run)
            self.assertFalse(self.env["crm.board.put"].with_user(self.other).new({}).unfinished_id)
            progress = wizard.unfinished_id.action_continue()["params"]["progress"]
            self.assertEqual((progress["id"], progress["handled"]), (run.id, 3))
            self._finish(run)
        self.assertFalse(self.env["crm.board.put"].with_user(self.sales).new({}).unfinished_id)

    def test_beginning_anew_after_a_stop_doubles_nobody(self):
        with patch(BATCH, 3):
            self._run().put_next()
            again = self._put()
        self.assertEqual((again["made"], self._reasons(again)), (4, {"open": 3}))
        self.assertEqual(len(self._projects()), 7)

    def test_when_done_it_does_nothing_more(self):
        run = self._run()
        self.assertEqual(self._finish(run)[-1], run.put_next())
        self.assertEqual(len(self._projects()), 7)

    def test_a_run_is_its_users_own(self):
        run = self._run()
        for user in (self.other, self.manager):
            with self.subTest(user.login):
                for method in ("put_next", "undo_next", "action_continue", "action_open_made", "action_open_left_out"):
                    with self.assertRaises(AccessError):
                        getattr(run.with_user(user), method)()
        self._finish(run)
        with self.assertRaises(AccessError):
            run.line_ids[0].with_user(self.other).read(["partner_id"])

    def test_nobody_can_forge_what_undoing_goes_by(self):
        run = self._run()
        foreign = self._make_lead(user_id=self.other.id)
        values = {"put_id": run.id, "partner_id": self.partner.id, "lead_id": foreign.id, "result": "made"}
        lines = self.env["crm.board.put.line"].with_user(self.sales)
        with self.assertRaises(AccessError):
            lines.create(values)
        with self.assertRaises(AccessError):
            run.line_ids = [(0, 0, values)]
        self._finish(run)
        with self.assertRaises(AccessError):
            run.line_ids[0].lead_id = foreign
        self.assertTrue(foreign.exists())

    def test_a_run_is_asked_for_its_rights_at_every_part(self):
        with patch(BATCH, 3):
            run = self._run()
            run.put_next()
            run.team_id = self.env["crm.team"].create({"name": "Not mine", "process_id": self.process.id})
            with self.assertRaisesRegex(UserError, "Choose a team of yours"):
                run.put_next()

    def test_what_was_made_and_what_was_left_out_can_be_listed(self):
        self._make_lead(partner_id=self.customers[0].id)
        run = self._run()
        self._finish(run)
        action = run.action_open_made()
        made = self.env["crm.lead"].search(action["domain"])
        self.assertEqual(made.partner_id, self.customers[1:])
        action = run.action_open_left_out()
        lines = self.env[action["res_model"]].with_user(self.sales).search(action["domain"])
        self.assertEqual((lines.partner_id, lines.result), (self.customers[0], "open"))


@tagged("post_install", "-at_install")
class TestBoardPutWaiting(BoardPutCase):
    """Two users at once make no doubles: one waits."""

    def test_while_a_colleague_fills_the_board_it_waits(self):
        run = self._run_on_shared_board()
        with self.registry.cursor() as cr:
            self.standard.with_env(self.env(cr=cr)).lock_for_update(allow_referencing=True)
            told = run.put_next()
            self.assertEqual((told["waiting"], told["state"], told["handled"]), (True, "running", 0))
        self.assertEqual(self._finish(run)[-1]["made"], 7)


@tagged("post_install", "-at_install")
class TestBoardPutStale(BoardPutCase):
    """Two users at once make no doubles: a part that began too early begins again.

    In a class of its own, as what it commits spoils the transaction for others.
    """

    def test_what_a_colleague_put_since_this_request_began_makes_it_begin_again(self):
        run = self._run_on_shared_board()
        with self.registry.cursor() as cr:
            # What each part of a colleague's does to the board, after this transaction has looked at it.
            theirs = self.env(cr=cr)
            theirs["crm.board.put"]._lock_boards(self.standard.with_env(theirs))
            cr.commit()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.SerializationFailure):
            run.put_next()


@tagged("post_install", "-at_install")
class TestBoardPutRules(BoardPutCase):
    """Owner and team by rule."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.renewals = cls.standard.copy({"name": "Renewals"})
        cls.other_team = cls.env["crm.team"].create({"name": "Renewals", "process_id": cls.renewals.id})
        cls.third = cls._make_user("cast_third", "sales_team.group_sale_salesman")
        cls.other_team.member_ids = cls.third
        cls.native_seller = cls._make_user("cast_native", "sales_team.group_sale_salesman")
        cls.native_team.member_ids = cls.native_seller

    def _owners(self, partners=None):
        return [project.user_id for project in self._projects(partners)]

    def test_without_a_salesperson_the_user_owns_them(self):
        self.customers[0].user_id = self.other
        self._put()
        self.assertEqual(self._owners(), [self.other] + [self.sales] * 6)

    def test_a_contact_person_has_the_salesperson_of_the_company(self):
        self.customers[0].user_id = self.other
        person = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customers[0].id, "user_id": False})
        person.user_id = False
        self._put(partners=person)
        self.assertEqual(self._owners(person), [self.other])

    def test_the_members_share_them_evenly_in_turn_over_all_parts(self):
        self.customers[2].user_id = self.third
        with patch(BATCH, 2):
            self._put(owner_rule="share")
        owners = self._owners()
        self.assertEqual(owners.pop(2), self.third)
        self.assertEqual({user: owners.count(user) for user in owners}, dict.fromkeys(self.team.member_ids, 2))
        self.assertEqual(owners[:3], owners[3:])

    def test_members_whose_assignment_is_paused_are_passed_over(self):
        paused = self.team.crm_team_member_ids.filtered(lambda member: member.user_id == self.other)
        paused.assignment_optout = True
        self._put(owner_rule="share")
        self.assertEqual(set(self._owners()), {self.sales, self.manager})
        self.team.crm_team_member_ids.assignment_optout = True
        more = self._make_customers(2)
        self._put(owner_rule="share", partners=more)
        self.assertEqual(self._owners(more), [self.sales] * 2)

    def test_nobody_owns_them_until_odoos_rules_hand_them_out(self):
        self.customers[0].user_id = self.other
        self._put(owner_rule="nobody")
        projects = self._projects()
        self.assertEqual(projects.user_id, self.other)
        self.assertEqual(projects.board_column_id, self._column("unprocessed"))
        self.env["ir.config_parameter"].set_param("crm.lead.auto.assignment", True)
        self.team.crm_team_member_ids.assignment_max = 90
        self.team.with_user(self.manager)._action_assign_leads(force_quota=True)
        projects.invalidate_recordset()
        self.assertTrue(all(project.user_id in self.team.member_ids for project in projects))

    def test_the_team_is_that_of_the_salesperson_where_it_sells_by_a_process(self):
        self.customers[0].user_id = self.third
        self.customers[1].user_id = self.native_seller
        self._put(self.manager, team_rule="salesperson")
        projects = self._projects()
        self.assertEqual(projects[0].team_id, self.other_team)
        self.assertEqual(projects[0].board_column_id, self._column("unprocessed", process=self.renewals))
        self.assertEqual((projects - projects[0]).team_id, self.team)
        self.assertEqual((projects[0].user_id, projects[1].user_id), (self.third, self.native_seller))

    def test_a_salesperson_fills_no_board_of_another_team(self):
        self.customers[0].user_id = self.third
        self._put(self.sales, team_rule="salesperson")
        self.assertEqual(self._projects().team_id, self.team)

    def test_doubles_are_looked_for_on_the_board_of_each_team(self):
        self.customers[0].user_id = self.third
        self._make_lead(partner_id=self.customers[0].id)
        self._make_lead(partner_id=self.customers[1].id)
        self._make_lead(partner_id=self.customers[2].id, team_id=self.other_team.id, user_id=self.third.id)
        progress = self._put(self.manager, team_rule="salesperson")
        self.assertEqual((progress["made"], self._reasons(progress)), (6, {"open": 1}))

    def test_the_subjects_of_each_teams_process_hold(self):
        self.customers[0].user_id = self.third
        self.renewals.subject_list_id = self.env["crm.choice.list"].create(
            {"name": "Subjects", "usage": "subject", "choice_ids": [(0, 0, {"name": "Renewal"})]}
        )
        progress = self._put(self.manager, team_rule="salesperson")
        self.assertEqual((progress["made"], self._reasons(progress)), (6, {"subject": 1}))
        progress = self._put(self.manager, team_rule="salesperson", subject="renewal")
        self.assertEqual((progress["made"], self._reasons(progress)), (1, {"open": 6}))

    def test_everything_left_out_has_its_reason(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.team.company_id = self.env.company
        self.manager.company_ids |= elsewhere
        self.customers[0].company_id = elsewhere
        self.customers[1].active = False
        self._make_lead(partner_id=self.customers[2].id, user_id=self.other.id)
        ann = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customers[3].id})
        partners = self.customers | ann | self.other.partner_id | self.env.company.partner_id
        domain = [("id", "in", partners.ids), ("active", "in", [True, False])]
        with patch(BATCH, 3):
            run = self._run(self.manager, partner_domain=json.dumps(domain))
            run = run.with_context(allowed_company_ids=(self.env.company | elsewhere).ids)
            progress = self._finish(run)[-1]
        self.assertEqual(progress["made"], 4)
        self.assertEqual(self._reasons(progress), {"company": 1, "archived": 1, "open": 1, "double": 1, "own": 2})

    def test_tens_of_thousands_cost_the_same_per_part(self):
        customers = self._make_customers(1500, user_id=self.other.id)
        sellers = [self.other, self.third, self.native_seller]
        for seller, part in zip(sellers, (customers[:500], customers[500:1000], customers[1000:]), strict=True):
            part.user_id = seller
        run = self._run(self.manager, customers, team_rule="salesperson", owner_rule="share")
        self.env.flush_all()
        for part in range(3):
            self.env.invalidate_all()
            with self.subTest(part), self.assertQueryCount(130):
                run.put_next()
                self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(run.put_next()["made"], 1500)


@tagged("post_install", "-at_install")
class TestBoardPutUndo(BoardPutCase):
    """What was just put on the board can be taken off again."""

    def test_the_projects_go_and_only_they(self):
        mine = self._make_lead(partner_id=self.customers[0].id)
        run = self._run()
        self._finish(run)
        with patch(UNDO_BATCH, 4):
            told = self._finish(run, "undo_next")
        self.assertEqual([(part["state"], part["removed"]) for part in told], [("undoing", 4), ("undone", 6)])
        self.assertEqual(self._projects(), mine)
        self.assertEqual(self._put()["made"], 6)

    def test_a_project_that_somebody_has_worked_on_stays(self):
        run = self._run()
        self._finish(run)
        changed, noted, planned, ordered, called, filed, untouched = self._projects()
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE crm_lead SET write_date = write_date + interval '1 minute' WHERE id = %s", changed.id)
        )
        note = noted.message_post(body="Called, will think about it")
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE mail_message SET create_date = create_date + interval '1 minute' WHERE id = %s", note.id)
        )
        planned.activity_schedule("mail.mail_activity_data_todo", user_id=self.other.id)
        self.env["sale.order"].create({"partner_id": ordered.partner_id.id, "opportunity_id": ordered.id})
        self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": "2030-01-01 10:00:00",
                "stop": "2030-01-01 11:00:00",
                "opportunity_id": called.id,
            }
        )
        self.env["ir.attachment"].create({"name": "offer", "raw": b"x", "res_model": "crm.lead", "res_id": filed.id})
        self.env.invalidate_all()
        told = self._finish(run, "undo_next")[-1]
        self.assertEqual((told["removed"], told["kept"], told["state"]), (1, 6, "undone"))
        self.assertEqual(self._projects(), changed | noted | planned | ordered | called | filed)
        self.assertFalse(untouched.exists())
        action = run.action_open_made()
        self.assertEqual(len(self.env["crm.lead"].search(action["domain"])), 6)

    def test_a_run_that_is_undone_cannot_go_on(self):
        with patch(BATCH, 3):
            run = self._run()
            run.put_next()
            self._finish(run, "undo_next")
            self.assertEqual(run.put_next()["state"], "undone")
        self.assertFalse(self._projects())
