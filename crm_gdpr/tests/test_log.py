from concurrent.futures import ThreadPoolExecutor

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import SQL, config, mute_logger

from ..tools.fingerprint import fingerprint
from .common import PrivacyCase

REFUSALS = {
    "UPDATE crm_gdpr_log SET event = 'scanned'",
    "UPDATE crm_gdpr_log SET hash = hash WHERE FALSE OR number = 1",
    "DELETE FROM crm_gdpr_log",
    "TRUNCATE crm_gdpr_log",
    "TRUNCATE crm_gdpr_log CASCADE",
    "UPDATE crm_gdpr_log_head SET number = 0",
    "UPDATE crm_gdpr_log_head SET last_hash = ''",
    "UPDATE crm_gdpr_log_head SET number = number + 2",
    "UPDATE crm_gdpr_log_head SET id = 2, number = number + 1",
    "DELETE FROM crm_gdpr_log_head",
    "TRUNCATE crm_gdpr_log_head",
}


class LogCase(PrivacyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log = cls.env["crm.gdpr.log"]

    def _problems(self):
        return [(problem.kind, problem.number, problem.until) for problem in self.log._verify()]

    def _tamper(self, statement, *params):
        """Do as one who may do everything in PostgreSQL."""
        cr = self.env.cr
        for table in ("crm_gdpr_log", "crm_gdpr_log_head"):
            cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER USER", SQL.identifier(table)))
        cr.execute(SQL(statement, *params))
        self.env.invalidate_all()

    def _append_many(self, count):
        return [self.log._append("touched", counts={"res.partner": index}) for index in range(count)]


class TestEntries(LogCase):
    def test_an_entry_says_who_did_what_when_to_which_records_by_which_versions(self):
        contacts = self._make_contact() + self._make_contact("John Doe")
        log = self.log.with_user(self.officer)
        entry = log._append("carried_out", contacts, {"mail.message": 3}, handlers=["mail.message"], seconds=1.25)
        self.assertEqual((entry.event, entry.user_ref, entry.user_id), ("carried_out", self.officer.id, self.officer))
        key = self.log._get_key()
        self.assertEqual(entry.user_fingerprint, fingerprint(key, "login", "privacy_officer"))
        self.assertEqual(
            set(entry.subjects), {fingerprint(key, "record", f"res.partner,{contact.id}") for contact in contacts}
        )
        self.assertEqual((entry.counts, entry.handlers), ({"mail.message": 3}, ["mail.message"]))
        self.assertEqual(entry.details, {"seconds": 1.25})
        self.assertEqual(entry.versions["odoo"][:4], "19.0")
        self.assertTrue(entry.versions["crm_gdpr"].startswith("19.0."))
        self.assertEqual(self._problems(), [])

    def test_entries_are_numbered_one_by_one(self):
        first, second, third = self._append_many(3)
        self.assertEqual((second.number, third.number), (first.number + 1, first.number + 2))
        self.assertEqual(third.previous_hash, second.hash)

    def test_what_could_be_about_a_person_does_not_get_into_it(self):
        before = self.log.search_count([])
        for wrong in (
            {"subjects": ["Jane Doe"]},
            {"subjects": ["res.partner,12"]},
            {"counts": {"Jane Doe": 1}},
            {"counts": {"jane@example.com": 1}},
            {"handlers": ["jane.doe"]},
            {"reason": "Jane called"},
            {"login": "jane.doe"},
            {"number": "0612345678"},
        ):
            with self.subTest(wrong=wrong), self.assertRaises(ValueError):
                self.log._append("touched", **wrong)
        with self.assertRaises(ValueError):
            self.log._append("gossip")
        self.assertEqual(self.log.search_count([]), before)

    def test_a_user_who_is_deleted_later_is_still_told_by_number(self):
        user = self._make_user("privacy_leaver", "crm_gdpr.group_privacy_officer")
        entry = self.log.browse(self.log.with_user(user)._append("touched").id)
        number = user.id
        user.unlink()
        self.assertFalse(entry.user_id)
        self.assertEqual(entry.user_ref, number)
        self.assertEqual(self._problems(), [])

    def test_an_entry_takes_two_queries(self):
        self._append_many(1)
        with self.assertQueryCount(2):
            self.log._append("touched", counts={"res.partner": 1})

    def test_what_happened_to_a_contact_and_what_a_user_did_is_found(self):
        contact, other = self._make_contact("Jane Searched", active=False), self._make_contact("John Other")
        log = self.log.with_user(self.officer)
        entry = log._append("touched", contact)
        self.log._append("touched", other)
        for domain in (
            [("contact_id", "=", contact.id)],
            [("contact_id", "in", [contact.id])],
            [("contact_id", "ilike", "Jane Searched")],
            [("user_id", "=", self.officer.id)],
            [("user_id", "ilike", "privacy_officer")],
        ):
            with self.subTest(domain=domain):
                self.assertEqual(log.search(domain), entry)
        number = contact.id
        contact.unlink()
        self.assertEqual(log.search([("contact_id", "=", number)]), entry)
        self.assertFalse(log.search([("contact_id", "ilike", "Jane Searched")]))


class TestNobodyChangesIt(LogCase):
    def test_not_through_odoo_whoever_it_is(self):
        entry = self.log._append("touched")
        head = self.env["crm.gdpr.log.head"].browse(1)
        for user in (self.env.user, self.officer, self.system, *self.others):
            for record in (entry, head):
                for sudo in (False, True):
                    mine = record.with_user(user).sudo(sudo)
                    for act in (
                        lambda mine=mine: mine.write({"number": 5}),
                        mine.unlink,
                        mine.copy,
                        lambda mine=mine: mine.create({"number": 5}),
                        lambda mine=mine: self._load(mine),
                    ):
                        with self.subTest(user=user.login, record=record), self.assertRaises(UserError):
                            act()
        self.assertEqual(self._problems(), [])

    def _load(self, record):
        """Import a change, which answers with messages instead of raising."""
        record.load([".id", "number"], [[record.id, "5"]])
        self.env.invalidate_all()
        if record.sudo().number != 5:
            raise UserError("nothing changed")

    def test_not_through_postgresql(self):
        self._append_many(2)
        for statement in sorted(REFUSALS):
            with self.subTest(statement=statement), mute_logger("odoo.sql_db"):
                with self.assertRaises(psycopg2.errors.InsufficientPrivilege), self.env.cr.savepoint():
                    self.env.cr.execute(SQL(statement))
        self.assertEqual(self._problems(), [])

    def test_nor_by_who_replays_changes_of_another_server(self):
        """Only triggers that are always on are looked at by replication."""
        self.env.cr.execute(
            """
            SELECT tgrelid::regclass::text, count(*), bool_and(tgenabled = 'A') FROM pg_trigger
             WHERE tgrelid IN ('crm_gdpr_log'::regclass, 'crm_gdpr_log_head'::regclass) AND NOT tgisinternal
             GROUP BY 1 ORDER BY 1
            """
        )
        self.assertEqual(self.env.cr.fetchall(), [("crm_gdpr_log", 2, True), ("crm_gdpr_log_head", 3, True)])

    def test_an_update_of_the_addon_leaves_it_as_it_is_and_as_safe(self):
        entry = self._append_many(1)[0]
        for model in (self.log, self.env["crm.gdpr.log.head"]):
            model._auto_init()
            model.init()
        self.assertEqual(entry.search([("id", "=", entry.id)]), entry)
        self.assertEqual(self._problems(), [])
        self.test_not_through_postgresql()


class TestVerify(LogCase):
    def test_a_changed_entry_is_named(self):
        _first, second, _third = self._append_many(3)
        for change in (
            "UPDATE crm_gdpr_log SET event = 'scanned' WHERE id = %s",
            "UPDATE crm_gdpr_log SET date = date - interval '1 day' WHERE id = %s",
            "UPDATE crm_gdpr_log SET user_ref = user_ref + 1 WHERE id = %s",
            "UPDATE crm_gdpr_log SET counts = '{}' WHERE id = %s",
        ):
            with self.subTest(change=change), self.env.cr.savepoint() as savepoint:
                self._tamper(change, second.id)
                self.assertEqual(self._problems(), [("changed", second.number, second.number)])
                savepoint.rollback()

    def test_rows_taken_out_and_an_end_cut_off_are_named(self):
        _first, second, third = self._append_many(3)
        number, end = second.number, third.number
        with self.env.cr.savepoint() as savepoint:
            self._tamper("DELETE FROM crm_gdpr_log WHERE id = %s", second.id)
            self.assertEqual(self._problems(), [("missing", number, number)])
            savepoint.rollback()
        self._tamper("DELETE FROM crm_gdpr_log WHERE id IN %s", (second.id, third.id))
        self.assertEqual(self._problems(), [("cut", number, end)])

    def test_an_end_cut_off_with_the_head_turned_back_is_told(self):
        _first, second, _third = self._append_many(3)
        self._tamper("DELETE FROM crm_gdpr_log WHERE number > %s", second.number)
        self._tamper("UPDATE crm_gdpr_log_head SET number = %s, last_hash = %s", second.number, second.hash)
        self.assertEqual(self._problems(), [("head", second.number, second.number)])

    def test_neither_is_hidden_by_naming_another_key(self):
        _first, second, third, _fourth = self._append_many(4)
        wizard = self.env["crm.gdpr.log.check"].with_user(self.officer)
        number = third.number
        with self.env.cr.savepoint() as savepoint:
            self._tamper("UPDATE crm_gdpr_log SET counts = '{}', key_id = 'deadbeef' WHERE number = %s", number)
            self.assertEqual(self._problems(), [("unproven", number, number)])
            self.assertFalse(wizard.create({}).is_good)
            savepoint.rollback()
        self._tamper("DELETE FROM crm_gdpr_log WHERE number > %s", second.number)
        self._tamper(
            "UPDATE crm_gdpr_log_head SET number = %s, last_hash = %s, mac = 'x', key_id = 'deadbeef'",
            second.number,
            second.hash,
        )
        self.assertEqual(self._problems(), [("head", second.number, second.number)])
        self.assertFalse(wizard.create({}).is_good)
        self._append_many(1)
        self.assertEqual(self._problems(), [("head_before", number, number)])
        self.assertFalse(wizard.create({}).is_good)

    def test_every_problem_has_words(self):
        kinds = ["changed", "unlinked", "missing", "cut", "extra", "head", "head_before"]
        kinds += ["other_key", "unproven", "more"]
        for kind in kinds:
            problem = type("Problem", (), {"kind": kind, "number": 7, "until": 9})
            with self.subTest(kind=kind):
                self.assertRegex(self.log._describe(problem), r"\.$")

    def test_it_reads_batch_by_batch(self):
        count = len(self._append_many(4)) and self.log.search_count([])
        with self.assertQueryCount(4):
            self.assertEqual(self._problems(), [])
        self.assertGreaterEqual(count, 4)


class TestKey(LogCase):
    def _use_option(self, key):
        self.addCleanup(config.options.pop, "gdpr_key", None)
        config["gdpr_key"] = key

    def test_it_is_made_at_installation_and_readable_by_administrators_of_the_system_alone(self):
        key = self.env["ir.config_parameter"].sudo().get_param("crm_gdpr.key")
        self.assertRegex(key, r"\A[0-9a-f]{64}\Z")
        self.assertEqual(self.log._get_key(), key.encode())
        parameter = self.env["ir.config_parameter"].search([("key", "=", "crm_gdpr.key")])
        for user in (self.officer, self.manager, self.employee, self.portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                parameter.with_user(user).read(["value"])

    def test_the_servers_configuration_goes_before_it(self):
        self._use_option("c" * 40)
        self.assertEqual(self.log._get_key(), b"c" * 40)

    def test_a_short_one_and_none_are_refused_with_the_reason(self):
        self._use_option("short")
        with self.assertRaisesRegex(UserError, "gdpr_key"):
            self.log._append("touched")
        config.options.pop("gdpr_key")
        self.env["ir.config_parameter"].set_param("crm_gdpr.key", False)
        with self.assertRaisesRegex(UserError, "crm_gdpr.key"):
            self.log._append("touched")

    def test_a_changed_one_is_noted_and_what_was_before_is_not_called_tampered_with(self):
        [before] = self._append_many(1)
        self._use_option("c" * 40)
        after = self.log._append("touched", counts={"res.partner": 1})
        self.assertEqual(after.number, before.number + 2)
        self.assertEqual(self.log.search([("number", "=", before.number + 1)]).event, "key_changed")
        self.assertEqual(self._problems(), [("other_key", 1, before.number)])
        with self.env.cr.savepoint():
            self._tamper("UPDATE crm_gdpr_log SET counts = '{}' WHERE id = %s", after.id)
            self.assertEqual(
                self._problems(), [("other_key", 1, before.number), ("changed", after.number, after.number)]
            )


@tagged("post_install", "-at_install")
class TestTwoAtOnce(LogCase):
    def setUp(self):
        super().setUp()
        # what is committed here stays: entries of the log cannot be taken away again
        self.before = self.log.search_count([])

    def _log_of(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})["crm.gdpr.log"]

    def test_who_has_not_seen_the_others_entry_is_refused_and_does_not_branch_off(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            second.execute("SELECT 1")  # from here on it sees the database as it is now
            self._log_of(first)._append("touched")
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.SerializationFailure):
                self._log_of(second)._append("touched")
        with self.registry.cursor() as cr:
            self.assertEqual(self._log_of(cr)._verify(), [])

    def test_many_at_once_make_one_chain(self):
        with mute_logger("odoo.sql_db", "odoo.service.model"), ThreadPoolExecutor(4) as pool:
            list(pool.map(self._append_as_a_request, range(12)))
        with self.registry.cursor() as cr:
            log = self._log_of(cr)
            self.assertEqual(log._verify(), [])
            self.assertEqual(log.search_count([]), self.before + 12)

    def _append_as_a_request(self, index):
        with self.registry.cursor() as cr:
            log = self._log_of(cr)
            retrying(lambda: log._append("touched", turn=index), log.env)
