"""Keeps tests/rows.md true: named tests exist, ran and passed; named headings are there; no row stands twice.

The parsing is plain Python with tests of its own below, so that it cannot hide a wrong table.
"""

import ast
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
LONG = ROOT / "tests" / "long.txt"  # what an ordinary run leaves out
COLUMNS = ["row", "promise", "tests", "shown in"]
# a comma parts two tests only where another path follows: titles of JavaScript tests may hold commas
SEPARATOR = re.compile(r"\s*(?:<br\s*/?>|,(?=\s*`?[\w./-]+\.(?:py|js|md)\b))\s*")


class Row(NamedTuple):
    name: str
    promise: str
    tests: list
    shown_in: list


def split_cells(line):
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def parse_rows(text):
    """Return the rows of the table with the columns above, and fail on a line that does not fit."""
    table = [split_cells(line) for line in text.splitlines() if line.startswith("|")]
    assert table and table[0] == COLUMNS, f"tests/rows.md needs a table with the columns {COLUMNS}"
    for cells in table:
        assert len(cells) == len(COLUMNS), f"not {len(COLUMNS)} cells: {cells}"
    return [Row(name, promise, split_names(tests), split_names(shown)) for name, promise, tests, shown in table[2:]]


def split_names(cell):
    return [name.strip(" `") for name in SEPARATOR.split(cell) if name.strip(" `")]


def why_missing(test, root=ROOT):
    """Return why a named test does not exist, or None: a Python test by class and name, another one by its title."""
    path, _, name = test.partition("::")
    file = root / path
    if not name or not file.is_file():
        return f"{test}: no such file" if name else f"{test}: is no file::test"
    if path.endswith(".py"):
        return None if tuple(name.split("::")) in python_tests(file) else f"{test}: no such test in the file"
    return None if name in file.read_text() else f"{test}: no such title in the file"


def python_tests(file):
    """Return the tests of a file as ("function",) and ("Class", "method")."""
    found = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.FunctionDef):
            found.add((node.name,))
        elif isinstance(node, ast.ClassDef):
            found.update((node.name, child.name) for child in node.body if isinstance(child, ast.FunctionDef))
    return found


def anchor_of(heading):
    """Return the anchor that a heading gets where Markdown is rendered: lower case, dashes, no punctuation."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def why_not_shown(place, root=ROOT):
    path, _, anchor = place.partition("#")
    file = root / path
    if not file.is_file():
        return f"{place}: no such file"
    headings = re.findall(r"^#+ +(.*)$", file.read_text(), re.MULTILINE)
    return None if anchor in map(anchor_of, headings) else f"{place}: no such heading"


def why_not_passed(test, outcomes):
    """Return why a Python test did not pass; a parametrized one has to pass in all its cases."""
    results = [outcome for node, outcome in outcomes.items() if node == test or node.startswith(test + "[")]
    if not results:
        return f"{test}: did not run"
    return None if set(results) == {"passed"} else f"{test}: {', '.join(sorted(set(results)))}"


# --- the table as it stands ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def rows():
    return parse_rows((ROOT / "tests" / "rows.md").read_text())


def assert_none(reasons):
    found = [reason for reason in reasons if reason]
    assert not found, "\n".join(["tests/rows.md is not true:", *found])


def test_each_row_stands_once(rows):
    assert_none(f"{name} stands {count} times" for name, count in Counter(r.name for r in rows).items() if count > 1)


def test_each_row_has_a_promise_a_test_and_a_place(rows):
    assert_none(f"{row.name}: an empty cell" for row in rows if not all(row))


def test_each_named_test_exists(rows):
    assert_none(why_missing(test) for row in rows for test in row.tests)


def test_each_named_place_is_in_the_readme(rows):
    assert_none(why_not_shown(place) for row in rows for place in row.shown_in)


def test_each_named_test_ran_and_passed(rows, outcomes):
    if outcomes is None:
        return  # a run of a part of the tests: nothing to be said
    long = tuple(line for line in LONG.read_text().splitlines() if not line.startswith("#"))
    python = {test for row in rows for test in row.tests if ".py::" in test and not test.startswith(long)}
    assert_none(why_not_passed(test, outcomes) for test in sorted(python))


# --- the checks themselves ----------------------------------------------------------------------

TABLE = "| row | promise | tests | shown in |\n|---|---|---|---|\n"


def test_parse_several_tests_and_places():
    (row,) = parse_rows(
        TABLE + "| R1 | a \\| b | `a/test_x.py::A::test_b`<br>a/t.test.js::drags, drops, a/test_y.py::c | R.md#a |"
    )
    assert row.promise == "a | b"
    assert row.tests == ["a/test_x.py::A::test_b", "a/t.test.js::drags, drops", "a/test_y.py::c"]
    assert row.shown_in == ["R.md#a"]


@pytest.mark.parametrize("text", ["", "| row | promise |\n|---|---|\n", TABLE + "| R1 | no | cells |"])
def test_parse_refuses_another_table(text):
    with pytest.raises(AssertionError):
        parse_rows(text)


@pytest.mark.parametrize(
    ("test", "missing"),
    [
        ("tests/test_rows.py::test_parse_refuses_another_table", False),
        ("tests/test_rows.py::Row::test_parse_refuses_another_table", True),
        ("tests/test_rows.py::test_that_is_not_there", True),
        ("tests/test_rows.py", True),
        ("tests/no_such_file.py::test_a", True),
        ("tests/rows.md::what proves it", False),
        ("tests/rows.md::a title that is not there", True),
    ],
)
def test_why_missing(test, missing):
    assert bool(why_missing(test)) is missing


def test_anchor_of():
    assert anchor_of("The board, & its `columns` (2)") == "the-board--its-columns-2"


@pytest.mark.parametrize(
    ("outcomes", "passed"),
    [
        ({"t.py::a": "passed"}, True),
        ({"t.py::a[1]": "passed", "t.py::a[2]": "passed"}, True),
        ({"t.py::a[1]": "passed", "t.py::a[2]": "failed"}, False),
        ({"t.py::a": "skipped"}, False),
        ({"t.py::ab": "passed"}, False),
    ],
)
def test_why_not_passed(outcomes, passed):
    assert (why_not_passed("t.py::a", outcomes) is None) is passed
