"""The bar: a person who stands everywhere is anonymised, and then dump and file store hold nothing of her.

Nothing but what the law keeps, as long as it keeps it; and whatever is left opens.
"""

from typing import NamedTuple

import pytest

from odoo.tools import mute_logger

from tests.gdpr.cast import Cast, add_bystander
from tests.gdpr.dump import digests, rows, search_all
from tests.gdpr.harness import (
    RECORDS,
    anonymise,
    as_user,
    delete_files,
    find_documents,
    kept_rows,
    let_time_pass,
    run_job,
)
from tests.gdpr.installation import Company
from tests.gdpr.person import PERSON
from tests.gdpr.plant import Planted

# what prints documents tells what it cannot do
PRINTING = "odoo.addons.base.models.ir_actions_report"
# the books, and what is printed of them
KEPT = {"account_move", "account_move_line", "account_payment", "account_bank_statement_line", "file store"}


class Outcome(NamedTuple):
    """A copy of the company after it was done."""

    company: Company
    kept: set  # {(table.column, row)}
    found: list  # of dump.Find
    told: dict  # {(place, why): how many} of what the report says is left


@pytest.fixture(scope="module")
def copy(planted, tmp_path_factory):
    """Makes copies of a company."""
    made = []

    def copy(name, base=planted.company):
        log = tmp_path_factory.mktemp(name) / "server.log"
        log.touch()
        company = Company(f"test-gdpr-{name}", log)
        base.forget()
        company.copy(base.database)
        made.append(company)
        return company

    yield copy
    for company in made:
        company.drop()


def _anonymise(company, planted, search, **values):
    with company.env() as env, mute_logger(PRINTING):
        env.company.write(values)
        request = anonymise(env, env["res.partner"].browse(planted.ids["partner"]))
        told = {(place, why): number for place, why, number in request.line_ids.residue}
        kept = kept_rows(env)
    company.forget()
    return Outcome(company, kept, search_all(search, company.database), told)


@pytest.fixture(scope="module")
def first(planted, search, copy):
    """What is there after she was anonymised."""
    return _anonymise(copy("first"), planted, search)


@pytest.fixture(scope="module")
def outcome(first, planted, search, copy):
    """The same when the officer has deleted the files of others that the report tells of."""
    company = copy("bar", first.company)
    with company.env() as env:
        delete_files(env, [find.row for find in _left(first.found, planted, first.kept)])
    company.forget()
    return first._replace(company=company, found=search_all(search, company.database))


def _of_others(find, planted):
    """Whether it stands with somebody else of her name."""
    table = find.place.partition(".")[0]
    return find.row.isdigit() and int(find.row) in planted.bystanders.get(table, ())


def _left(found, planted, kept=()):
    return [find for find in found if (find.place, find.row) not in kept and not _of_others(find, planted)]


def _list(finds):
    """As lines, which pytest shows whole."""
    return "\n".join(map(str, finds))


def test_nothing_is_left_in_the_database_and_of_files_what_is_others(planted, first):
    left = _left(first.found, planted, first.kept)
    assert _list(find for find in left if find.place != "file store") == ""
    with first.company.env() as env:
        documents = find_documents(env, [find.row for find in left])
        assert documents == {("crm.lead", planted.ids["other_lead"][0])}
    assert first.told["ir_attachment.store_fname", "file"] == len({find.row for find in left})


def test_dump_and_file_store_hold_nothing_of_her_but_what_the_law_keeps(planted, outcome):
    assert _list(_left(outcome.found, planted, outcome.kept)) == ""
    assert outcome.kept
    assert {place.partition(".")[0] for place, _row in outcome.kept} <= KEPT


def test_the_posted_invoice_stays_readable(planted, outcome):
    invoice = str(planted.ids["invoice"][0])
    assert ("account_move.invoice_partner_display_name", invoice) in {(find.place, find.row) for find in outcome.found}
    assert any(find.place == "file store" and find.kind == "name" for find in outcome.found)


def test_others_of_her_name_stay_as_they_are(planted, outcome):
    before = digests(planted.company.database, planted.bystanders)
    assert {"res_partner", "crm_lead", "sale_order", "mail_message", "crm_ticket"} == {table for table, _row in before}
    assert digests(outcome.company.database, planted.bystanders) == before


