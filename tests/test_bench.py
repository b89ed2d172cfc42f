"""The benchmarks compare the same on both sides, and judge by the bars of the specification."""

import json
import pathlib
import subprocess
import sys
import xmlrpc.client
from email import message_from_string
from email.utils import parseaddr
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import pytest

from odoo.tools import config

from tests.bench import (
    board,
    campaign,
    customer_report,
    gdpr_report,
    gdpr_run,
    intake,
    intake_bodies,
    intake_report,
    report,
)
from tests.bench.servers import Server
from tests.postgres import drop_database, newest_template, on_postgres

BENCH = pathlib.Path(__file__).with_name("bench")
SIZE = 300
NATIVE, OURS = "test-bench-native", "test-bench-ours"
CONFIG = config["config"] or config.rcfile


def run(*command, **kwargs):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **kwargs)
    assert done.returncode == 0, done.stderr[-3000:]


def odoo(database, *arguments, **kwargs):
    run(sys.executable, "-m", "odoo", *arguments, "-c", CONFIG, "-d", database, "--no-http", **kwargs)


def in_shell(database, name):
    with (BENCH / f"{name}.py").open() as script:
        odoo(database, "shell", "--log-level", "error", stdin=script)


def load(database):
    """Put the projects of a benchmark in the place of the demo's."""
    in_shell(database, "prepare")
    psql = ["psql", "-Xq", "-d", database, "-v", "ON_ERROR_STOP=1"]
    run(*psql, "-c", "DELETE FROM crm_lead")
    run(*psql, "-v", f"size={SIZE}", "-v", f"ours={str(database == OURS).lower()}", "-f", str(BENCH / "load.sql"))


@pytest.fixture(scope="module")
def databases():
    template = newest_template()
    for database in (NATIVE, OURS):
        drop_database(database)
        on_postgres("CREATE DATABASE {} TEMPLATE {}", database, template)
    try:
        odoo(OURS, "-i", "crm_dashboard", "--stop-after-init")
        load(NATIVE)
        load(OURS)
        yield
    finally:
        for database in (NATIVE, OURS):
            drop_database(database)


def test_both_sides_count_the_same_projects_and_sums(databases, tmp_path):
    first, second = board.free_ports(8400, 2)
    with (
        Server(NATIVE, first, CONFIG, tmp_path / "native.log") as native,
        Server(OURS, second, CONFIG, tmp_path / "ours.log") as ours,
    ):
        counted = board.check_same(board.Side("native", native, None), board.Side("ours", ours, None))
    assert sum(count for count, *_sums in counted["manager"].values()) == SIZE
    assert set(counted["manager"]) == {"won", "lost", "pending"}
    own = sum(count for count, *_sums in counted["seller1"].values())
    assert 0 < own < SIZE / 10


def test_what_sql_filled_in_is_what_the_orm_would_have_stored(databases):
    in_shell(OURS, "check")
    on = ["psql", "-Xq", "-d", OURS, "-c"]
    run(*on, "UPDATE crm_lead SET board_date = board_date + 1 WHERE id = 7")
    with pytest.raises(AssertionError, match="1 values are not what the ORM would have stored"):
        in_shell(OURS, "check")


def figures(**of_ours):
    """Figures in which native takes 100 of everything, and ours what is given, else as much."""
    return {row.figure: {"native": [90, 100, 120], "ours": [of_ours.get(row.figure, 100)]} for row in report.ROWS}


@pytest.mark.parametrize(
    ("size", "figure", "ours", "verdict"),
    [
        (1_000_000, "server_quarter", 10, "aim"),
        (1_000_000, "server_quarter", 20, "must"),
        (1_000_000, "server_quarter", 21, "**missed**"),
        (100_000, "server_quarter", 10, ""),
        (100_000, "first_card", 34, "must"),
        (1_000_000, "requests", 8, "aim"),
        (1_000_000, "requests", 16, "**missed**"),
        (1_000_000, "totals", 120, "must"),
    ],
)
def test_a_figure_is_held_against_the_bar_for_its_number_of_projects(size, figure, ours, verdict):
    title = next(row.title for row in report.ROWS if row.figure == figure)
    lines = report.table(size, figures(**{figure: ours}))
    line = next(line for line in lines if line.startswith(f"| {title} |"))
    assert line.split("|")[2].strip() == "100 (90–120)"
    assert line.split("|")[7].strip() == verdict


