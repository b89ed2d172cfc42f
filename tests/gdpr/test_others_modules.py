"""What modules of Odoo that are neither sales nor accounting know of a person: on a database that has them."""

import pytest

from odoo import Command

from tests.gdpr.installation import Company

MODULES = "crm_gdpr,event,hr_recruitment,survey"


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    log = tmp_path_factory.mktemp("gdpr") / "server.log"
    log.touch()
    company = Company("test-gdpr-others", log)
    try:
        company.copy_template()
        company.install(MODULES)
        company.forget()
        yield company
    finally:
        company.drop()


@pytest.fixture
def env(company):
    """The superuser's environment; what is done in it is undone."""
    with company.env() as env:
        env["crm.gdpr.field"]._complete()
        yield env
        env.cr.rollback()


@pytest.fixture
def person(env):
    return env["res.partner"].create(
        {"name": "Maria van Dalen", "email": "maria@vandalen.example", "phone": "+31 6 24681357"}
    )


def test_an_application_is_the_applicants(env, person):
    applicant = env["hr.applicant"].create(
        {"partner_name": "M. Alias", "partner_id": person.id, "applicant_notes": "<p>Shy</p>"}
    )
    env.flush_all()
    env.cr.execute("UPDATE hr_applicant SET email_from = 'alias@home.example' WHERE id = %s", [applicant.id])
    anonymise(person)
    assert columns(applicant, "partner_name", "email_from", "applicant_notes") == (None, None, None)


def test_of_answers_what_was_chosen_stays_and_what_was_written_goes(env, person):
    survey = env["survey.survey"].create({"title": "How was it?"})
    why, which = env["survey.question"].create(
        [
            {"survey_id": survey.id, "title": "Why?", "question_type": "char_box"},
            {
                "survey_id": survey.id,
                "title": "Which?",
                "question_type": "simple_choice",
                "suggested_answer_ids": [Command.create({"value": "This"})],
            },
        ]
    )
    taken = env["survey.user_input"].create(
        {"survey_id": survey.id, "partner_id": person.id, "email": "second@home.example", "nickname": "Mimi"}
    )
    answer = {"user_input_id": taken.id}
    written, chosen = env["survey.user_input.line"].create(
        [
            {**answer, "question_id": why.id, "answer_type": "char_box", "value_char_box": "My knee"},
            {
                **answer,
                "question_id": which.id,
                "answer_type": "suggestion",
                "suggested_answer_id": which.suggested_answer_ids.id,
            },
        ]
    )
    anonymise(person)
    assert columns(taken, "email", "nickname") == (None, None)
    assert columns(written, "value_char_box") == (None,)
    assert columns(chosen, "suggested_answer_id") == (which.suggested_answer_ids.id,)


def test_a_registration_loses_the_address_that_only_it_knows(env, person):
    fair = env["event.event"].create(
        {"name": "Fair", "date_begin": "2030-01-01 10:00:00", "date_end": "2030-01-01 12:00:00"}
    )
    seat = env["event.registration"].create(
        {"event_id": fair.id, "partner_id": person.id, "email": "second@home.example", "phone": "+31205550100"}
    )
    anonymise(person)
    assert columns(seat, "email", "phone") == (None, None)


def test_whom_they_booked_for_keeps_name_and_address(env, person):
    fair = env["event.event"].create(
        {"name": "Fair", "date_begin": "2030-01-01 10:00:00", "date_end": "2030-01-01 12:00:00"}
    )
    seat = env["event.registration"].create(
        {
            "event_id": fair.id,
            "partner_id": person.id,
            "name": "Gerrit Postma",
            "email": "gerrit@postma.example",
            "phone": "+31205550100",
        }
    )
    anonymise(person)
    assert columns(seat, "name", "email", "phone") == ("Gerrit Postma", "gerrit@postma.example", "+31205550100")


def anonymise(person):
    """Preview and carry out, as an officer and the job do, without the job's commits."""
    request = person.env["crm.gdpr.request"]._make(person, None)
    request.action_preview()
    request.action_carry_out()
    identities = request.line_ids._carry_out()
    assert request.line_ids.state == "done"
    request._finish(identities)
    person.env.invalidate_all()


def columns(record, *names):
    """Values as they stand in the table; the names are the test's own."""
    record.env.flush_all()
    record.env.cr.execute(f"SELECT {', '.join(names)} FROM {record._table} WHERE id = %s", [record.id])
    return record.env.cr.fetchone()
