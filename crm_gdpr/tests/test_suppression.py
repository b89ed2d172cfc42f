from odoo.exceptions import AccessError, UserError

from .common import PrivacyCase


class SuppressionCase(PrivacyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.suppression = cls.env["crm.gdpr.suppression"]
        cls.company = cls.env.company
        cls.company.country_id = cls.env.ref("base.nl")
        cls.other_company = cls.env["res.company"].create({"name": "Other", "country_id": cls.env.ref("base.de").id})
        cls.none = cls.env["res.company"]

    def _remember(self, emails=("jane@example.com",), phones=("+31612345678",), company=None):
        return self.suppression._remember(emails, phones, self.company if company is None else company)


class TestSuppression(SuppressionCase):
    def test_a_person_is_recognised_however_they_are_written(self):
        self.assertEqual(self._remember(), 2)
        emails = [
            "JANE@Example.com",
            "Jane Doe <jane@example.com>",
            "x@example.com, jane@example.com",
            "john@x.example",
        ]
        phones = ["06-12345678", "0031 6 1234 5678", "+31 (0)6 12345678", "+31612345679", "nonsense", ""]
        found = self.suppression._find(emails, phones, self.company)
        self.assertEqual(found, {*emails[:3], *phones[:3]})

    def test_nothing_of_them_is_kept(self):
        self._remember()
        self.env.cr.execute("SELECT string_agg(s::text, ' ') FROM crm_gdpr_suppression s")
        [kept] = self.env.cr.fetchone()
        for part in ("jane", "example", "12345678"):
            self.assertNotIn(part, kept)

    def test_remembering_twice_is_remembering_once(self):
        self._remember()
        self.assertEqual(self._remember(), 0)
        self.assertEqual(self.suppression.search_count([("company_id", "=", self.company.id)]), 2)

    def test_values_that_identify_nobody_are_left_out(self):
        self.assertEqual(self._remember(emails=["", None, False, "no address"], phones=["", False, "none"]), 0)
        self.assertEqual(self.suppression._find(["", None], [False], self.company), set())

    def test_it_holds_for_the_company_that_knew_them_and_for_what_is_shared_for_all(self):
        self._remember(emails=["own@example.com"])
        self._remember(emails=["shared@example.com"], company=self.none)
        both = ["own@example.com", "shared@example.com"]
        self.assertEqual(self.suppression._find(both, [], self.company), set(both))
        self.assertEqual(self.suppression._find(both, [], self.other_company), {"shared@example.com"})
        self.assertEqual(self.suppression._find(both, [], self.none), set(both))

    def test_a_company_can_do_without(self):
        self._remember()
        self.company.gdpr_suppression = False
        self.assertEqual(self.suppression._find(["jane@example.com"], [], self.company), set())
        self.assertEqual(self._remember(emails=["john@example.com"]), 0)
        self.company.gdpr_suppression = True
        self.assertEqual(self.suppression._find(["jane@example.com"], [], self.company), {"jane@example.com"})

    def test_switching_it_is_in_the_log(self):
        log = self.env["crm.gdpr.log"]
        self.company.gdpr_suppression = False
        entry = log.search([], limit=1)
        self.assertEqual((entry.event, entry.details), ("settings", {"setting": "gdpr_suppression", "value": False}))
        self.company.gdpr_suppression = False
        self.assertEqual(log.search([], limit=1), entry)

    def test_a_company_that_begins_without_and_one_that_goes_with_its_fingerprints_are_in_the_log(self):
        log = self.env["crm.gdpr.log"]
        company = self.env["res.company"].create({"name": "Without", "gdpr_suppression": False})
        entry = log.search([], limit=1)
        self.assertEqual((entry.event, entry.details), ("settings", {"setting": "gdpr_suppression", "value": False}))
        self.assertEqual(entry.subjects, log._get_fingerprints(company))
        self.assertEqual(self.env["res.company"].create({"name": "With"}) and log.search([], limit=1), entry)
        self._remember(company=self.other_company)
        self.other_company.unlink()
        entry = log.search([], limit=1)
        self.assertEqual((entry.event, entry.counts), ("unsuppressed", {"email": 1, "phone": 1}))

    def test_how_long_books_are_kept_is_in_the_log_and_less_than_the_law_demands_is_warned_of(self):
        log = self.env["crm.gdpr.log"]
        self.company.country_id = self.env.ref("base.de")
        self.company.gdpr_retention_years = 1
        entry = log.search([], limit=1)
        self.assertEqual((entry.event, entry.details), ("settings", {"setting": "gdpr_retention_years", "value": 1}))
        self.company.gdpr_retention_years = 1
        self.assertEqual(log.search([], limit=1), entry)
        self.assertIn("8 years", self.company._warn_of_retention(1))
        self.assertEqual((self.company._warn_of_retention(0), self.company._warn_of_retention(8)), ("", ""))
        self.env["res.company"].create({"name": "New", "gdpr_retention_years": 2})
        self.assertEqual(log.search([("event", "=", "settings")], limit=1).details["value"], 2)

    def test_a_person_who_wants_it_may_come_back(self):
        self._remember()
        self._remember(company=self.none)
        mine = self.suppression.with_user(self.officer)
        self.assertEqual(mine._forget(["Jane@example.com"], []), 2)
        self.assertEqual(self.suppression._find(["jane@example.com"], ["0612345678"], self.company), {"0612345678"})
        self.assertEqual(mine._forget([], ["06 12345678"]), 2)
        entry = self.env["crm.gdpr.log"].search([], limit=1)
        self.assertEqual((entry.event, entry.counts, entry.user_ref), ("unsuppressed", {"phone": 2}, self.officer.id))
        self.assertEqual(mine._forget(["jane@example.com"], []), 0)

    def test_remembering_is_in_the_log_by_number_alone(self):
        self._remember()
        entry = self.env["crm.gdpr.log"].search([], limit=1)
        self.assertEqual((entry.event, entry.counts), ("suppressed", {"email": 1, "phone": 1}))
        self.assertEqual((entry.subjects or [], entry.details or {}), ([], {}))

    def test_only_privacy_officers_see_them_and_nobody_makes_or_changes_any_by_hand(self):
        self._remember()
        rows = self.suppression.search([])
        self.assertTrue(rows.with_user(self.officer).read(["kind", "date"]))
        for user in self.others:
            mine = rows.with_user(user)
            for act in (
                lambda mine=mine: mine.read(["kind"]),
                lambda mine=mine: mine._forget(["jane@example.com"], []),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    act()
        for rows_of in (rows, rows.with_user(self.officer)):
            for act in (
                lambda mine=rows_of: mine.create({"kind": "email", "fingerprint": "0" * 64, "key_id": "x"}),
                lambda mine=rows_of: mine.write({"kind": "phone"}),
            ):
                with self.assertRaises(UserError):
                    act()
        with self.assertRaises(AccessError):
            rows.with_user(self.officer).unlink()

    def test_other_companies_officers_see_and_free_theirs_alone(self):
        self._remember(company=self.other_company)
        self.assertFalse(self.suppression.with_user(self.officer).search([]))
        self.assertEqual(self.suppression.with_user(self.officer)._forget(["jane@example.com"], []), 0)

    def test_who_objected_is_not_written_to_though_they_may_come_back(self):
        self._remember(phones=())
        self.suppression._remember_objections(["jane@example.com"])
        self.assertEqual(self.suppression.with_user(self.officer)._forget(["jane@example.com"], []), 1)
        self.assertFalse(self.suppression._find(["jane@example.com"], [], self.company))
        sending = self.suppression._find(["jane@example.com"], [], self.company, is_sending=True)
        self.assertEqual(sending, {"jane@example.com"})
        self.assertEqual(self.suppression.with_user(self.officer)._forget(["jane@example.com"], []), 0)

    def test_whom_a_company_knew_is_kept_out_of_its_branches_too(self):
        branch = self.company
        for name in ("Branch", "Branch Below"):
            values = {"name": name, "parent_id": branch.id, "country_id": self.company.country_id.id}
            branch = self.env["res.company"].create(values)
        self._remember()
        self.suppression._remember(["branch@example.com"], (), branch)
        both = ["jane@example.com", "branch@example.com"]
        self.assertEqual(self.suppression._find(both, ["0612345678"], branch), {*both, "0612345678"})
        self.assertEqual(self.suppression._find(both, [], self.company), {"jane@example.com"})
        self.assertFalse(self.suppression._find(both, [], self.other_company))
        self.company.gdpr_suppression = False
        self.assertEqual(self.suppression._find(both, [], branch), {"branch@example.com"})
        self.company.gdpr_suppression = True
        branch.gdpr_suppression = False
        self.assertFalse(self.suppression._find(both, [], branch))
        user = self._make_user("branch_officer", "crm_gdpr.group_privacy_officer")
        user.write({"company_ids": [(6, 0, branch.ids)], "company_id": branch.id})
        self.assertEqual(self.suppression.with_user(user)._forget(both, ["06 12345678"]), 3)

    def test_thousands_are_asked_for_in_one_query(self):
        emails = [f"person{i}@example.com" for i in range(3000)]
        self._remember(emails=emails[::3], phones=[])
        self.suppression._find(["x@example.com"], [], self.company)
        with self.assertQueryCount(1):
            self.assertEqual(len(self.suppression._find(emails, [], self.company)), 1000)