def test_growth_is_from_the_fewest_to_the_most_projects():
    sizes = {"10000": {"figures": figures()}, "1000000": {"figures": figures(server_quarter=210)}}
    [line, _empty] = report.growth(sizes)
    assert "10,000 to 1,000,000 projects: 2.10 times" in line
    assert "**missed**" in line


# ------------------------------------------------------------
# The intake
# ------------------------------------------------------------

KNOWN = {"database": "d", "user_id": 2, "password": "p", "key": "li_key", "country_id": 1, "seller_id": 5}


def leads_of(door, numbers):
    """What a door's request says, by the names that the intake has."""
    body = intake_bodies.DOORS[door].build(numbers, KNOWN)
    if door in ("stock", "stock_told"):
        ours = {native: name for name, native in intake_bodies.NATIVE_NAMES.items()}
        return [{ours[name]: value for name, value in lead.items() if name in ours} for lead in _params(body)[5][0]]
    if door == "xmlrpc":
        return _params(body)[1]
    if door == "soap":
        leads = ElementTree.fromstring(body).iter("{urn:leadintake:1}lead")
        return [{field.tag.rpartition("}")[2]: field.text for field in lead} for lead in leads]
    if door == "form":
        return [dict(parse_qsl(body.decode()))]
    if door in ("mail", "stock_mail"):
        mail = message_from_string(_params(body)[5][1])
        name, address = parseaddr(mail["From"])
        text = {"subject": mail["Subject"], "description": mail.get_payload().strip()}
        return [{"contact_name": name, "email": address, **text}]
    content = json.loads(body)
    return content.get("leads", [content])


def _params(body):
    return xmlrpc.client.loads(body)[0]


@pytest.mark.parametrize(
    ("door", "numbers"),
    [
        (name, numbers)
        for name, door in intake_bodies.DOORS.items()
        for numbers in ([7], [8, 9])
        if len(numbers) == 1 or not door.is_single
    ],
)
def test_every_door_is_sent_the_same_leads(door, numbers):
    sent = [intake_bodies.lead(number) for number in numbers]
    for lead, expected in zip(leads_of(door, numbers), sent, strict=True):
        assert {name: str(value) for name, value in lead.items()} == {
            name: str(value) for name, value in expected.items() if name in lead
        }
        if "mail" not in door:
            assert expected.keys() - lead.keys() <= {"external_id", "country", "value"}


def test_all_that_is_judged_is_measured():
    measured = {figure.name for figures in intake.FULL.values() for figure in figures}
    rows = {name for row in intake_report.ROWS for name in (row.ours, row.native) if name}
    growth = {row.ours for row in intake_report.GROWTH}
    assert rows <= measured
    assert growth <= {figure.name for figure in intake.LARGE[intake.THREADED]}


def rates(**of_ours):
    """Rates in which stock Odoo takes 100 a second of everything, and ours what is given, else as many."""
    figures = [figure.name for figure in intake.FULL[intake.THREADED]]
    return {name: [90, 100, 120] for name in figures} | of_ours


@pytest.mark.parametrize(
    ("ours", "rate", "verdict"),
    [
        ("xmlrpc now 1000 by 1", 800, "aim"),
        ("xmlrpc now 1000 by 1", 400, "must"),
        ("xmlrpc now 1000 by 1", 399, "**missed**"),
        ("json later 1 by 1", 75, "must"),
        ("xmlrpc later 1000 by 1", 5_000, "aim"),
        ("xmlrpc later 1000 by 1", 1_999, "**missed**"),
        ("soap now 1 by 1", 10, ""),
    ],
)
def test_a_rate_is_held_against_its_bar(ours, rate, verdict):
    title = next(row.title for row in intake_report.ROWS if row.ours == ours)
    lines = intake_report.table(0, intake.THREADED, rates(**{ours: [rate]}))
    line = next(line for line in lines if line.startswith(f"| {title} |"))
    assert line.split("|")[7].strip() == verdict


