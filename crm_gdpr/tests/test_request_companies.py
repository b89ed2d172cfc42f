from odoo.exceptions import AccessError
from odoo.tests import tagged

from .anonymise_case import EMAIL, AnonymiseCase


@tagged("post_install", "-at_install")
class TestOtherCompanies(AnonymiseCase):
    """A contact that companies share, and an officer who works for one of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other Works"})
        cls.officer.company_ids -= cls.other
        cls.both = cls._make_user("officer_of_both", "crm_gdpr.group_privacy_officer")
        cls.person = cls._make_person()

    def _make_theirs(self, **values):
        return self._make_lead(
            self.env["res.partner"],
            **{"company_id": self.other.id, "contact_name": self.person.name, "email_from": EMAIL, **values},
        )

    def _assert_refused(self, people):
        request = self._request(people)
        request.action_preview()
        self.assertEqual(set(request.line_ids.mapped("state")), {"refused"})
        for line in request.line_ids:
            self.assertIn("Other Works", line.reason)
        self.assertFalse(request.line_ids.filtered(lambda line: line.sample or line.counts))
        self.assertNotIn(self.other, request.sudo().company_ids)
        return request

    def test_another_companys_records_are_neither_shown_nor_touched(self):
        cases = {
            "linked": lambda: self._make_theirs(partner_id=self.person.id),
            "of the same address": self._make_theirs,
            "below": lambda: self._make_contact("Child", parent_id=self.person.id, company_id=self.other.id),
        }
        for case, make in cases.items():
            with self.subTest(case=case):
                theirs = make()
                self._assert_refused(self.person)
                theirs.unlink()

    def test_who_works_for_all_of_them_sees_no_difference(self):
        lead = self._make_theirs()
        request = self._anonymise(self.person, user=self.both)
        self.assertEqual(request.line_ids.state, "done")
        self.assertFalse(lead.email_from)
        self.assertIn(self.other, request.company_ids)

    def test_what_shows_their_records_is_for_their_officers_alone(self):
        self._make_theirs()
        request = self._request(self.person, user=self.both)
        request.action_preview()
        self.assertFalse(self.env["crm.gdpr.request"].with_user(self.officer).search([("id", "=", request.id)]))
        with self.assertRaises(AccessError):
            request.with_user(self.officer).action_carry_out()

    def test_only_the_companies_count_that_are_chosen(self):
        self._make_theirs()
        request = self._request(self.person, user=self.both)
        request = request.with_context(allowed_company_ids=self.env.company.ids)
        request.action_preview()
        self.assertEqual(request.line_ids.state, "refused")
        request = request.with_context(allowed_company_ids=(self.env.company | self.other).ids)
        request.action_preview()
        self.assertEqual(request.line_ids.state, "planned")

    def test_one_who_is_refused_keeps_the_address_that_others_have_as_well(self):
        self._make_theirs(partner_id=self.person.id)
        family = self._make_contact("Piet van Dalen", email=EMAIL)
        request = self._request(self.person | family)
        request.action_preview()
        self.assertEqual(request.line_ids.mapped("state"), ["refused", "planned"])
        request.action_carry_out()
        self._carry_out(request)
        self.assertEqual(request.line_ids.mapped("state"), ["refused", "done"])
        self.assertEqual((self.person.email, family.email), (EMAIL, False))

    def test_a_record_that_another_company_got_since_the_preview_is_left(self):
        lead = self._make_lead(self.person)
        request = self._request(self.person)
        request.action_preview()
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET company_id = %s WHERE id = %s", [self.other.id, lead.id])
        self.env.invalidate_all()
        request.action_carry_out()
        self._carry_out(request)
        self.assertEqual((request.line_ids.state, self.person.email), ("changed", EMAIL))
        request.action_preview_changed()
        self.assertEqual(request.line_ids.state, "refused")

    def test_a_rule_of_one_company_leaves_what_is_anothers_too(self):
        self._make_theirs(partner_id=self.person.id)
        for user, company, state in ((self.officer, self.env.company, "refused"), (self.both, False, "planned")):
            with self.subTest(user=user.login):
                rule = (
                    self.env["crm.gdpr.rule"]
                    .with_user(user)
                    .create({"name": "Old", "company_id": company and company.id, "contact_date": "create_date"})
                    .sudo()
                )
                run = self.env["crm.gdpr.rule.run"].create({"rule_id": rule.id})
                request = self.env["crm.gdpr.request"]._make(
                    self.person, user_id=user.id, rule_run_id=run.id, reason="retention"
                )
                run._answer_for(request).action_preview()
                self.assertEqual(request.line_ids.state, state)
