from unittest.mock import patch

from odoo.tests import tagged

from .anonymise_case import AnonymiseCase


@tagged("post_install", "-at_install")
class TestOutside(AnonymiseCase):
    """Others are told of what was done, when it was, and of nothing that was only tried."""

    def setUp(self):
        super().setUp()
        self.person = self._make_person()
        self.file = self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"A", "res_model": "res.partner", "res_id": self.person.id}
        )
        self.called = []
        unlink = self.registry["ir.attachment"].unlink

        def call_webhook(files):
            """As an automation does that sends what is deleted to another program."""
            names = files.mapped("name")
            files.env.cr.postcommit.add(lambda: self.called.extend(names))
            return unlink(files)

        self.startPatcher(patch.object(self.registry["ir.attachment"], "unlink", call_webhook))

    def _commit(self):
        self.env.flush_all()
        self.env.cr.postcommit.run()

    def test_a_preview_calls_nobody(self):
        before = []
        self.env.cr.postcommit.add(lambda: before.append("asked for before"))
        request = self._request(self.person)
        request.action_preview()
        self._commit()
        self.assertEqual((self.called, before), ([], ["asked for before"]))
        self.assertTrue(self.file.exists())

    def test_what_is_left_for_another_look_calls_nobody(self):
        request = self._request(self.person)
        request.action_preview()
        self.person.street = "Elsewhere 1"
        request.action_carry_out()
        request.sudo().line_ids._carry_out()
        self._commit()
        self.assertEqual((request.line_ids.state, self.called), ("changed", []))

    def test_what_is_done_is_told_once(self):
        request = self._request(self.person)
        request.action_preview()
        request.action_carry_out()
        request.sudo().line_ids._carry_out()
        self.assertEqual(self.called, [])
        self._commit()
        self.assertEqual((request.line_ids.state, self.called), ("done", ["a.txt"]))

    def test_looking_whether_something_is_kept_still_calls_nobody(self):
        self.env["crm.gdpr.kept"]._find_still_kept(self.person)
        self._commit()
        self.assertEqual(self.called, [])
