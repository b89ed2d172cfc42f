from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged

from ..models import crm_gdpr_request_preview
from .anonymise_case import EMAIL, NAME


class PrivacyScreen(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = new_test_user(
            cls.env, "tour_officer", "base.group_partner_manager,crm_gdpr.group_privacy_officer"
        )
        cls.person = cls.env["res.partner"].create({"name": NAME, "email": EMAIL, "zip": "1012 AB"})
        cls.env["crm.lead"].create({"name": f"Roof of {NAME}", "partner_id": cls.person.id, "type": "opportunity"})

    def _preview_many(self, tour):
        """Four are many, where one is what somebody waits for."""
        self.startPatcher(patch.object(crm_gdpr_request_preview, "CHUNK", 1))
        people = self.env["res.partner"].create([{"name": f"Person Number{n}"} for n in range(4)])
        request = self.env["crm.gdpr.request"].with_user(self.officer)._make(people)
        url = f"/odoo/action-crm_gdpr.crm_gdpr_request_action/{request.id}"
        self.start_tour(url, tour, login="tour_officer", timeout=60)
        self.assertEqual((request.state, request.previewed_count), ("draft", 0))


@tagged("post_install", "-at_install")
class TestAnonymiseScreen(PrivacyScreen):
    def test_a_large_preview_shows_how_far_it_is_and_is_stopped(self):
        self._preview_many("crm_gdpr_preview_many")

    def test_a_contact_is_previewed_anonymised_and_reported_on(self):
        self.start_tour(f"/odoo/res.partner/{self.person.id}", "crm_gdpr_anonymise", login="tour_officer", timeout=90)
        request = self.env["crm.gdpr.request"].search([("user_id", "=", self.officer.id)])
        self.assertEqual(request.state, "running")
        line = request.line_ids
        line._carry_out()
        request._search_remains({line.id: line._run().persons[0].identity})
        request._finish({})
        self.assertEqual((request.state, self.person.email), ("done", False))
        url = f"/odoo/action-crm_gdpr.crm_gdpr_request_action/{request.id}"
        self.start_tour(url, "crm_gdpr_report", login="tour_officer", timeout=60)

    def test_what_becomes_of_a_field_is_chosen_in_the_list(self):
        self.start_tour(
            "/odoo/action-crm_gdpr.crm_gdpr_request_action", "crm_gdpr_fields", login="tour_officer", timeout=60
        )
        chosen = self.env["crm.gdpr.field"].search([("name", "=", "zip"), ("model", "=", "res.partner")])
        self.assertEqual(chosen.strategy, "postcode")


@tagged("post_install", "-at_install")
class TestAnonymisePhone(PrivacyScreen):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_large_preview_is_followed_and_stopped_on_a_phone(self):
        self._preview_many("crm_gdpr_preview_many_phone")

    def test_a_report_is_read_on_a_phone(self):
        request = self.env["crm.gdpr.request"].with_user(self.officer)._make(self.person)
        request.action_preview()
        self.start_tour(
            f"/odoo/action-crm_gdpr.crm_gdpr_request_action/{request.id}",
            "crm_gdpr_phone",
            login="tour_officer",
            timeout=60,
        )
