import base64
import io
import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import config, mute_logger

from ..tools import ledger
from .test_log import LogCase

LEDGER_LOG = "odoo.addons.crm_gdpr.models.crm_gdpr_log_ledger"


class LedgerCase(LogCase):
    def setUp(self):
        super().setUp()
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory())) / "ledger"
        self.path = self.folder / f"{self.env.cr.dbname}.jsonl"

    def _use_option(self, name, value):
        self.addCleanup(config.options.pop, name, None)
        config[name] = value

    def _write(self):
        self.log._write_ledger(str(self.folder))

    def _numbers(self, path=None):
        lines = (path or self.path).read_bytes().splitlines()
        return [json.loads(line)["number"] for line in lines[1:]]

    def _export(self):
        return b"".join(self.log._export_lines())

    def _read(self, content):
        return self.log._read_ledger(io.BytesIO(content))


class TestExport(LedgerCase):
    def test_the_whole_log_can_be_taken_elsewhere_and_verified_there(self):
        self._append_many(3)
        book = ledger.Ledger(io.BytesIO(self._export()), self.log._get_key())
        numbers = [entry["number"] for entry in book]
        self.assertEqual(numbers, list(range(1, self.log.search_count([]) + 1)))
        self.assertEqual((book.count, book.problems), (len(numbers), []))

    def test_it_is_not_what_was_exported_once_it_is_changed(self):
        self._append_many(3)
        lines = self._export().splitlines(keepends=True)
        [*_others, last, _head] = lines
        number = json.loads(last)["number"]
        forged = last.replace(b'"event":"touched"', b'"event":"scanned"')
        for kind, changed in (
            ("changed", [*lines[:-2], forged, lines[-1]]),
            ("missing", [*lines[:-3], *lines[-2:]]),
            ("cut", [*lines[:-2], lines[-1]]),
        ):
            found = self._read(b"".join(changed))
            with self.subTest(kind=kind):
                self.assertEqual([problem.kind for problem in found["problems"]][:1], [kind])
                self.assertIn(found["problems"][0].number, (number, number - 1))

    def test_an_entry_that_anybody_could_have_written_is_not_used(self):
        contact = self._make_contact()
        self._append_many(1)
        lines = self._export().splitlines(keepends=True)
        subjects = self.log._get_fingerprints(contact)
        forged = json.loads(lines[-2]) | {"event": "carried_out", "subjects": subjects, "hash": "f" * 64}
        found = self._read(b"".join([*lines[:-2], ledger.entry_line(forged)]))
        self.assertEqual((found["done"], found["unknown"]), ({}, 0))
        self.assertEqual([problem.kind for problem in found["problems"]], ["changed"])

    def test_another_file_is_told_apart(self):
        for content in (b"", b"\n", b"PK\x03\x04", b"[]\n", b'{"ledger": 2}\n', b'{"ledger":1,"key_id":"x"}\nx\n'):
            with self.subTest(content=content), self.assertRaises(ledger.NoLedger):
                self._read(content)


class TestWritingOn(LedgerCase):
    def test_what_is_committed_is_appended(self):
        self._append_many(2)
        self._write()
        count = self.log.search_count([])
        self.assertEqual(self._numbers(), list(range(1, count + 1)))
        self._append_many(2)
        self._write()
        self._write()
        self.assertEqual(self._numbers(), list(range(1, count + 3)))

    def test_nobody_else_can_read_it(self):
        self._write()
        self.assertEqual((self.path.stat().st_mode & 0o777, self.folder.stat().st_mode & 0o777), (0o600, 0o700))

    def test_a_line_that_was_broken_off_is_written_again(self):
        self._append_many(3)
        self._write()
        whole = self.path.read_bytes()
        for cut in (1, 5, len(whole.splitlines(keepends=True)[-1]) + 7, len(whole) - 3):
            with self.subTest(cut=cut):
                self.path.write_bytes(whole[:-cut])
                self._write()
                self.assertEqual(self.path.read_bytes(), whole)

    def test_long_entries_are_found_again(self):
        subjects = [f"{number:064x}" for number in range(3000)]
        self.log._append("carried_out", subjects)
        self._write()
        size = self.path.stat().st_size
        self._write()
        self.assertEqual(self.path.stat().st_size, size)
        self._append_many(1)
        self._write()
        self.assertEqual(self._numbers()[-1], self.log.search_count([]))

    def test_after_an_older_database_was_restored_the_ledger_is_kept_and_another_one_begun(self):
        with self.env.cr.savepoint() as savepoint:
            self._append_many(3)
            self._write()
            savepoint.rollback()
        old = self._numbers()
        self._append_many(1)
        with self.assertLogs(LEDGER_LOG, "WARNING") as logged:
            self._write()
        self.assertIn("backup", logged.output[0])
        [kept] = self.folder.glob("*.before-*.jsonl")
        self.assertEqual(self._numbers(kept), old)
        self.assertEqual(self._numbers(), list(range(1, self.log.search_count([]) + 1)))

    def test_a_file_that_is_no_ledger_is_left_alone(self):
        self.folder.mkdir()
        self.path.write_text("important\n")
        with self.assertRaises(ledger.NoLedger):
            self._write()
        self.assertEqual(self.path.read_text(), "important\n")


