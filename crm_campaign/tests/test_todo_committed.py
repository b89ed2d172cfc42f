import threading

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .committed_case import CommittedCase


@tagged("post_install", "-at_install")
class TestTodoCommitted(CommittedCase):
    """Calls and letters where several are at it at the same moment, in real transactions."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._remove_calls_and_letters)

    def _remove_calls_and_letters(self):
        def remove(env):
            env["crm.call"].search([("company_id", "=", self.company)]).unlink()
            env["crm.campaign.step"].search([("company_id", "=", self.company)]).unlink()
            env["crm.letter.batch"].search([("company_id", "=", self.company)]).unlink()
            env["crm.letter.template"].search([("company_id", "=", self.company)]).unlink()

        self._in_transaction(remove)

    def _make_calls(self, number):
        self._make_members(number, street="Hauptstraße 1", city="Köln")

        def make(env):
            values = {"campaign_id": self.campaign, "name": "Calls", "channel": "phone", "user_id": self.manager}
            return (
                env["crm.campaign.step"].create({**values, "user_ids": [Command.create({"user_id": self.manager})]}).id
            )

        return self._in_transaction(make, self.manager)

    def _share_out(self):
        self._run("crm.campaign.step", "_share_out_waiting")

    def _count_activities(self, step):
        query = """SELECT dispatch.id, COUNT(*) FROM crm_campaign_dispatch dispatch
                     JOIN mail_activity activity ON activity.campaign_dispatch_id = dispatch.id
                    WHERE dispatch.step_id = %s GROUP BY dispatch.id"""
        return [count for _dispatch, count in self._rows(query, step)]

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_started_and_shared_out_by_several_at_once_everybody_is_called_once(self):
        step = self._make_calls(30)
        self._at_once(*[lambda: self._call(step, "action_start")] * 3)
        # Odoo's job is one, by a lock; here two get past it.
        self._at_once(self._share_out, self._share_out)
        self.assertEqual(self._count_activities(step), [1] * 30)
        self.assertEqual(self._state(step), "running")

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_a_result_that_is_said_twice_at_once_is_one_call(self):
        step = self._make_calls(1)
        self._call(step, "action_start")
        self._share_out()
        [(call,)] = self._rows("SELECT id FROM crm_campaign_dispatch WHERE step_id = %s", step)

        def say(env):
            result = env.ref("crm_campaign.crm_choice_campaign_result_not_interested")
            env["crm.campaign.dispatch"].browse(call).action_set_result(result.id)

        self._at_once(*[lambda: self._as_request(say)] * 3)
        self.assertEqual(self._states(step), ["sent"])
        self.assertEqual(len(self._rows("SELECT id FROM crm_call WHERE campaign_dispatch_id = %s", call)), 1)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_who_is_taken_out_while_the_step_starts_is_not_addressed(self):
        step = self._make_calls(2)
        query = "SELECT id FROM crm_campaign_member WHERE campaign_id = %s ORDER BY id"
        first, second = (member for (member,) in self._rows(query, self.campaign))
        self._meanwhile(
            lambda env: env["crm.campaign.member"].browse(first).action_remove(),
            lambda: self._call(step, "action_start"),
        )
        query = "SELECT member_id FROM crm_campaign_dispatch WHERE step_id = %s"
        self.assertEqual(self._rows(query, step), [(second,)])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_who_is_addressed_by_a_step_that_starts_is_not_taken_out(self):
        step, refused = self._make_calls(2), []

        def remove(env):
            members = env["crm.campaign.member"].search([("campaign_id", "=", self.campaign)])
            try:
                members.action_remove()
            except UserError as error:
                refused.append(str(error))

        self._meanwhile(
            lambda env: env["crm.campaign.step"].browse(step).action_start(), lambda: self._as_request(remove)
        )
        self.assertIn("addressed them already", refused[0])
        self.assertEqual(self._states(step), ["waiting", "waiting"])

    def _meanwhile(self, first, second):
        """Do the second thing while the first is done and not committed yet."""
        with self.registry.cursor() as cr:
            env = self._env(cr, self.manager)
            first(env(context={**env.context, "allowed_company_ids": [self.company]}))
            env.flush_all()
            thread = threading.Thread(target=second)
            thread.start()
            thread.join(2)  # long enough to be done, if it does not wait
            cr.commit()
            thread.join(60)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_letters_that_several_start_at_once_are_one_batch(self):
        self._make_members(3, street="Hauptstraße 1", city="Köln")

        def make(env):
            template = env["crm.letter.template"].create(
                {"name": "Fair", "subject": "Fair", "body": "<p>Come</p>", "company_id": self.company}
            )
            values = {"campaign_id": self.campaign, "name": "Letter", "channel": "letter", "user_id": self.manager}
            return env["crm.campaign.step"].create({**values, "letter_template_id": template.id}).id

        step = self._in_transaction(make, self.manager)
        self._at_once(*[lambda: self._call(step, "action_start")] * 3)
        rows = self._rows("SELECT letter_id FROM crm_campaign_dispatch WHERE step_id = %s", step)
        letters = self._rows("SELECT id FROM crm_letter WHERE company_id = %s", self.company)
        self.assertEqual(sorted(rows), sorted(letters))
        self.assertEqual(len(letters), 3)