def test_the_largest_database_is_compared_with_the_smallest():
    sizes = {
        size: {"rates": {"threaded": rates(**{"xmlrpc now 1000 by 1": [rate]})}}
        for size, rate in (("0", 600), ("1000000", 300))
    }
    line = next(line for line in intake_report.growth(sizes) if line.startswith("| made, 1,000"))
    assert "| 0.50 |" in line
    assert "**missed**" in line


@pytest.mark.parametrize(("queries", "verdict"), [(0.2, "aim"), (1, "must"), (1.1, "**missed**")])
def test_queries_are_to_be_few(queries, verdict):
    assert intake_report.kept_below(queries, *intake_report.QUERIES) == verdict


# ------------------------------------------------------------
# Anonymising
# ------------------------------------------------------------


def anonymised(size, carry_out=10):
    """What is measured where writing contacts alone takes 20 s, and carrying out what is given."""
    run = {"baseline": {"seconds": 20}, "preview": {"seconds": 10}, "carry_out": {"seconds": carry_out}}
    ages = {"native": [0.01], "ours": [0.01], "rebuild": {"seconds": 60}}
    return {
        "runs": [run | {"persons": 1_000}],
        "ages": ages,
        "plans": [],
        "residue": {"seconds": 60, "memory": 50},
    }


@pytest.mark.parametrize(("seconds", "verdict"), [(4, "aim"), (20, "must"), (21, "**missed**")])
def test_anonymising_is_held_against_writing_the_contacts_alone(seconds, verdict):
    lines = gdpr_report.table(10_000, anonymised(10_000, carry_out=seconds))
    line = next(line for line in lines if line.startswith("| anonymise 1,000 persons "))
    assert line.split("|")[7].strip() == verdict


def test_a_preview_is_held_against_carrying_out():
    lines = gdpr_report.table(10_000, anonymised(10_000, carry_out=8))
    line = next(line for line in lines if line.startswith("| preview "))
    assert line.split("|")[7].strip() == "**missed**"


def test_a_person_among_the_most_is_compared_with_one_among_the_fewest():
    sizes = {"10000": anonymised(10_000), "1000000": anonymised(1_000_000, carry_out=16)}
    assert "1.60 times" in next(gdpr_report.growth(sizes))
    assert "**missed**" in next(gdpr_report.growth(sizes))


def test_a_plan_tells_every_table_that_is_read_whole():
    plan = {"Node Type": "Hash Join", "Plans": [{"Node Type": "Seq Scan", "Relation Name": "crm_lead"}]}
    assert list(gdpr_run.scanned(plan)) == ["crm_lead"]


# ------------------------------------------------------------
# The customer's page
# ------------------------------------------------------------


@pytest.mark.parametrize(
    ("took", "queries", "verdicts"),
    [(150, 35, ["aim", "aim"]), (300, 40, ["must", "must"]), (301, 41, ["**missed**", "**missed**"])],
)
def test_the_page_of_a_customer_is_held_against_its_own_bars(took, queries, verdicts):
    measured = {
        "server": {"native": [200], "ours": [took]},
        "queries": queries,
        "calls": {"native": ["/a", "/b"], "ours": ["/c"]},
    }
    lines = list(customer_report.table(1_000, measured))
    assert [line.split("|")[7].strip() for line in lines[2:4]] == verdicts
    assert lines[2].split("|")[4].strip() == customer_report.short(took / 200)


# ------------------------------------------------------------
# Campaigns
# ------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "queue", "letters", "verdicts"),
    [(20, 12, 120, ["met", "met", "met"]), (21, 12.1, 121, ["**missed**", "**missed**", "**missed**"])],
)
def test_a_campaign_is_held_against_its_own_bars(group, queue, letters, verdicts):
    run = dict.fromkeys(("opening", "adding", "reasons", "start", "mails", "native_mails", "in", "pages"), 1)
    run |= {"group": group, "queue": queue, "native_queue": 10, "letters": letters}
    # The median counts, and not what something else on the machine was to blame for.
    slow = {figure: value * 3 if figure in ("group", "letters") else value for figure, value in run.items()}
    lines = list(campaign.table(20_000, [run, run, slow]))
    told = [line.split("|")[4].strip() for line in lines if "≤" in line]
    assert told == verdicts
