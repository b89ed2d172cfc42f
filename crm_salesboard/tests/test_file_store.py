import os
import resource
from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

# Larger than any log that the tests are writing meanwhile.
LIMIT = 48 * 1024 * 1024


@tagged("post_install", "-at_install")
class TestFileStore(TransactionCase):
    """The disk is full: here as the process may write no longer files."""

    def setUp(self):
        super().setUp()
        self.content = os.urandom(1024) * (LIMIT // 1024 + 1)
        self.lead = self.env["crm.lead"].create({"name": "Fleet"})

    @contextmanager
    def _full_disk(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    def _attach(self):
        values = {"name": "plan.bin", "raw": self.content, "res_model": "crm.lead", "res_id": self.lead.id}
        return self.env["ir.attachment"].create(values)

    def _place(self):
        attachments = self.env["ir.attachment"]
        fname, path = attachments._get_path(self.content, attachments._compute_checksum(self.content))
        return fname, path

    def _lying_about(self):
        fname, path = self._place()
        folder = os.path.dirname(path)
        return [name for name in os.listdir(folder) if name.startswith(os.path.basename(fname))]

    def test_who_stores_a_file_that_there_is_no_room_for_is_told_what_to_do_and_nothing_is_left_of_it(self):
        with self._full_disk(), self.assertRaisesRegex(UserError, "no room for this file"), self.env.cr.savepoint():
            self._attach()
        self.assertEqual(self._lying_about(), [])
        self.assertFalse(self.lead.message_attachment_count)

    def test_once_there_is_room_the_same_file_is_stored_whole(self):
        with self._full_disk(), self.assertRaises(UserError), self.env.cr.savepoint():
            self._attach()
        file = self._attach()
        self.env.invalidate_all()
        self.assertTrue(file.raw == self.content)  # not assertEqual, which would print them
        self.addCleanup(os.unlink, self._place()[1])

    def test_what_is_left_of_a_server_that_was_killed_while_it_wrote_keeps_no_file_from_being_stored(self):
        _fname, path = self._place()
        with open(f"{path}.1-1", "wb") as left:
            left.write(self.content[:100])
        self.addCleanup(os.unlink, f"{path}.1-1")
        self.assertTrue(self._attach().raw == self.content)
        self.addCleanup(os.unlink, path)
