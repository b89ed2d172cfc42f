from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .access_case import AccessCase, Opened


@tagged("post_install", "-at_install")
class TestReach(AccessCase):
    """A contact that companies share, and an officer who works for one of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.here = cls.env.company
        cls.there = cls.env["res.company"].create({"name": "Otherworks"})
        cls.officer.company_ids = cls.here
        cls.both = cls._make_user("officer_of_both", "crm_gdpr.group_privacy_officer")
        cls.mine = cls.env["crm.lead"].create({"name": "Slate roof", "partner_id": cls.jane.id})
        cls.mine.company_id = cls.here
        cls.theirs = cls.env["crm.lead"].create(
            {"name": "Their cellar", "partner_id": cls.jane.id, "company_id": cls.there.id, "user_id": False}
        )

    def _open(self, user=None, companies=None):
        """The archive that an officer downloads who has chosen companies."""
        model = self.env["crm.gdpr.access"].with_user(user or self.officer)
        if companies:
            model = model.with_context(allowed_company_ids=companies.ids)
        wizard = model.browse(model.action_open_for(self.jane.with_env(model.env))["res_id"])
        # as the browser fetches it, which tells nothing of what was chosen
        with wizard.with_context(allowed_company_ids=[]).with_user(user or self.officer)._build() as file:
            return wizard, Opened(file.read())

    def test_rows_of_another_company_are_left_out(self):
        child = self._make_contact("Jane's Depot", parent_id=self.jane.id, type="delivery", company_id=self.there.id)
        wizard, archive = self._open()
        self.assertEqual(set(archive.records("crm.lead")), {self.mine.id})
        self.assertEqual(set(archive.records("res.partner")), {self.jane.id})
        self.assert_untold(archive, "cellar", child.name)
        self.assert_told(archive, "Slate roof")
        self.assertEqual(wizard.counts["crm.lead"], 1)

    def test_what_hangs_on_such_rows_is_left_out_with_them(self):
        notes = [self.note(self.theirs, f"<p>Gossip {relation}</p>", **values) for relation, values in (
            ("about", {}), ("wrote", {"author": self.jane}), ("received", {"partner_ids": self.jane.ids}))]  # fmt: skip
        self.attach(self.theirs, "gossip.txt", b"Gossip in a file")
        sent = self.env["ir.attachment"].create({"name": "sent.txt", "raw": b"Gossip sent"})
        notes[1].attachment_ids = sent
        self.theirs.activity_schedule("mail.mail_activity_data_call", note="<p>Gossip to do</p>")
        kept = self.note(self.mine, "<p>Fine words</p>", author=self.jane)
        archive = self._open()[1]
        self.assert_untold(archive, "Gossip", "gossip", "sent.txt")
        self.assertIn(kept.id, archive.records("mail.message"))
        self.assertTrue(self._open(self.both)[1].files())

    def test_a_message_on_another_companys_row_that_is_somebody_elses_is_left_out_too(self):
        karls = self.env["crm.lead"].create(
            {"name": "Karl's", "partner_id": self.karl.id, "company_id": self.there.id, "user_id": False}
        )
        self.note(karls, "<p>For Jane to read</p>", partner_ids=self.jane.ids)
        archive = self._open()[1]
        self.assert_untold(archive, "For Jane to read")
        self.assertEqual(archive.data["other_companies"], ["another company"])

    def test_a_file_of_their_row_that_came_with_a_message_of_ours_stays_theirs(self):
        file = self.attach(self.theirs, "offer.txt", b"Cellar for Jane")
        self.note(self.mine, "<p>See there</p>", partner_ids=self.jane.ids, attachment_ids=file.ids)
        self.assertFalse(self._open()[1].files())
        self.assertEqual(self._open(self.both)[1].files(), [f"files/{file.id}-offer.txt"])

    def test_the_first_page_says_that_there_is_more_and_names_whom_the_officer_may_know(self):
        wizard, archive = self._open()
        self.assertIn("Other companies have data of yours as well", archive.text("index.html"))
        self.assertIn("another company", archive.text("index.html"))
        self.assert_untold(archive, "Otherworks")
        self.assertIn("another company", wizard.summary)
        wizard, archive = self._open(self.both, self.here)
        self.assertEqual(archive.data["other_companies"], ["Otherworks"])
        self.assertIn("Otherworks", archive.text("index.html"))
        self.assertIn("Otherworks", wizard.summary)
        self.assert_untold(archive, "cellar")

    def test_who_works_for_all_of_them_gets_everything(self):
        archive = self._open(self.both)[1]
        self.assertEqual(set(archive.records("crm.lead")), {self.mine.id, self.theirs.id})
        self.assertEqual(archive.data["other_companies"], [])
        self.assertNotIn("Other companies", archive.text("index.html"))

    def test_where_nobody_else_has_anything_nothing_is_said(self):
        self.theirs.unlink()
        wizard, archive = self._open()
        self.assertEqual(archive.data["other_companies"], [])
        self.assertNotIn("ther compan", archive.text("index.html"))
        self.assertNotIn("ther compan", wizard.summary)

    def test_values_that_a_company_has_of_its_own_are_told_by_that_company_alone(self):
        for company, code in ((self.here, "HERE-1"), (self.there, "THERE-2")):
            self.jane.with_company(company).barcode = code
        self.theirs.unlink()
        archive = self._open()[1]
        self.assert_told(archive, "HERE-1")
        self.assert_untold(archive, "THERE-2")
        self.assertEqual(archive.data["other_companies"], ["another company"])
        self.assert_told(self._open(self.both)[1], "HERE-1", "THERE-2")

    def test_a_companys_contacts_are_its_branches_as_well(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.there.id})
        clerk = self._make_user("officer_of_branch", "crm_gdpr.group_privacy_officer")
        clerk.write({"company_ids": [Command.set(branch.ids)], "company_id": branch.id})
        self.jane.company_id = False
        self._make_contact("Jane's Depot", parent_id=self.jane.id, type="delivery", company_id=self.there.id)
        archive = self._open(clerk)[1]
        self.assert_told(archive, "Jane's Depot")
        self.assert_untold(archive, "Slate roof", "cellar")

    def test_of_a_company_that_was_taken_from_the_officer_meanwhile_there_is_nothing(self):
        model = (
            self.env["crm.gdpr.access"]
            .with_user(self.both)
            .with_context(allowed_company_ids=(self.here + self.there).ids)
        )
        wizard = model.browse(model.action_open_for(self.jane.with_env(model.env))["res_id"])
        self.both.company_ids = self.here
        with self.assertRaises(AccessError):
            wizard.with_user(self.both)._build()

    def test_whose_a_row_is_takes_no_more_queries_for_many(self):
        counts = []
        for number in (2, 30):
            for place in range(number):
                self.note(self.theirs, f"<p>{place}</p>", partner_ids=self.jane.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.export()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 3)
