import gc
import io
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged

from ..access import columns
from ..access.export import PAGE, Export
from ..access.pages import Pages
from ..access.records import Record
from ..handlers import HANDLERS
from ..tools.fingerprint import fingerprint
from ..tools.secret_names import is_secret
from .access_case import AccessCase, Opened

FEW, MANY = 200, 3000
# of one more page of records
QUERIES = 8


@tagged("post_install", "-at_install")
class TestArchive(AccessCase):
    """How the archive is made, and by whom."""

    def open(self, record=None, user=None):
        """The dialogue of an officer."""
        model = self.env["crm.gdpr.access"].with_user(user or self.officer)
        record = (record if record is not None else self.jane).with_env(model.env)
        return model.browse(model.action_open_for(record)["res_id"])

    def test_programs_get_what_the_documentation_says(self):
        self.note(self.jane, "<p>x</p>")
        data = self.export().data
        self.assertEqual(
            list(data),
            "schema version made_at made_by language person models files kept left_out other_companies".split(),
        )
        self.assertEqual((data["schema"], data["version"], data["language"]), ("crm_gdpr.access", 1, "en_US"))
        for model in data["models"]:
            self.assertEqual(list(model), ["model", "label", "fields", "records"])
            for record in model["records"]:
                self.assertLessEqual(set(record), {"id", "relation", "values", "lines", "changes", "files"})
                self.assertLessEqual(set(record["values"]), set(model["fields"]), "each value has a label and a type")
        fields.Datetime.to_datetime(data["made_at"].removesuffix("Z").replace("T", " "))

    def test_the_dialogue_counts_what_will_be_in_it(self):
        lead = self.make_lead(partner_id=self.jane.id)
        self.note(lead, "<p>x</p>")
        self.attach(lead, "plan.txt", b"slate")
        wizard = self.open()
        archive = self.export()
        told = {part["model"]: len(part["records"]) for part in archive.data["models"]}
        self.assertEqual(wizard.counts, {**told, "ir.attachment": 1})
        self.assertIn("Lead", wizard.summary)
        self.assertEqual(wizard.file_count, 1)

    def test_the_language_of_the_pages_is_the_contacts(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.assertEqual(self.open().lang, "en_US")
        self.jane.lang = "fr_FR"
        self.assertEqual(self.open().lang, "fr_FR")

    def test_nobody_but_officers_gets_it(self):
        wizard = self.open()
        for user in self.others:
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self.open(user=user)
                with self.assertRaises(AccessError):
                    wizard.with_user(user).action_download()
                with self.assertRaises(AccessError):
                    wizard.with_user(user)._build()
        actions = self.env["ir.actions.actions"]
        for user, is_offered in ((self.officer, True), *((user, False) for user in self.others[:3])):
            bindings = actions.with_user(user).get_bindings("res.partner").get("action", [])
            offered = [binding["id"] for binding in bindings]
            self.assertEqual(self.env.ref("crm_gdpr.action_export_partner").id in offered, is_offered, user.login)

    def test_an_officer_who_may_not_see_leads_gets_none_of_a_lead(self):
        with self.assertRaises(AccessError):
            self.open(self.make_lead(contact_name="Nora"))

    def test_an_officer_gets_it_of_contacts_that_they_may_see_alone(self):
        self.jane.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaises(AccessError):
            self.open()

    def test_what_another_officer_opened_is_theirs(self):
        other = self._make_user("privacy_second", "crm_gdpr.group_privacy_officer")
        with self.assertRaises(AccessError):
            self.open().with_user(other)._build()

    def test_each_person_gets_an_archive_of_their_own(self):
        with self.assertRaisesRegex(UserError, "one person"):
            self.open(self.jane + self.karl)
        with self.assertRaisesRegex(UserError, "one person"):
            self.open(self.jane.browse())
        lead = self.make_lead(partner_id=self.jane.id)
        self.assertEqual(self.open(lead).partner_id, self.jane, "a lead with a customer stands for the customer")
        alone = self.make_lead(contact_name="Nora")
        self.officer.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.assertEqual(self.open(alone).lead_id, alone)
        with self.assertRaisesRegex(UserError, "nobody's"):
            self.open(self.env.ref("base.partner_root"))
        wizard = self.open(alone)
        alone.unlink()
        with self.assertRaises(MissingError):
            wizard.action_download()

    def test_it_is_written_into_the_log_without_saying_of_whom(self):
        self.note(self.jane, "<p>x</p>")
        wizard = self.open()
        before = self.env["crm.gdpr.log"].search_count([])
        wizard._build().close()
        entry = self.env["crm.gdpr.log"].search([], limit=1)
        self.assertEqual(self.env["crm.gdpr.log"].search_count([]), before + 1)
        key = self.env["crm.gdpr.log"]._get_key()
        self.assertEqual((entry.event, entry.user_ref), ("exported", self.officer.id))
        self.assertEqual(entry.subjects, [fingerprint(key, "record", f"res.partner,{self.jane.id}")])
        self.assertEqual(entry.counts, wizard.counts)
        self.assertFalse(self.env["crm.gdpr.log"]._verify())

    def test_nothing_of_it_stays_in_the_database_or_the_file_store(self):
        self.attach(self.jane, "plan.txt", b"slate")
        wizard = self.open()
        self.env.flush_all()
        count = "SELECT (SELECT count(*) FROM ir_attachment), (SELECT count(*) FROM mail_message)"
        self.env.cr.execute(count)
        before = self.env.cr.fetchone()
        stored = AssertionError("a file was stored")
        with patch.object(type(self.env["ir.attachment"]), "_file_write", side_effect=stored):
            file = wizard._build()
        self.env.flush_all()
        self.env.cr.execute(count)
        self.assertEqual(self.env.cr.fetchone(), before)
        self.env.cr.execute("SELECT * FROM crm_gdpr_access WHERE id = %s", [wizard.id])
        self.assertNotIn("Quillfeather", repr(self.env.cr.fetchone()))
        self.assertFalse(isinstance(file.name, str), "the file has no name by which anybody could open it")
        file.close()

    def test_what_is_left_of_an_anonymised_person_is_listed(self):
        self.note(self.jane, "<p>old</p>")
        lead = self.make_lead(partner_id=self.jane.id)
        self.jane.write({"gdpr_state": "restricted", "gdpr_date": "2026-01-01", "name": "Anonymised contact"})
        self.env["crm.gdpr.kept"].create(
            {
                "partner_id": self.jane.id,
                "res_model": "crm.lead",
                "res_id": lead.id,
                "why": "posted",
                "until": "2033-12-31",
            }
        )
        archive = self.export()
        self.assertTrue(archive.data["person"]["anonymised"])
        self.assertEqual(archive.data["kept"], [{"reason": "Posted entry", "until": "2033-12-31", "number": 1}])
        self.assertEqual({part["model"] for part in archive.data["models"]}, {"crm.lead"})
        self.assertIn("You were anonymised here", archive.text("index.html"))
        self.assertIn("1 × Posted entry, until 12/31/2033", archive.text("index.html"))

    def test_of_an_anonymised_person_of_whom_nothing_is_kept_nothing_is_in_it(self):
        self.note(self.jane, "<p>old</p>")
        self.jane.write({"gdpr_state": "anonymised", "gdpr_date": "2026-01-01"})
        archive = self.export()
        self.assertEqual(sorted(archive.names), ["data.json", "index.html"])
        self.assertIn("There is nothing of that kind", archive.text("index.html"))

    def test_no_field_that_is_told_of_any_model_is_a_secret(self):
        for model in self.env.registry.models:
            if not self.env[model]._abstract:
                told = columns.get_told_fields(self.env, model)
                self.assertFalse([name for name in told if is_secret(name)], model)
                self.assertFalse([name for name in told if self.env[model]._fields[name].groups == "."], model)
        for name in ("access_token", "password", "totp_secret", "session_identifier", "oauth_access_token", "uuid",
                     "public_key", "credential_identifier", "signup_type", "inalterable_hash"):  # fmt: skip
            self.assertTrue(is_secret(name), name)

    def test_handlers_tell_of_fields_that_there_are(self):
        for model, handler in HANDLERS.items():
            if model in self.env.registry:
                own = {name for name in handler.export_fields or () if name not in self.env[model]._fields}
                optional = {"partner_country_id"}
                self.assertFalse(own - optional, model)
                self.assertLessEqual(set(handler.get_export_links()), set(self.env[model]._fields), model)

    def test_a_person_with_thousands_of_messages(self):
        lead = self.make_lead(partner_id=self.jane.id)
        env = self.env(user=self.officer)
        alive, render = [], Pages.render_records

        def count_records(pages, *args):
            gc.collect()
            alive.append(sum(isinstance(thing, Record) for thing in gc.get_objects()))
            return render(pages, *args)

        def write(number):
            """The archive with so many messages, what it counts, and the queries it took."""
            self._write_messages(lead, number)
            file, before = io.BytesIO(), self.env.cr.sql_log_count
            counts = Export(env, self.jane.with_env(env), "en_US").write(file)
            return file, counts, self.env.cr.sql_log_count - before

        _file, _counts, queries_of_few = write(FEW)
        with patch.object(Pages, "render_records", count_records):
            file, counts, queries = write(MANY - FEW)
        self.assertLess(queries - queries_of_few, QUERIES * MANY / PAGE)
        self.assertGreaterEqual(counts["mail.message"], MANY)
        self.assertLess(max(alive), 4 * PAGE, "no more than a few pages are in memory")
        archive = Opened(file.getvalue())
        self.assertEqual(len(archive.records("mail.message")), counts["mail.message"])
        pages = [name for name in archive.names if name.startswith("pages/mail.message")]
        self.assertEqual(len(pages), -(-counts["mail.message"] // PAGE))
        self.assertIn('href="mail.message-2.html"', archive.pages["pages/mail.message.html"])

    def _write_messages(self, lead, number):
        """By her and by a colleague, by turns."""
        body = "<p>Jane Quillfeather asked Mara Worker, karl@oddington.example</p>" * 5
        self.env.flush_all()
        self.env.cr.execute(
            """
            INSERT INTO mail_message (model, res_id, body, author_id, message_type, date, create_date)
            SELECT 'crm.lead', %s, %s, CASE number %% 2 WHEN 0 THEN %s ELSE %s END, 'comment', now(), now()
              FROM generate_series(1, %s) number
            """,
            [lead.id, body, self.jane.id, self.mara.partner_id.id, number],
        )
        self.env.invalidate_all()
