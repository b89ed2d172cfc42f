from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .anonymise_case import EMAIL, NAME, AnonymiseCase


@tagged("post_install", "-at_install")
class TestPreview(AnonymiseCase):
    def test_it_counts_what_goes_shows_values_and_changes_nothing(self):
        person = self._make_person(image_1920=False)
        lead = self._make_lead(person)
        self._post(lead, f"{NAME} called")
        before = self._columns(person, "name", "email", "active", "write_date")
        request = self._request(person)
        request.action_preview()
        self.assertEqual(self._columns(person, "name", "email", "active", "write_date"), before)
        self.assertEqual(lead.contact_name, NAME)
        line = request.line_ids
        told = {(model, what): number for model, what, _why, number in line.counts}
        self.assertEqual(told["res.partner", "changed"], 1)
        self.assertEqual(told["crm.lead", "changed"], 1)
        self.assertIn("mail.message", [row[0] for row in line.counts])
        self.assertIn(["res.partner", person.id, "email", EMAIL, ""], line.sample)
        self.assertIn("Contact", request.report)
        self.assertIn(EMAIL, request.sample)

    def test_carrying_it_out_does_what_the_preview_said(self):
        person = self._make_person()
        self._post(self._make_lead(person), f"{NAME} called")
        request = self._request(person)
        request.action_preview()
        planned = request.line_ids.counts
        request.action_carry_out()
        self._carry_out(request)
        self.assertEqual(request.line_ids.counts, planned)
        self.assertEqual((request.state, request.line_ids.state), ("done", "done"))

    def test_what_was_shown_of_a_person_is_kept_no_longer_than_needed(self):
        for end in ("_carry_out", "action_cancel"):
            request = self._request(self._make_person(email=f"{end}@example.com"))
            request.action_preview()
            self.assertTrue(request.line_ids.sample)
            if end == "_carry_out":
                request.action_carry_out()
                self._carry_out(request)
            else:
                request.action_cancel()
            self.assertFalse(request.line_ids.sample)

    def test_of_many_only_some_are_shown_with_values(self):
        people = self.env["res.partner"].create([{"name": f"Person Number {n}"} for n in range(8)])
        request = self._request(people)
        request.action_preview()
        self.assertEqual(len(request.line_ids.filtered("sample")), 5)


@tagged("post_install", "-at_install")
class TestChangedSince(AnonymiseCase):
    def _planned(self):
        person = self._make_person()
        lead = self._make_lead(person)
        request = self._request(person)
        request.action_preview()
        return person, lead, request

    def _assert_refused(self, person, request):
        request.action_carry_out()
        self._carry_out(request)
        self.assertEqual(request.line_ids.state, "changed")
        self.assertIn("look again", request.line_ids.reason)
        self.assertEqual(self._columns(person, "email"), (person.email,))
        self.assertTrue(person.email)

    def test_a_value_that_changed_since_the_preview(self):
        person, _lead, request = self._planned()
        person.street = "Elsewhere 1"
        self._assert_refused(person, request)

    def test_a_message_that_came_since_the_preview(self):
        person, lead, request = self._planned()
        self._post(lead, "I am your customer now", person)
        self._assert_refused(person, request)

    def test_a_lead_that_came_since_the_preview(self):
        person, _lead, request = self._planned()
        self._make_lead(person)
        self._assert_refused(person, request)

    def test_after_another_look_it_is_done(self):
        person, lead, request = self._planned()
        self._post(lead, "I am your customer now", person)
        self._assert_refused(person, request)
        request.action_preview_changed()
        request.action_carry_out()
        self._carry_out(request)
        self.assertEqual(request.line_ids.state, "done")
        self.assertFalse(person.email)

    def test_a_preview_of_yesterday_of_somebody_nobody_touched_still_holds(self):
        person, _lead, request = self._planned()
        request.sudo().planned_at -= timedelta(days=1)
        request.action_carry_out()
        self._carry_out(request)
        self.assertFalse(person.email)

    def _run_sizes(self, request):
        """Of how many persons each turn is."""
        sizes = []
        run = self.registry["crm.gdpr.request.line"]._run

        def counted(lines, **options):
            sizes.append(len(lines))
            return run(lines, **options)

        with patch.object(self.registry["crm.gdpr.request.line"], "_run", counted):
            request.action_carry_out()
            self._carry_out(request)
        return sizes

    def _planned_many(self, number):
        people = self.env["res.partner"].create([{"name": f"Person Number{n}"} for n in range(number)])
        request = self._request(people)
        request.action_preview()
        return people, request

    def test_who_has_changed_is_left_and_all_others_are_done_together(self):
        people, request = self._planned_many(12)
        people[3].street = people[8].street = "Elsewhere 1"
        self.assertEqual(self._run_sizes(request), [12, 10])
        changed = request.line_ids.filtered(lambda line: line.state == "changed")
        self.assertEqual(changed.partner_id, people[3] | people[8])
        self.assertEqual(request.done_count, 10)

    @mute_logger("odoo.sql_db")
    def test_who_fails_is_come_to_in_few_steps(self):
        people, request = self._planned_many(16)
        self.env.cr.execute(
            "ALTER TABLE res_partner ADD CONSTRAINT test_fails CHECK (id <> %s OR name LIKE 'Person%%')", [people[5].id]
        )
        sizes = self._run_sizes(request)
        self.assertEqual((request.done_count, request.line_ids[5].state), (15, "failed"))
        self.assertEqual(sizes, [16, 8, 4, 4, 2, 1, 1, 2, 8])

    def test_another_officer_was_faster(self):
        person, _lead, request = self._planned()
        self._anonymise(person, user=self._make_user("second_officer", "crm_gdpr.group_privacy_officer"))
        request.action_carry_out()
        self._carry_out(request)
        self.assertEqual(request.line_ids.state, "changed")


