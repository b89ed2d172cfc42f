"""The benchmark of the board compares the same projects on both sides, and judges by the bars of the specification."""

import pathlib
import subprocess
import sys

import pytest

from odoo.tools import config

from tests.bench import board, report
from tests.bench.servers import Server
from tests.test_two_servers import on_postgres

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
    templates = on_postgres("SELECT datname FROM pg_database WHERE datname LIKE 'template-%' ORDER BY oid DESC")
    assert templates, "setup/test keeps a template with the native modules; run the tests through it"
    for database in (NATIVE, OURS):
        on_postgres("DROP DATABASE IF EXISTS {}", database)
        on_postgres("CREATE DATABASE {} TEMPLATE {}", database, templates[0][0])
    try:
        odoo(OURS, "-i", "crm_salesboard", "--stop-after-init")
        load(NATIVE)
        load(OURS)
        yield
    finally:
        for database in (NATIVE, OURS):
            on_postgres("DROP DATABASE IF EXISTS {}", database)


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
