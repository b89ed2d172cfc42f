from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import LetterCase, needs_printer


@tagged("post_install", "-at_install")
class TestRights(LetterCase):
    def test_a_colleagues_letter_is_read_and_not_changed(self):
        letter = self._write()
        theirs = self._as(self.other, letter)
        self.assertEqual(theirs.subject, letter.subject)
        with self.assertRaises(AccessError):
            theirs.subject = "Other"
        self._as(self.manager, letter).subject = "Corrected"

    def test_what_printing_sets_is_set_by_nobody(self):
        vals = {"name": "secret", "raw": b"x", "res_model": "res.company", "res_id": 1}
        secret = self.env["ir.attachment"].create(vals)
        letter = self._write()
        for values in ({"attachment_id": secret.id}, {"state": "printed"}, {"reason": "double", "state": "left_out"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                letter.write(values)
            with self.subTest(values=values), self.assertRaises(UserError):
                self._write(**values)
        defaults = (("attachment_id", secret.id), ("state", "printed"), ("part_id", secret.id))
        for default in ({f"default_{name}": value} for name, value in defaults):
            letters = self._as(self.sales, self.env["crm.letter"]).with_context(**default)
            with self.subTest(default=default), self.assertRaises(UserError):
                letters.create({"partner_id": self.customer.id, "subject": "x", "body": "x"})

    @needs_printer
    def test_a_letter_of_a_restricted_project_is_hidden_with_it(self):
        lead = self._make_lead(partner_id=self.customer.id, company_id=False)
        letter = self._write(lead_id=lead.id)
        letter.action_print()
        self.assertTrue(self._history(self.customer))
        self._as(self.sales, lead).is_restricted = True
        for user in (self.other, self.manager, self.all_leads):
            with self.subTest(user=user.login):
                theirs = self._as(user, letter)
                self.assertFalse(theirs.has_access("read"))
                self.assertFalse(theirs.search([("id", "=", letter.id)]))
                self.assertFalse(theirs.search_count([("subject", "ilike", "Visit")]))
                self.assertFalse(theirs._read_group([("partner_id", "=", self.customer.id)], ["subject"]))
                self.assertFalse(self._as(user, letter.sudo().attachment_id).has_access("read"))
                self.assertEqual(self._as(user, self.customer).letter_count, 0)
        self.assertTrue(self._as(self.sales, letter).has_access("read"))
        self.assertFalse(self._history(self.customer), "Nor does the customer's history tell of it any more")

    @needs_printer
    def test_of_a_letter_from_a_restricted_project_the_customers_history_says_nothing(self):
        lead = self._make_lead(partner_id=self.customer.id, company_id=False, is_restricted=True)
        letter = self._write(lead_id=lead.id)
        letter.action_print()
        self.assertTrue(self._history(lead))
        self.assertFalse(self._history(self.customer))

    def test_nobody_writes_from_a_project_they_may_not_see(self):
        lead = self._make_lead(partner_id=self.customer.id, company_id=False, is_restricted=True)
        with self.assertRaises(AccessError):
            self._write(self.other, lead_id=lead.id)
        letter = self._write(self.other)
        with self.assertRaises(AccessError):
            letter.lead_id = lead

    def test_a_private_customer_is_written_to_by_the_owner_alone(self):
        self.customer.user_id = self.sales
        letter = self._write()
        rules = ("res_partner_rule_private",)
        for rule in rules:
            self.env.ref(f"crm_salesboard.{rule}").active = True
        with self.assertRaises(AccessError):
            self._write(self.other)
        self.assertFalse(self._as(self.other, letter).search([("id", "=", letter.id)]))
        self.assertFalse(self._as(self.other, letter).has_access("read"))
        self.assertTrue(self._as(self.sales, letter).has_access("read"))
        self.assertTrue(self._as(self.manager, letter).has_access("read"))

    def test_of_another_company_nothing_is_seen(self):
        letter = self._write()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.other.write({"company_ids": [(6, 0, elsewhere.ids)], "company_id": elsewhere.id})
        theirs = letter.with_user(self.other).with_context(allowed_company_ids=elsewhere.ids)
        self.assertFalse(theirs.has_access("read"))
        template = self._make_template(company_id=self.home.id)
        self.assertFalse(theirs.env["crm.letter.template"].search([("id", "=", template.id)]))

    def test_a_customer_of_another_company_gets_none_on_this_ones_paper(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.sales.company_ids += elsewhere
        theirs = self._make_customer("Theirs", company_id=elsewhere.id)
        companies = {"allowed_company_ids": [self.home.id, elsewhere.id]}
        letters = self.env["crm.letter"].with_user(self.sales).with_context(**companies)
        with self.assertRaisesRegex(UserError, "company"):
            letters.create({"partner_id": theirs.id, "subject": "x", "body": "x"})
        sample = letters.new({"partner_id": theirs.id, "company_id": self.home.id, "state": "draft"})
        self.assertEqual(sample.problem, "Customer of another company")
        sample.company_id = elsewhere
        self.assertFalse(sample.problem)
        self.assertTrue(letters.create({"partner_id": theirs.id, "company_id": elsewhere.id}))
        rows = [(theirs.id, False), (self.customer.id, False)]
        batch = letters.env["crm.letter.batch"]._prepare_batch(rows, template_id=self.template.id)
        reasons = {letter.partner_id: letter.reason for letter in batch.sudo().letter_ids}
        self.assertEqual(reasons, {theirs: "company", self.customer: False})

    @needs_printer
    def test_only_a_manager_deletes_what_was_printed(self):
        letter = self._write()
        letter.action_print()
        with self.assertRaises(UserError):
            letter.unlink()
        self._as(self.manager, letter).unlink()

    def test_letters_of_lost_projects_and_archived_customers_are_found(self):
        lead = self._make_lead(partner_id=self.customer.id, company_id=False)
        letter = self._write(lead_id=lead.id)
        self._close(lead, "lost")
        self.customer.active = False
        self.assertEqual(self._as(self.sales, letter).search([("id", "=", letter.id)]), letter)


@tagged("post_install", "-at_install")
class TestDownload(LetterCase, HttpCase):
    @needs_printer
    def test_files_are_for_those_who_may_read_the_letter(self):
        lead = self._make_lead(partner_id=self.customer.id, company_id=False, is_restricted=True)
        letter = self._write(lead_id=lead.id)
        letter.action_print()
        draft = self._write(lead_id=lead.id)
        for user in (self.sales, self.other, self.outsider):
            user.password = f"{user.login}-1234"
        urls = [f"/crm_letter/{letter.id}/letter.pdf", f"/crm_letter/{draft.id}/preview.pdf"]
        self.authenticate("cast_sales", "cast_sales-1234")
        for url in urls:
            answer = self.url_open(url)
            self.assertEqual((answer.status_code, answer.content[:5]), (200, b"%PDF-"), url)
        for login in ("cast_other", "cast_outsider"):
            self.authenticate(login, f"{login}-1234")
            for url in [*urls, "/crm_letter/99999999/letter.pdf"]:
                with self.subTest(login=login, url=url):
                    self.assertEqual(self.url_open(url).status_code, 404)
        self.authenticate(None, None)
        self.assertNotEqual(self.url_open(urls[0]).content[:5], b"%PDF-")
