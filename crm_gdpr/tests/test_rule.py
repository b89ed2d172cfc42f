from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from .rule_case import RuleCase


@tagged("post_install", "-at_install")
class TestDelay(RuleCase):
    def test_three_days_or_months_typed_for_three_years_are_refused_with_what_was_meant(self):
        for number, unit, words in (
            (3, "days", "months or years"),
            (3, "months", "Did you mean 3 years"),
            (0, "years", "at least 6 months"),
            (-3, "years", "at least 6 months"),
            (3000, "years", "at most 100 years"),
        ):
            with self.subTest(number=number, unit=unit), self.assertRaisesRegex(ValidationError, words):
                self._rule(delay=number, delay_unit=unit)

    def test_a_later_typing_error_is_refused_too(self):
        rule = self._rule()
        with self.assertRaisesRegex(ValidationError, "Did you mean 3 years"):
            rule.delay_unit = "months"
        self.assertEqual((rule.delay, rule.delay_unit), (3, "years"))

    def test_less_than_a_year_has_to_be_confirmed_each_time(self):
        with self.assertRaisesRegex(ValidationError, "less than a year"):
            self._rule(delay=8, delay_unit="months")
        rule = self._rule(delay=8, delay_unit="months", is_short_right=True)
        with self.assertRaisesRegex(ValidationError, "less than a year"):
            rule.delay = 7
        rule.write({"delay": 6, "is_short_right": True})
        with self.assertRaisesRegex(ValidationError, "less than a year"):
            rule.is_short_right = False

    def test_the_form_asks_again_when_the_delay_changes(self):
        form = Form(self.env["crm.gdpr.rule"].with_user(self.officer))
        form.name = "Short"
        form.delay, form.delay_unit = 11, "months"
        self.assertTrue(form.is_short)
        form.is_short_right = True
        form.delay = 10
        self.assertFalse(form.is_short_right)
        form.is_short_right = True
        self.assertEqual(form.save().delay, 10)

    def test_nobody_gets_below_the_floor_by_the_database_either(self):
        rule = self._rule()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute(SQL("UPDATE crm_gdpr_rule SET delay = 5, delay_unit = 'months' WHERE id = %s", rule.id))

    def test_from_the_day_after_the_delay_on_somebody_is_old_enough(self):
        contact = self._contact()
        rule = self._rule(delay=3)
        for date, is_found in (
            (fields.Datetime.subtract(self.now, years=3) - timedelta(minutes=5), True),
            (fields.Datetime.subtract(self.now, years=3) + timedelta(minutes=5), False),
        ):
            self.env.cr.execute(SQL("UPDATE res_partner SET create_date = %s WHERE id = %s", date, contact.id))
            self.assertEqual(bool(self._found(rule)), is_found)