@tagged("post_install", "-at_install")
class TestInParts(AnonymiseCase):
    """Persons who have to do with each other, in different parts of a request."""

    def _make_two(self):
        ann, bob = (self._make_contact(name, email="lee@home.example") for name in ("Ann Leeward", "Bob Leeward"))
        self._post(bob, "For you", ann, attachment_ids=self._attach(ann).ids)
        self.env["mail.guest"].create({"name": "Leeward", "email": "lee@home.example"})
        bob.comment = "<p>Married to Ann Leeward</p>"
        request = self._request(ann | bob)
        request.action_preview()
        return ann, bob, request

    def _attach(self, record):
        return self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"Regards, Ann Leeward", "res_model": record._name, "res_id": record.id}
        )

    def test_what_the_request_itself_changed_is_no_change_by_others(self):
        ann, bob, request = self._make_two()
        request.action_carry_out()
        for line in request.sudo().line_ids:
            line._carry_out()
        self.assertEqual(request.line_ids.mapped("state"), ["done", "done"])
        self.assertFalse(ann.email or bob.email)
        self.assertFalse(self.env["mail.guest"].search([("email", "=", "lee@home.example")]))

    def test_what_others_changed_meanwhile_is_still_seen(self):
        for change in ("UPDATE res_partner SET write_date = now() + interval '1 hour', function = 'Boss' WHERE id = %s",
                       "UPDATE mail_message SET create_date = now() + interval '1 hour', write_date = now() +"
                       " interval '1 hour' WHERE model = 'res.partner' AND res_id = %s"):  # fmt: skip
            with self.subTest(change=change):
                _ann, bob, request = self._make_two()
                request.action_carry_out()
                request.sudo().line_ids[0]._carry_out()
                self.env.flush_all()
                self.env.cr.execute(change, [bob.id])
                self.env.invalidate_all()
                request.sudo().line_ids[1]._carry_out()
                self.assertEqual(request.line_ids.mapped("state"), ["done", "changed"])

    def test_who_has_to_stay_keeps_an_address_that_they_share(self):
        _ann, bob, request = self._make_two()
        self.env["crm.gdpr.hold"].create({"partner_id": bob.id, "reason": "Court"})
        request.action_preview()
        request.action_carry_out()
        self._carry_out(request)
        self.assertEqual(request.line_ids.mapped("state"), ["done", "refused"])
        self.assertTrue(bob.email and self.env["mail.guest"].search([("email", "=", "lee@home.example")]))