@tagged("post_install", "-at_install")
class TestAfterCommit(LedgerCase):
    """With transactions that are committed."""

    def _append(self, _index=0):
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["crm.gdpr.log"]._append("touched")

    def test_every_entry_lands_there_once_it_is_committed(self):
        self._use_option("gdpr_ledger", str(self.folder))
        self._append()
        first = self._numbers()[-1]
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["crm.gdpr.log"]._append("touched")
            cr.rollback()
        self.assertEqual(self._numbers()[-1], first)
        with mute_logger("odoo.sql_db"), ThreadPoolExecutor(3) as pool:
            done = [self._try(pool.submit(self._append)) for _index in range(6)]
        self.assertEqual(self._numbers(), list(range(1, first + 1 + sum(done))))

    def _try(self, future):
        """One that met another is tried again by Odoo where it is a request; here it is left."""
        return future.exception() is None

    def test_a_folder_that_cannot_be_written_does_not_undo_what_was_done(self):
        blocked = self.folder.parent / "file"
        blocked.write_text("")
        self._use_option("gdpr_ledger", str(blocked / "folder"))
        before = self.log.search_count([])
        with self.assertLogs(LEDGER_LOG, "ERROR"):
            self._append()
        with self.registry.cursor() as cr:
            after = api.Environment(cr, SUPERUSER_ID, {})["crm.gdpr.log"].search_count([])
        self.assertEqual(after, before + 1)
        # the next one writes both
        config["gdpr_ledger"] = str(self.folder)
        self._append()
        self.assertEqual(self._numbers()[-2:], [after, after + 1])


class TestCheck(LedgerCase):
    def _open(self, user=None, **values):
        return self.env["crm.gdpr.log.check"].with_user(user or self.officer).create(values)

    def test_a_whole_log_is_called_whole(self):
        last = self._append_many(2)[-1]
        wizard = self._open()
        self.assertEqual((wizard.is_good, wizard.is_key_changed, wizard.problems), (True, False, ""))
        self.assertEqual((wizard.entry_count, wizard.last_hash), (last.number, last.hash))

    def test_what_is_wrong_is_named(self):
        first, _second = self._append_many(2)
        number = first.number
        self._tamper("DELETE FROM crm_gdpr_log WHERE number = %s", number)
        wizard = self._open()
        self.assertFalse(wizard.is_good)
        self.assertEqual(wizard.problems, f"Entries {number} to {number} are missing.")

    def test_a_changed_key_is_told_as_such(self):
        self._append_many(1)
        self._use_option("gdpr_key", "c" * 40)
        self._append_many(1)
        wizard = self._open()
        self.assertEqual((wizard.is_good, wizard.is_key_changed), (True, True))
        self.assertIn("another key", wizard.problems)

    def test_an_end_that_was_cut_off_with_the_head_is_seen_in_a_copy(self):
        """The one thing that the database alone cannot tell: an older state of it is as right as the newer one."""
        with self.env.cr.savepoint() as savepoint:
            self._append_many(3)
            copy = base64.b64encode(self._export())
            savepoint.rollback()
        wizard = self._open(file=copy)
        self.assertTrue(wizard.is_good)
        wizard.action_compare()
        self.assertFalse(wizard.is_same)
        self.assertIn("3 of them are not in the log any more", wizard.compared)

    def test_a_copy_of_the_log_agrees_with_it(self):
        self._append_many(2)
        wizard = self._open(file=base64.b64encode(self._export()))
        self._append_many(1)
        wizard.action_compare()
        self.assertTrue(wizard.is_same)
        self.assertIn("All of them are in the log", wizard.compared)

    def test_the_servers_own_copy_can_be_chosen_and_no_other_file(self):
        self._use_option("gdpr_ledger", str(self.folder))
        self._append_many(1)
        self._write()
        wizard = self._open(server_file=self.path.name)
        self.assertTrue(wizard.has_server_files)
        wizard.action_compare()
        self.assertTrue(wizard.is_same)
        with self.assertRaisesRegex(UserError, "Choose a file"):
            self._open(server_file="../../../../../../etc/passwd").action_compare()

    def test_a_file_that_is_none_is_refused_with_words(self):
        with self.assertRaisesRegex(UserError, "no exported privacy log"):
            self._open(file=base64.b64encode(b"a,b\n1,2\n")).action_compare()
        with self.assertRaisesRegex(UserError, "Choose a file"):
            self._open().action_compare()

    def test_only_privacy_officers_verify_it(self):
        for user in self.others:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._open(user)


@tagged("post_install", "-at_install")
class TestDownload(LedgerCase, HttpCase):
    def test_an_officer_downloads_it_and_that_is_its_last_entry(self):
        self._append_many(2)
        officer = self.officer
        officer.password = "privacy_officer_password"
        self.authenticate(officer.login, officer.password)
        answer = self.url_open("/crm_gdpr/ledger")
        self.assertEqual(answer.status_code, 200)
        self.assertRegex(answer.headers["Content-Disposition"], r"attachment; .*privacy-log-.*\.jsonl")
        lines = answer.content.splitlines()
        last, head = json.loads(lines[-2]), json.loads(lines[-1])["head"]
        self.assertEqual((last["event"], last["user_ref"]), ("ledger_exported", officer.id))
        self.assertEqual((head["number"], head["hash"]), (last["number"], last["hash"]))

    def test_nobody_else_does(self):
        before = self.log.search_count([])
        self.assertIn("/web/login", self.url_open("/crm_gdpr/ledger").url)
        for user in (self.system, self.employee, self.portal):
            user.password = "privacy_other_password"
            self.authenticate(user.login, user.password)
            with self.subTest(user=user.login), mute_logger("odoo.http"):
                self.assertEqual(self.url_open("/crm_gdpr/ledger").status_code, 403)
        self.assertEqual(self.log.search_count([]), before)
