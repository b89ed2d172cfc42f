from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.run import Run
from .anonymise_case import NAME, AnonymiseCase


@tagged("post_install", "-at_install")
class TestOffice(AnonymiseCase):
    """What officers can and cannot do with a request, over any door."""

    def _entries(self, request):
        log = self.env["crm.gdpr.log"].search([], order="number")
        return [entry for entry in log if entry.details.get("request") == request.id]

    def test_an_officer_changes_a_request_by_its_buttons_alone(self):
        request = self._request(self._make_person())
        request.reason = "other"
        for values in (
            {"state": "done"},
            {"approver_id": self.officer.id},
            {"user_id": self.manager.id},
            {"scan_state": "clean"},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                request.write(values)
        with self.assertRaises(AccessError):
            self.env["crm.gdpr.request"].with_user(self.officer).create({"state": "done"})
        for change in ({"state": "done"}, {"plan_hash": "x"}, {"residue": []}):
            with self.subTest(change=change), self.assertRaises(AccessError):
                request.line_ids.write(change)
        with self.assertRaises(AccessError):
            request.write({"line_ids": [(5,)]})

    def test_a_button_does_nothing_for_anybody_else(self):
        request = self._request(self._make_person())
        for user in self.others:
            for button in ("action_preview", "action_approve", "action_carry_out", "action_stop", "action_cancel"):
                with self.subTest(user=user.login, button=button), self.assertRaises(AccessError):
                    getattr(request.with_user(user), button)()

    def test_why_it_was_done_is_not_changed_afterwards(self):
        request = self._anonymise(self._make_person())
        with self.assertRaises(AccessError):
            request.reason = "retention"

    def test_what_is_done_in_part_is_closed_and_not_deleted(self):
        done, left = self._make_person(), self._make_contact("Piet Boer")
        request = self._request(done + left)
        request.action_preview()
        request.action_carry_out()
        request.sudo().line_ids[:1]._carry_out()
        request.action_stop()
        request.action_cancel()
        self.assertEqual((request.state, request.line_ids.mapped("state")), ("done", ["done", "refused"]))
        self.assertIn("cancelled", request.line_ids[1].reason)
        request.action_preview_changed()
        with self.assertRaises(UserError):
            request.unlink()
        request.action_cancel()
        self.assertEqual((request.state, left.name), ("done", "Piet Boer"))

    def test_who_is_all_done_is_not_looked_at_again(self):
        request = self._anonymise(self._make_person())
        with self.assertRaisesRegex(UserError, "Everybody"):
            request.action_preview_changed()

    def test_each_decision_is_in_the_log_with_who_made_it(self):
        second = self._make_user("second_officer", "crm_gdpr.group_privacy_officer")
        request = self._request(self._make_person())
        request.sudo().needs_approval = True
        request.action_preview()
        request.with_user(second).action_approve()
        request.with_user(second).action_carry_out()
        request.action_stop()
        request.with_user(second).action_carry_out()
        self.env["crm.gdpr.request"].browse(request.id).with_user(request.starter_id).sudo().line_ids._carry_out()
        told = [(entry.event, entry.user_ref) for entry in self._entries(request)]
        mine, others = self.officer.id, second.id
        self.assertEqual(
            told,
            [
                ("made", mine), ("planned", mine), ("approved", others), ("started", others), ("stopped", mine),
                ("started", others), ("carried_out", others),
            ],
        )  # fmt: skip
        gone = self._request(self._make_contact("Piet Boer"))
        gone.action_cancel()
        entries = self.env["crm.gdpr.log"]
        gone.unlink()
        self.assertEqual(entries.search([], limit=2).mapped("event"), ["deleted", "cancelled"])

    def test_another_companys_contacts_and_leads_are_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Other"})
        second = self._make_user("second_officer", "crm_gdpr.group_privacy_officer")
        self.officer.company_ids -= other
        person = self._make_contact("Theirs", company_id=other.id)
        lead = self.env["crm.lead"].create({"name": "Theirs", "company_id": other.id, "contact_name": "Theirs"})
        mine = self.env["crm.gdpr.request"].with_user(self.officer)
        for records in ({"partners": person}, {"leads": lead}):
            with self.subTest(records=list(records)), self.assertRaises(AccessError):
                mine._make(**records)
        theirs = mine.with_user(second).with_company(other)._make(person)
        self.assertFalse(mine.search([("id", "=", theirs.id)]))
        self.assertFalse(mine.line_ids.search([("request_id", "=", theirs.id)]))
        with self.assertRaises(AccessError):
            theirs.with_user(self.officer).action_preview()

    def test_what_is_kept_of_another_companys_contacts_is_not_shown(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.officer.company_ids -= other
        person = self._make_contact("Theirs", company_id=other.id)
        kept = self.env["crm.gdpr.kept"].create(
            {"partner_id": person.id, "res_model": "res.partner", "res_id": person.id, "why": "posted"}
        )
        mine = self.env["crm.gdpr.kept"].with_user(self.officer)
        self.assertFalse(mine.search([("id", "=", kept.id)]))
        with self.assertRaises(AccessError):
            mine.browse(kept.id).read(["res_model"])
        shared = self.env["crm.gdpr.kept"].create(
            {"partner_id": self._make_contact("Shared").id, "res_model": "res.partner", "res_id": 1, "why": "posted"}
        )
        self.assertTrue(mine.search([("id", "=", shared.id)]))

    def test_all_in_a_list_are_taken_also_those_that_the_browser_does_not_name(self):
        people = self.env["res.partner"].create([{"name": f"Selected {n}", "ref": "selected"} for n in range(5)])
        self.env["ir.config_parameter"].set_param("web.active_ids_limit", "3")
        requests = self.env["crm.gdpr.request"].with_user(self.officer)
        handed_over = people[:3].with_user(self.officer).with_context(active_domain=[("ref", "=", "selected")])
        request = requests.browse(requests.action_open_for(handed_over)["res_id"])
        self.assertEqual(request.line_ids.partner_id, people)
        alone = requests.browse(requests.action_open_for(handed_over[:1])["res_id"])
        self.assertEqual(alone.line_ids.partner_id, people[0])

    def test_what_a_preview_showed_of_whoever_went_along_is_forgotten(self):
        company = self._make_contact("Works", is_company=True)
        person = self._make_person(parent_id=company.id)
        lead = self._make_lead(person)
        before = self._request(person)
        before.action_preview()
        self.assertTrue(before.line_ids.sample)
        held = self._request(person)
        hold = self.env["crm.gdpr.hold"].with_user(self.officer).create({"partner_id": person.id, "reason": NAME})
        held.action_preview()
        self.assertIn(NAME, held.line_ids.reason)
        hold.action_release()
        self._anonymise(company)
        self.assertFalse(before.line_ids.sample)
        self.assertNotIn(NAME, held.line_ids.reason)
        self.assertEqual(self._columns(lead, "contact_name"), (None,))

    def test_an_error_that_nobody_thought_of_keeps_nobody_else(self):
        people = self._make_person() + self._make_contact("Piet Boer", email="piet@boer.example")
        request = self._request(people)
        request.action_preview()
        request.action_carry_out()
        erase = Run.erase

        def stumble(run):
            if people[0].id in {person.main[1] for person in run.persons}:
                raise ZeroDivisionError(NAME)
            erase(run)

        with patch.object(Run, "erase", stumble), mute_logger("odoo.addons.crm_gdpr.models.crm_gdpr_request_carry_out"):
            self._carry_out(request)
        self.assertEqual(request.line_ids.mapped("state"), ["failed", "done"])
        self.assertIn("ZeroDivisionError", request.line_ids[0].reason)
        self.assertNotIn(NAME, request.line_ids[0].reason)


@tagged("post_install", "-at_install")
class TestMarks(AnonymiseCase):
    def test_nobody_says_of_a_contact_that_it_is_anonymised(self):
        person = self._make_person()
        for user in (self.manager, self.system, self.officer):
            for values in ({"gdpr_state": "anonymised"}, {"gdpr_date": "2020-01-01"}):
                with self.subTest(user=user.login, values=values), self.assertRaises(AccessError):
                    person.with_user(user).write(values)

    def test_what_becomes_of_a_field_is_in_the_log_when_somebody_changes_it(self):
        fields = self.env["crm.gdpr.field"].with_user(self.officer)
        email = fields.search([("model", "=", "res.partner"), ("name", "=", "email")])
        email.strategy = "keep"
        entry = self.env["crm.gdpr.log"].search([], limit=1)
        told = {name: entry.details[name] for name in ("setting", "field", "before", "strategy")}
        self.assertEqual(
            told, {"setting": "field", "field": "res.partner.email", "before": "empty", "strategy": "keep"}
        )
        self.assertFalse(entry.details["is_text_changed"])
        fields.search([("model", "=", "res.partner"), ("name", "=", "name")]).fixed_text = "Somebody"
        self.assertTrue(self.env["crm.gdpr.log"].search([], limit=1).details["is_text_changed"])

    def test_what_is_chosen_for_one_field_is_never_made_a_choice_for_another(self):
        fields = self.env["crm.gdpr.field"].with_user(self.officer)
        name, lang = (fields.search([("model", "=", "res.partner"), ("name", "=", each)]) for each in ("name", "lang"))
        for values in ({"field_id": name.sudo().field_id.id}, {"model": "crm.lead"}, {"name": "name"}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                lang.write({**values, "strategy": "keep"})
        other = self.env["ir.model.fields"]._get("res.partner", "message_bounce")
        with self.assertRaises(AccessError):
            fields.create({"model": "res.partner", "field_id": other.id, "strategy": "keep"})
        with self.assertRaises(ValidationError):
            name.sudo().strategy = "keep"
        self.assertFalse(fields.search([("field_id", "=", other.id)]))

    def test_fields_that_were_made_since_are_in_the_list_when_an_officer_opens_it(self):
        field = self._set_custom_field()
        fields = self.env["crm.gdpr.field"].with_user(self.officer)
        fields.action_open()
        self.assertEqual(fields.search([("field_id", "=", field.id)]).strategy, "empty")
        with self.assertRaises(AccessError):
            self.env["crm.gdpr.field"].with_user(self.employee).action_open()


@tagged("post_install", "-at_install")
class TestOthers(AnonymiseCase):
    def test_what_an_officer_typed_into_a_wizard_no_other_officer_reads(self):
        other = self._make_user("other_officer", "crm_gdpr.group_privacy_officer")
        for model in ("suppression.forget", "touch.contacts", "replay", "log.check"):
            wizards = self.env[f"crm.gdpr.{model}"].with_user(self.officer)
            wizard = wizards.create(self._get_values(wizards))
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(model=model):
                self.assertTrue(wizard.read(["create_uid"]))
                self.assertFalse(wizard.with_user(other).search([("id", "=", wizard.id)]))
                with self.assertRaises(AccessError):
                    wizard.with_user(other).read(["create_uid"])

    def _get_values(self, wizards):
        if wizards._name == "crm.gdpr.touch.contacts":
            return {"reason": "A reason", "partner_domain": "[]"}
        return {}

    def test_an_anonymised_contact_is_not_merged_with_a_living_one(self):
        gone, living = self._make_person(), self._make_contact("Piet Boer", email="piet@boer.example")
        self._anonymise(gone)
        for user in (self.env.user, self.system, self.officer):
            merge = self.env["base.partner.merge.automatic.wizard"].with_user(user)
            for into in (gone, living):
                with self.subTest(user=user.login), self.assertRaisesRegex(UserError, "anonymised"):
                    merge._merge((gone + living).ids, into.with_user(user), extra_checks=False)
        self.assertFalse(living.gdpr_state)
        self.assertTrue(living.exists() and gone.exists())