@tagged("post_install", "-at_install")
class TestRefused(AnonymiseCase):
    def _assert_refused(self, partner, words, user=None):
        request = self._request(partner, user=user)
        request.action_preview()
        self.assertEqual(request.line_ids.mapped("state"), ["refused"] * len(request.line_ids))
        for line in request.line_ids:
            self.assertIn(words, line.reason)
        with self.assertRaises(UserError):
            request.action_carry_out()

    def test_oneself(self):
        self._assert_refused(self.officer.partner_id, "themselves")

    def test_the_administrator_and_odoos_own_accounts(self):
        self._assert_refused(self.env.ref("base.partner_admin"), "administrator")
        self._assert_refused(self.env.ref("base.public_partner"), "administrator")

    def test_ones_own_company_also_below_another_contact(self):
        own = self.env["res.company"].create({"name": "Own"}).partner_id
        self._assert_refused(own, "your own companies")
        holding = self._make_contact("Holding", is_company=True)
        own.parent_id = holding
        self._assert_refused(holding, "your own companies")

    def test_a_colleague_until_the_user_is_archived(self):
        self._assert_refused(self.employee.partner_id, "archive the user")
        self.employee.active = False
        self._anonymise(self.employee.partner_id)
        self.assertEqual(self._columns(self.employee.partner_id, "email"), (None,))

    def test_a_contact_on_hold_with_the_reason(self):
        person = self._make_person()
        self.env["crm.gdpr.hold"].with_user(self.officer).create({"partner_id": person.id, "reason": "Case 12/2026"})
        self._assert_refused(person, "Case 12/2026")

    def test_a_hold_that_was_set_since_the_preview(self):
        person = self._make_person()
        request = self._request(person)
        request.action_preview()
        self.env["crm.gdpr.hold"].with_user(self.officer).create({"partner_id": person.id, "reason": "Case 12/2026"})
        request.action_carry_out()
        self._carry_out(request)
        self.assertEqual(request.line_ids.state, "refused")
        self.assertEqual(person.email, EMAIL)

    def test_nobody_and_what_is_gone(self):
        with self.assertRaises(UserError):
            self._request(self.env["res.partner"])
        person = self._make_person()
        request = self._request(person)
        person.unlink()
        request.action_preview()
        self.assertIn("no such record", request.line_ids.reason)

    def test_one_who_is_refused_does_not_keep_the_others(self):
        person = self._make_person()
        request = self._anonymise(person + self.officer.partner_id)
        self.assertEqual(sorted(request.line_ids.mapped("state")), ["done", "refused"])

    def test_without_a_preview_and_twice(self):
        request = self._request(self._make_person())
        with self.assertRaises(UserError):
            request.action_carry_out()
        request.action_preview()
        request.action_carry_out()
        with self.assertRaises(UserError):
            request.action_carry_out()


@tagged("post_install", "-at_install")
class TestApproval(AnonymiseCase):
    def test_a_second_officer_has_to_agree_where_that_is_wanted(self):
        second = self._make_user("second_officer", "crm_gdpr.group_privacy_officer")
        request = self._request(self._make_person())
        request.sudo().needs_approval = True
        request.action_preview()
        with self.assertRaises(UserError):
            request.action_carry_out()
        with self.assertRaises(ValidationError):
            request.with_user(self.officer).action_approve()
        request.with_user(second).action_approve()
        request.action_carry_out()
        self.assertEqual(request.state, "running")

    def test_a_new_preview_has_to_be_approved_anew(self):
        second = self._make_user("second_officer", "crm_gdpr.group_privacy_officer")
        request = self._request(self._make_person())
        request.sudo().needs_approval = True
        request.action_preview()
        request.with_user(second).action_approve()
        request.action_preview()
        self.assertFalse(request.approver_id)


@tagged("post_install", "-at_install")
class TestRequestRights(AnonymiseCase):
    def test_only_privacy_officers_see_or_do_any_of_it(self):
        request = self._request(self._make_person())
        request.action_preview()
        for user in self.others:
            for model in ("crm.gdpr.request", "crm.gdpr.request.line", "crm.gdpr.kept", "crm.gdpr.field"):
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                request.with_user(user).action_carry_out()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["crm.gdpr.request"].with_user(user)._make(request.line_ids.partner_id)

    def test_an_officer_needs_no_right_to_what_is_anonymised(self):
        person = self._make_person()
        lead = self._make_lead(person, user_id=self.manager.id)
        with self.assertRaises(AccessError):
            lead.with_user(self.officer).check_access("read")
        self._anonymise(person)
        self.assertEqual(self._columns(lead, "contact_name"), (None,))

    def test_what_was_carried_out_stays_on_record(self):
        request = self._anonymise(self._make_person())
        with self.assertRaises(UserError):
            request.unlink()
        self._request(self._make_person()).unlink()