@tagged("post_install", "-at_install")
class TestConditions(RuleCase):
    def test_conditions_that_make_no_sense_are_refused(self):
        for domain in ("[('x_gone', '=', 1)]", "[('id', '=', 'abc')]", "oops", "[('ref', '=')]", "[uid]", "42",
                       "[('create_uid', '=', uid)]", "['&']", "__import__('os')"):  # fmt: skip
            with self.subTest(domain=domain), self.assertRaisesRegex(ValidationError, "conditions do not work"):
                self._rule(domain=domain)

    def test_what_an_officer_may_not_read_cannot_be_guessed_by_a_rule(self):
        for domain in (
            "[('user_ids.totp_secret', '=like', 'A%')]",
            "[('user_ids', 'any', [('totp_secret', '=like', 'A%')])]",
            "['|', ('ref', '=', 'old'), '!', ('parent_id.user_ids.totp_secret', '=like', 'A%')]",
            "[('parent_id', 'any', [('user_ids', 'any', [('totp_secret', '!=', False)])])]",
        ):
            with self.subTest(domain=domain), self.assertRaises(AccessError):
                self._rule(domain=domain)

    def test_officer_and_job_read_the_conditions_in_the_language_of_the_rules_officer(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.env.ref("base.nl").with_context(lang="nl_NL").name = "Nederland"
        self.officer.lang = "nl_NL"
        contact = self._contact(country_id=self.env.ref("base.nl").id)
        rule = self._rule(domain="[('ref', '=', 'old'), ('country_id', 'ilike', 'Nederland')]")
        for user in (self.officer, self.second, self.env.user):
            with self.subTest(user=user.login):
                self.assertEqual(rule.with_user(user).sudo()._count()["number"], 1)
        self.assertEqual(self._found(rule), contact)

    def test_a_rule_of_a_company_finds_its_records_alone(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.officer.company_ids += other
        mine = self._contact(company_id=other.id)
        shared = self._contact()
        rule = self._rule(company_id=other.id)
        self.assertEqual(self._found(rule), mine)
        rule.company_id = False
        self.assertEqual(self._found(rule), mine + shared)

    def test_conditions_lead_to_no_records_that_the_officer_may_not_read(self):
        with self.assertRaisesRegex(AccessError, "may not read"):
            self._rule(domain="[('opportunity_ids.expected_revenue', '>', 50000)]")
        self.officer.group_ids += self.env.ref("sales_team.group_sale_salesman")
        self._rule(domain="[('opportunity_ids.expected_revenue', '>', 50000)]")

    def test_a_rule_of_months_can_be_duplicated(self):
        rule = self._rule(delay=8, delay_unit="months", is_short_right=True)
        self.assertEqual((rule.copy().delay, rule.copy().active), (8, False))

    def test_an_officer_of_one_company_makes_no_rule_for_all(self):
        self.env["res.company"].create({"name": "Other"})
        with self.assertRaisesRegex(ValidationError, "every company"):
            self._rule(company_id=False)
        rule = self._rule()
        self.assertEqual(rule.company_id, self.env.company, "it is offered")
        with self.assertRaisesRegex(ValidationError, "every company"):
            rule.company_id = False
        everywhere = self.env["crm.gdpr.rule"].create({"name": "All", "domain": "[('ref', '=', 'old')]"})
        for change in ({"delay": 4}, {"active": True}, {"company_id": self.env.company.id}):
            with self.assertRaisesRegex(ValidationError, "every company"):
                everywhere.with_user(self.officer).write(change)


@tagged("post_install", "-at_install")
class TestPreviewOfRule(RuleCase):
    def test_it_tells_the_number_and_why_others_are_left_out_and_changes_nothing(self):
        contact, held = self._contact(), self._contact()
        self.env["crm.gdpr.hold"].create({"partner_id": held.id, "reason": "Case"})
        rule = self._rule()
        rule.action_preview()
        self.assertEqual(rule.preview_count, 1)
        self.assertIn("On hold", rule.preview_text)
        self.assertFalse(rule.run_ids)
        self.assertFalse(self.env["crm.gdpr.request.line"].search([("partner_id", "in", (contact + held).ids)]))

    def test_the_list_that_it_opens_shows_as_many_as_it_counts(self):
        contacts = self._contact() + self._contact(active=False)
        rule = self._rule()
        rule.action_preview()
        action = rule.action_open_hits()
        model = self.env[action["res_model"]].with_user(self.officer).with_context(**action["context"])
        found = model.search(action["domain"])
        self.assertEqual(found, contacts)
        self.assertEqual(rule.preview_count, 2)

    def test_an_officer_who_does_not_sell_is_told_the_number_of_leads_and_sees_none(self):
        self._leads(2)
        rule = self._lead_rule()
        rule.action_preview()
        self.assertEqual(rule.preview_count, 2)
        self.assertFalse(rule.can_open)
        with self.assertRaises(AccessError):
            rule.action_open_hits()

    def test_a_change_of_the_rule_voids_the_preview(self):
        rule = self._rule()
        rule.action_preview()
        rule.delay = 4
        self.assertFalse(rule.preview_text)

    def test_a_rule_on_a_field_that_is_gone_says_so(self):
        field = self._set_custom_field("x_until")
        by_date = self._rule(contact_date="x_until")
        by_domain = self._rule(domain="[('x_until', '!=', False)]")
        field.unlink()
        for rule, words in ((by_date, "is gone"), (by_domain, "x_until")):
            rule.action_preview()
            self.assertEqual(rule.state, "broken")
            self.assertIn(words, rule.problem_text)
            self.assertTrue(rule.sentence)
            with self.assertRaises(UserError):
                self._found(rule)
        by_date.contact_date = "create_date"
        by_domain.domain = "[('ref', '=', 'old')]"
        self.assertEqual((by_date + by_domain).mapped("state"), ["off", "off"])


@tagged("post_install", "-at_install")
class TestWhoAnswers(RuleCase):
    def test_whoever_changes_what_it_does_is_its_officer(self):
        rule = self._rule()
        self.assertEqual(rule.user_id, self.officer)
        rule.with_user(self.second).name = "Another name"
        self.assertEqual(rule.user_id, self.officer)
        rule.with_user(self.second).delay = 4
        self.assertEqual(rule.user_id, self.second)
        rule.with_user(self.officer).action_switch_on()
        self.assertEqual(rule.user_id, self.officer)

    def test_what_the_rule_knows_by_itself_is_set_by_nobody(self):
        rule = self._rule()
        for name, value in {
            "user_id": self.second.id, "confirmed_count": 10**6, "asked_count": 0, "next_run": self.now, "version": 0,
            "problem": False, "preview": {}, "last_run": False, "confirmed_by_id": self.officer.id,
        }.items():  # fmt: skip
            with self.subTest(field=name):
                with self.assertRaises(AccessError):
                    rule.write({name: value})
                with self.assertRaises(AccessError):
                    self._rule(**{name: value})

    def test_every_change_is_in_the_log(self):
        rule = self._rule()
        log = self.env["crm.gdpr.log"]
        rule.delay = 4
        entry = log.search([], limit=1)
        self.assertEqual((entry.event, entry.user_ref), ("settings", self.officer.id))
        details = entry.details
        self.assertEqual((details["rule"], details["months"], details["active"]), (rule.id, 48, False))
        rule.sequence = 99
        self.assertEqual(log.search([], limit=1), entry)

    def test_a_new_rule_and_a_copy_are_switched_off(self):
        rule = self._rule()
        self.assertFalse(rule.active)
        rule.action_switch_on()
        self.assertEqual(rule.state, "on")
        copy = rule.copy()
        self.assertEqual((copy.active, copy.state, copy.next_run), (False, "off", False))

    def test_the_ready_made_rules_are_switched_off_and_propose(self):
        for name in ("crm_gdpr_rule_lost_leads", "crm_gdpr_rule_untouched_contacts"):
            rule = self.env.ref(f"crm_gdpr.{name}")
            self.assertEqual((rule.active, rule.action, rule.state), (False, "propose", "off"))

    def test_limits_that_make_no_sense_are_refused(self):
        for values in ({"share_limit": 0}, {"share_limit": 101}, {"number_limit": 0}):
            with self.subTest(values=values), mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self._rule(**values)

    def test_only_privacy_officers_see_and_do_any_of_it(self):
        rule = self._rule()
        run = self._switch_on_and_run(rule)
        self.manager.group_ids = [Command.link(self.env.ref("base.group_partner_manager").id)]
        for user in self.others:
            mine = rule.with_user(user)
            for act in (
                lambda mine=mine: mine.read(["name"]),
                lambda mine=mine: mine.search([]),
                lambda mine=mine: mine.write({"name": "x"}),
                lambda mine=mine: mine.create({"name": "x"}),
                mine.action_preview,
                mine.action_run_now,
                mine.action_confirm,
                mine.action_switch_off,
                mine.unlink,
                lambda user=user: run.with_user(user).read(["number"]),
                lambda user=user: self.env["res.partner"].with_user(user).search([("gdpr_rule_id", "=", rule.id)]),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    act()

    def test_nobody_writes_a_report(self):
        run = self._switch_on_and_run(self._rule()).with_user(self.officer)
        self.assertTrue(run.number == 0)
        for act in (lambda: run.write({"number": 3}), run.unlink, lambda: run.create({"rule_id": run.rule_id.id})):
            with self.assertRaises(AccessError):
                act()

    def test_a_rule_that_has_run_is_not_deleted(self):
        rule = self._rule()
        rule.copy().unlink()
        self._switch_on_and_run(rule)
        with self.assertRaisesRegex(UserError, "switch it off"):
            rule.unlink()


@tagged("post_install", "-at_install")
class TestInWords(RuleCase):
    def test_the_rule_is_said_in_a_sentence(self):
        self.officer.lang = "en_US"
        for values, sentence in (
            ({"domain": "[]"}, "Contacts created more than 3 years ago are proposed for anonymisation."),
            ({"action": "carry_out"},
             "Contacts created more than 3 years ago are anonymised without anybody being asked."
             " Only those that meet the conditions."),
            ({"contact_date": "last_lead_closed", "domain": "[]", "delay": 18, "delay_unit": "months",
              "needs_approval": True},
             "Contacts whose last lead was closed more than 18 months ago are proposed for anonymisation, and a second "
             "officer has to approve it."),
            ({"model": "crm.lead", "lead_date": "date_closed", "domain": "[]", "delay": 1, "action": "carry_out",
              "needs_approval": True},
             "Leads without a customer closed more than 1 year ago are anonymised as soon as a second officer "
             "approves."),
        ):  # fmt: skip
            self.assertEqual(self._rule(**values).sentence, sentence)


@tagged("post_install", "-at_install")
class TestCompanies(RuleCase):
    def test_a_rule_does_not_become_one_for_every_company_when_its_company_is_deleted(self):
        company = self.env["res.company"].create({"name": "Other"})
        rule = self._rule(user=self.env.user, company_id=company.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            company.unlink()
        self.env.invalidate_all()
        self.assertEqual(rule.company_id, company)

    def test_runs_of_another_companys_rule_are_out_of_sight(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.officer.company_ids -= company
        theirs, shared = (self._rule(user=self.env.user, company_id=each) for each in (company.id, False))
        runs = self.env["crm.gdpr.rule.run"].create([{"rule_id": theirs.id}, {"rule_id": shared.id}])
        mine = runs.with_user(self.officer)
        self.assertEqual(mine.search([("id", "in", runs.ids)]), runs[1])
        with self.assertRaises(AccessError):
            mine[0].read(["number"])

    def test_that_a_rule_is_deleted_is_in_the_log(self):
        rule = self._rule(active=True)
        rule_id = rule.id
        rule.unlink()
        details = self.env["crm.gdpr.log"].search([], limit=1).details
        self.assertEqual((details["setting"], details["what"], details["rule"]), ("rule", "deleted", rule_id))
        self.assertTrue(details["active"])
