from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import SalesBoardCase


@tagged("post_install", "-at_install")
class TestColumnPlan(SalesBoardCase):
    """What a process wants done in a column is planned when a project comes there, whichever way it comes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls.env.ref("mail.mail_activity_data_call")
        cls.plan = cls.env["mail.activity.plan"].create(
            {
                "name": "After an offer",
                "res_model": "crm.lead",
                "company_id": False,
                "template_ids": [
                    Command.create(cls._template(cls.call, "Ask", delay_count=3)),
                    Command.create(
                        cls._template(cls.call, "Check", responsible_type="other", responsible_id=cls.manager.id)
                    ),
                ],
            }
        )
        cls.offered = cls._column("status", cls.offer)
        cls.offered.activity_plan_id = cls.plan

    @classmethod
    def _template(cls, activity_type, summary, **values):
        return {
            "activity_type_id": activity_type.id,
            "summary": summary,
            "delay_from": "after_plan_date",
            "responsible_type": "on_demand",
            **values,
        }

    def _planned(self, leads):
        domain = [("res_model", "=", "crm.lead"), ("res_id", "in", leads.ids)]
        return self.env["mail.activity"].search(domain, order="summary")

    def _names(self, leads):
        return self._planned(leads).mapped("summary")

    def test_a_move_plans_what_the_plan_says(self):
        lead = self._make_lead()
        self.assertFalse(self._names(lead))
        lead.with_user(self.sales).board_column_id = self.offered
        ask, check = self._planned(lead)
        today = fields.Date.today()
        self.assertEqual((ask.user_id, ask.date_deadline), (self.sales, today + timedelta(days=3)))
        self.assertEqual((check.user_id, check.date_deadline), (self.manager, today))
        self.assertTrue(ask.automated and check.automated)
        self.assertFalse(ask.requested_by_id or check.requested_by_id)

    def test_whichever_way_it_comes(self):
        mail = "From: Iris <iris@example.com>\nTo: x@example.com\nSubject: Pumps\nMessage-Id: <a@b>\n\nHello"
        stage = {"stage_id": self.offer.id}

        def by_mail():
            model = self.env["crm.lead"].with_context(default_team_id=self.team.id, default_stage_id=self.offer.id)
            message = {"subject": "Pumps", "from": "iris@example.com", "body": mail, "message_id": "<a@b>"}
            return model.message_new(message, {"type": "opportunity", "user_id": self.sales.id})

        def imported():
            values = [["Import", self.team.name, self.offered.name, self.sales.name]]
            names = ["name", "team_id", "board_column_id/.id", "user_id"]
            values[0][2] = self.offered.id
            return self.env["crm.lead"].browse(self.env["crm.lead"].load(names, values)["ids"])

        def dragged():
            lead = self._make_lead()
            lead.web_save({"board_column_id": self.offered.id}, {})
            return lead

        def by_form():
            lead = self._make_lead()
            with Form(lead) as form:
                form.stage_id = self.offer
            return lead

        def by_team():
            lead = self._make_native_lead()
            lead.write({"team_id": self.team.id, "user_id": self.sales.id, **stage})
            return lead

        ways = {
            "made": lambda: self._make_lead(**stage),
            "made in the column": lambda: self._make_lead(board_column_id=self.offered.id),
            "mail": by_mail,
            "import": imported,
            "dragged": dragged,
            "form": by_form,
            "another team": by_team,
        }
        for way, come in ways.items():
            with self.subTest(way):
                lead = come()
                self.assertEqual(lead.board_column_id, self.offered)
                self.assertEqual(self._names(lead), ["Ask", "Check"])

    def test_outcomes_have_plans_and_closing_leaves_open_ones(self):
        self._column("order").activity_plan_id = self.plan.copy({"template_ids": [Command.clear(), Command.create(
            self._template(self.call, "Thank"))]})  # fmt: skip
        lead = self._make_lead(board_column_id=self.offered.id)
        self._close(lead, "order")
        self.assertEqual(self._names(lead), ["Ask", "Check", "Thank"])

    def test_each_entry_plans_once(self):
        lead = self._make_lead(board_column_id=self.offered.id)
        lead.write({"expected_revenue": 5})
        lead.write({"board_column_id": self.offered.id})
        self.assertEqual(len(self._planned(lead)), 2)
        self._planned(lead).filtered(lambda activity: activity.summary == "Ask").action_feedback()
        lead.board_column_id = self._column("status", self.prospect)
        lead.board_column_id = self.offered
        self.assertEqual(self._names(lead), ["Ask", "Check"], "what is still to be done is not asked for twice")

    def test_taking_a_move_back_takes_back_what_it_planned(self):
        lead = self._make_lead()
        mine = lead.with_user(self.sales)
        source = mine.board_column_id
        mine.board_column_id = self.offered
        mine.action_undo_move(source.id, self.offered.id)
        self.assertFalse(self._planned(lead))
        mine.board_column_id = self.offered
        mine.board_column_id = source
        mine.action_undo_move(self.offered.id, source.id)
        self.assertEqual(len(self._planned(lead)), 2, "coming back by undo plans nothing new")

    def test_without_anybody_to_do_it_the_move_works_and_the_user_is_told(self):
        lead = self._make_lead(user_id=False)
        self._clear_bus()
        lead.with_user(self.manager).board_column_id = self.offered
        self.assertEqual(lead.board_column_id, self.offered)
        self.assertEqual(self._names(lead), ["Check"])
        self.assertTrue(any("No responsible" in body for body in lead.message_ids.mapped("body")))
        self.env.cr.precommit.run()
        told = self.env["bus.bus"].search([("message", "like", "simple_notification")])
        self.assertIn("No responsible", " ".join(told.mapped("message")))

    def _clear_bus(self):
        self.env["bus.bus"].search([]).unlink()

    def test_who_has_left_or_may_not_see_the_project_gets_nothing(self):
        for name, prepare in (
            ("left", lambda lead: self.manager.write({"active": False})),
            ("restricted", lambda lead: lead.write({"is_restricted": True})),
        ):
            lead = self._make_lead()
            self.manager.active = True
            prepare(lead)
            with self.subTest(name):
                lead.with_user(self.sales).board_column_id = self.offered
                self.assertEqual(self._names(lead), ["Ask"])
                self.assertEqual(lead.board_column_id, self.offered)

    def test_a_plan_of_another_company_is_not_for_it(self):
        theirs = self.env["res.company"].create({"name": "Theirs"})
        self.plan.company_id = theirs
        self.assertFalse(self._names(self._make_lead(board_column_id=self.offered.id, company_id=self.env.company.id)))
        process = self.standard.copy({"company_id": self.env.company.id})
        with self.assertRaises(ValidationError):
            process.column_ids[0].activity_plan_id = self.plan

    def test_an_archived_plan_plans_nothing(self):
        self.plan.active = False
        self.assertFalse(self._names(self._make_lead(board_column_id=self.offered.id)))
        self.plan.active = True
        self.assertTrue(self._names(self._make_lead(board_column_id=self.offered.id)))
        self.plan.unlink()
        self.assertFalse(self._names(self._make_lead(board_column_id=self.offered.id)))

    def test_managers_choose_plans_and_nothing_else_of_a_column(self):
        column = self._column("status", self.prospect)
        column.with_user(self.manager).activity_plan_id = self.plan
        with self.assertRaises(AccessError):
            column.with_user(self.manager).kind = "lost"
        for user in (self.sales, self.outsider):
            with self.assertRaises(AccessError):
                column.with_user(user).activity_plan_id = False
        with self.assertRaises(ValidationError):
            column.activity_plan_id = self.env["mail.activity.plan"].create({"name": "C", "res_model": "res.partner"})

    def test_the_form_of_the_process_offers_plans_by_column(self):
        with Form(self.process.with_user(self.manager)) as form:
            index = next(i for i, column in enumerate(self.process.column_ids) if column == self._column("lost"))
            with form.column_ids.edit(index) as line:
                line.activity_plan_id = self.plan
        self.assertEqual(self._column("lost").activity_plan_id, self.plan)

    def test_switching_a_team_plans_nothing(self):
        leads = self._make_native_lead() | self._make_native_lead()
        self.native_team.with_user(self.manager).switch_process(self.process)
        self.assertFalse(self._planned(leads))

    def test_five_hundred_are_moved_in_few_queries(self):
        leads = self.env["crm.lead"].create(
            [
                {"name": str(n), "team_id": self.team.id, "user_id": self.sales.id, "type": "opportunity"}
                for n in range(1000)
            ]
        )
        leads.board_column_id = self._column("status", self.prospect)

        def move(some):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            some.with_user(self.manager).write({"board_column_id": self.offered.id})
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        few, many = move(leads[:2]), move(leads[500:])
        self.assertEqual(len(self._planned(leads[500:])), 1000)
        self.assertLessEqual(many, few + 60)
        self.assertLess(many, 200)
