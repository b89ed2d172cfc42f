from odoo.tests import tagged
from odoo.tools import mute_logger

from .committed_case import CommittedCase


@tagged("post_install", "-at_install")
class TestReactionAtOnce(CommittedCase):
    def test_two_answers_at_the_same_moment_make_one_project(self):
        [member] = self._make_members(1)
        self._in_transaction(
            lambda env: env["utm.campaign"].browse(self.campaign).write({"answer_makes": "project"}) and None
        )

        def react():
            self._as_request(lambda env: env["crm.campaign.member"].browse(member)._on_reaction())

        with mute_logger("odoo.sql_db"):  # two wait for the first, and Odoo repeats what they asked for
            self._at_once(react, react, react)
        self.assertEqual(self._rows("SELECT COUNT(*) FROM crm_lead WHERE campaign_id = %s", self.campaign), [(1,)])
