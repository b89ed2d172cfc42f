from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .rule_case import RuleCase


@tagged("post_install", "-at_install")
class TestWhom(RuleCase):
    def test_archived_contacts_are_found_too(self):
        archived = self._contact(active=False)
        self.assertEqual(self._found(self._rule()), archived)

    def test_users_own_companies_held_and_anonymised_contacts_and_those_in_a_request_are_left_out(self):
        user, company, held, done, asked, free = (self._contact(name) for name in "ABCDEF")
        self._make_user("colleague", "base.group_user").partner_id = user
        self.officer.company_ids += self.env["res.company"].create({"name": "Own", "partner_id": company.id})
        self.env["crm.gdpr.hold"].create({"partner_id": held.id, "reason": "Case"})
        done.gdpr_state = "anonymised"
        self._request(asked)
        rule = self._rule()
        self.assertEqual(self._found(rule), free)
        self.assertEqual(self._numbers(rule), (1, 0, {"user": 1, "company": 1, "hold": 1, "request": 1}))

    def test_odoos_own_accounts_are_left_out_though_they_are_archived(self):
        public = self._age(self.env.ref("base.public_partner"), 9)
        self.assertFalse(self._found(self._rule(domain=f"[('id', '=', {public.id})]")))

    def test_a_released_hold_and_a_closed_request_keep_nobody(self):
        contact = self._contact()
        hold = self.env["crm.gdpr.hold"].create({"partner_id": contact.id, "reason": "Case"})
        request = self._request(contact)
        rule = self._rule()
        request.action_cancel()
        self.assertFalse(self._found(rule))
        hold.action_release()
        self.assertEqual(self._found(rule), contact)

    def test_a_company_goes_with_its_persons_and_they_are_counted(self):
        company = self._contact(is_company=True)
        person = self._contact(parent_id=company.id)
        self._contact(parent_id=person.id)
        rule = self._rule()
        self.assertEqual(self._found(rule), company)
        self.assertEqual(self._numbers(rule), (1, 2, {}))

    def test_a_company_stays_as_long_as_one_of_its_persons_has_to(self):
        cases = {
            "younger": lambda person: self._age(person, 1),
            "without a date": lambda person: self._age(person, 0),
            "other": lambda person: person.write({"ref": "new"}),
            "held": lambda person: self.env["crm.gdpr.hold"].create({"partner_id": person.id, "reason": "Case"}),
            "user": lambda person: self._make_user("colleague", "base.group_user").write({"partner_id": person.id}),
            "asked": lambda person: self._request(person),
        }
        rule = self._rule()
        for name, change in cases.items():
            with self.subTest(case=name):
                company = self._contact("Company", is_company=True)
                middle = self._contact("Middle", parent_id=company.id)
                person = self._contact("Person", parent_id=middle.id)
                change(person)
                self.env.flush_all()
                self.assertFalse(self._found(rule))
                self.assertEqual(self._numbers(rule)[2]["below"], 2)
                (company + middle + person).ref = "next case"

    def test_persons_of_a_company_that_is_left_out_are_found_by_themselves(self):
        company = self._contact(is_company=True)
        old = self._contact(parent_id=company.id)
        self._contact(parent_id=company.id, years=1)
        self.assertEqual(self._found(self._rule()), old)

    def test_a_person_who_is_anonymised_already_keeps_no_company(self):
        company = self._contact(is_company=True)
        person = self._contact(parent_id=company.id)
        person.write({"gdpr_state": "anonymised", "ref": False})
        rule = self._rule()
        self.assertEqual(self._found(rule), company)
        self.assertEqual(self._numbers(rule), (1, 0, {}))

    def test_by_a_date_of_the_company_s_own(self):
        for ttype in ("date", "datetime"):
            name = f"x_until_{ttype}"
            self._set_custom_field(name, ttype)
            company = self._contact(is_company=True, years=0, **{name: "2020-01-01"})
            self._contact(years=9)
            self._contact(years=9, **{name: fields.Date.today()})
            below = self._contact(parent_id=company.id, years=0)
            rule = self._rule(contact_date=name)
            self.assertEqual(self._found(rule), company)
            self.assertEqual(self._numbers(rule)[:2], (1, 1))
            below[name] = fields.Date.today()
            self.assertFalse(self._found(rule))
            company.ref = False

    def test_by_the_last_dealing_and_not_while_one_is_still_to_come(self):
        company, person, young, unknown, met = (self._contact(name, years=9) for name in "ABCDE")
        person.parent_id = company
        self._age(company + person + met, 4, "last_dealing_date")
        self._age(young, 2, "last_dealing_date")
        self.env.cr.execute(SQL("UPDATE res_partner SET last_dealing_date = NULL WHERE id = %s", unknown.id))
        self.env.cr.flush()
        self.env.cr.execute("DELETE FROM crm_gdpr_dealing_pending")  # the job that dates contacts is through
        self.env["crm.gdpr.dealing.pending"].create(
            {"first_contact": met.id, "last_contact": met.id, "due": self.now + timedelta(days=30)}
        )
        rule = self._rule(contact_date="last_dealing_date")
        self.assertEqual(rule.sentence[:44], "Contacts without any dealing for 3 years are")
        self.assertEqual(self._found(rule), company)
        self.assertEqual(self._numbers(rule), (1, 1, {"dealing": 1}))
        self._age(person, 0, "last_dealing_date")
        self.assertFalse(self._found(rule))

    def test_by_the_day_on_which_the_last_lead_was_closed(self):
        never, lost, lost_lately, still_open = (self._contact(name, years=9) for name in "ABCD")
        self._close(self._make_lead(lost), 5)
        self._close(self._make_lead(lost_lately), 5)
        self._close(self._make_lead(lost_lately), 1)
        self._close(self._make_lead(still_open), 5)
        self._make_lead(still_open)
        rule = self._rule(contact_date="last_lead_closed")
        self.assertEqual(self._found(rule), lost)
        below = self._contact(parent_id=lost.id)
        self.assertEqual(self._found(rule), lost)
        self._make_lead(below)
        self.assertFalse(self._found(rule))
        self.assertTrue(never.exists())

    def _close(self, lead, years):
        lead.action_set_lost()
        self._age(lead, years, "date_closed")

    def test_leads_with_a_customer_are_left_to_the_contact(self):
        alone = self._leads(1)
        self._leads(1, partner_id=self._contact().id)
        self.assertEqual(self._found(self._lead_rule()), alone)

    def test_leads_by_each_of_their_dates(self):
        self._set_custom_field("x_until", "date", "crm.lead")
        for date in ("create_date", "date_closed", "date_last_stage_update", "x_until"):
            with self.subTest(date=date):
                leads = self._leads(2, years=0, referred=date)
                self._age(leads[0], 4, date)
                rule = self._lead_rule(lead_date=date, domain=f"[('referred', '=', '{date}')]")
                self.assertEqual(self._found(rule), leads[0])

    def test_a_lead_that_was_anonymised_by_itself_is_not_found_again(self):
        lead = self._leads(1)
        rule = self._lead_rule()
        self._anonymise(leads=lead)
        self.assertEqual(lead.referred, "old" if lead.referred else False)
        self._age(lead, 4)
        self.env.cr.execute(SQL("UPDATE crm_lead SET referred = 'old' WHERE id = %s", lead.id))
        self.assertFalse(self._found(rule))

    def test_the_date_of_writing_is_not_offered(self):
        names = [name for name, _label in self.env["crm.gdpr.rule"]._get_contact_dates()]
        self.assertIn("create_date", names)
        self.assertNotIn("write_date", names)
        self.assertNotIn("write_date", [name for name, _label in self.env["crm.gdpr.rule"]._get_lead_dates()])