def test_what_colleagues_wrote_stays_without_her(planted, outcome):
    with outcome.company.env() as env:
        note = env["mail.message"].browse(planted.ids["other_note"])
        assert note.author_id.name == "Sanne Seller" and "40 pallets" in note.body
        mention = env["mail.message"].browse(planted.ids["mention"])
        assert mention.author_id.name == "Sanne Seller" and "Neem koffie mee" in mention.body


def test_everything_opens(planted, outcome):
    from tests.gdpr.opening import affected, open_all

    with outcome.company.env() as env:
        records = affected(env, planted.places)
        for login in ("olga", "seller"):
            opened, problems = open_all(as_user(env, login), records)
            assert not problems
            assert opened > 100


def test_documents_print_and_the_portal_shows_the_order(planted, outcome):
    from tests.gdpr.opening import open_in_portal, print_pdf

    with outcome.company.env() as env, mute_logger(PRINTING):
        order = env["sale.order"].browse(planted.ids["order"])
        invoice = env["account.move"].browse(planted.ids["invoice"])
        assert print_pdf(env, "sale.report_saleorder", order).startswith(b"%PDF")
        assert print_pdf(env, "account.report_invoice_with_payments", invoice).startswith(b"%PDF")
        url, number = order.get_portal_url(), order.name
    try:
        assert number in open_in_portal(outcome.company.serve(), url)
    finally:
        outcome.company.stop()


def test_every_job_runs_and_brings_nothing_back(planted, outcome, copy, world, search):
    from tests.gdpr.opening import run_jobs

    company = copy("jobs", outcome.company)
    with company.env() as env:
        world.connect(env)
        env.cr.commit()
        assert not run_jobs(env)
    company.forget()
    assert _list(_left(search_all(search, company.database), planted, outcome.kept)) == ""


def test_a_second_time_changes_nothing(planted, outcome, copy):
    company = copy("again", outcome.company)
    with company.env() as env:
        # the portal was looked at since: a new link to her order was made
        env.cr.execute("UPDATE sale_order SET access_token = NULL")
        env.cr.commit()
    before = _rows(company)
    with company.env() as env, mute_logger(PRINTING):
        anonymise(env, env["res.partner"].browse(planted.ids["partner"]))
    company.forget()
    assert _rows(company) == before


def _rows(company):
    """All rows but those that tell that something was done."""
    told = {(table, str(row)) for table, row in rows(company.database) if table and table not in RECORDS}
    return {(table, row) for table, row in told if not table.startswith("orm_signaling_")}


def test_when_the_law_keeps_it_no_longer_nothing_is_left(planted, outcome, copy, search):
    company = copy("later", outcome.company)
    with company.env() as env, mute_logger(PRINTING):
        let_time_pass(env)
        run_job(env, "crm_gdpr.ir_cron_release")
        assert not kept_rows(env)
    company.forget()
    assert _list(_left(search_all(search, company.database), planted)) == ""


def test_with_a_restrictive_audit_trail_it_finishes_and_tells_what_stayed(planted, copy, search):
    outcome = _anonymise(copy("audit"), planted, search, restrictive_audit_trail=True)
    left = _left(outcome.found, planted, outcome.kept)
    assert _list(find for find in left if find.place != "file store") == ""
    assert any(place.startswith("mail_message.") for place, _row in outcome.kept)
    assert any(why == "audit_trail" for _place, why in outcome.told)


def test_beside_a_namesake_what_may_be_either_of_them_is_told_and_left(planted, copy, search):
    company = copy("namesake")
    with company.env() as env:
        cast = Cast(env, company)
        add_bystander(cast, PERSON.name, email="zvdw@elders.example", phone="+31 6 29158347", city="Groningen")
    company.forget()
    before = digests(company.database, cast.bystanders)
    outcome = _anonymise(company, planted, search)
    assert digests(company.database, cast.bystanders) == before
    left = _left(outcome.found, Planted(company, cast), outcome.kept)
    # in a file that says no more the birthday may be either's too
    assert {find.kind for find in left if find.place != "file store"} == {"name", "birth date"}
    told = {place for place, why in outcome.told if why in ("other_person", "file")}
    if "ir_attachment.db_datas" in told:
        told.add("ir_attachment.index_content")  # of the file that is told of: it says once more what that says
    assert {find.place for find in left if find.place != "file store"} <= told
