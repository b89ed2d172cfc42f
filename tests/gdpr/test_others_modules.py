"""What Odoo's other modules know of a person; with those of them that are installed."""

from odoo.addons.crm_gdpr.tests.anonymise_case import AnonymiseCase
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestOtherModules(AnonymiseCase):
    def _need(self, model):
        if model not in self.env:
            self.skipTest(f"{model} is not installed")
        return self.env[model]

    def test_an_application_is_the_applicants(self):
        applicants, person = self._need("hr.applicant"), self._make_person()
        applicant = applicants.create(
            {"partner_name": "M. Alias", "partner_id": person.id, "applicant_notes": "<p>Shy</p>"}
        )
        self.env.flush_all()
        self.env.cr.execute("UPDATE hr_applicant SET email_from = 'alias@home.example' WHERE id = %s", [applicant.id])
        self._anonymise(person)
        names = ("partner_name", "email_from", "applicant_notes")
        self.assertEqual(self._columns(applicant, *names), (None, None, None))

    def test_of_answers_what_was_chosen_stays_and_what_was_written_goes(self):
        inputs, person = self._need("survey.user_input"), self._make_person()
        survey = self.env["survey.survey"].create({"title": "How was it?"})
        question = self.env["survey.question"].create(
            {"survey_id": survey.id, "title": "Why?", "question_type": "char_box"}
        )
        taken = inputs.create(
            {"survey_id": survey.id, "partner_id": person.id, "email": "second@home.example", "nickname": "Mimi"}
        )
        line = self.env["survey.user_input.line"].create(
            {"user_input_id": taken.id, "question_id": question.id, "answer_type": "char_box",
             "value_char_box": "My knee"}
        )  # fmt: skip
        self._anonymise(person)
        self.assertEqual(self._columns(taken, "email", "nickname"), (None, None))
        self.assertEqual(self._columns(line, "value_char_box"), (None,))

    def test_a_registration_loses_the_address_that_only_it_knows(self):
        registrations, person = self._need("event.registration"), self._make_person()
        event = self.env["event.event"].create(
            {"name": "Fair", "date_begin": "2030-01-01 10:00:00", "date_end": "2030-01-01 12:00:00"}
        )
        seat = registrations.create(
            {"event_id": event.id, "partner_id": person.id, "email": "second@home.example", "phone": "+31205550100"}
        )
        self._anonymise(person)
        self.assertEqual(self._columns(seat, "email", "phone"), (None, None))
