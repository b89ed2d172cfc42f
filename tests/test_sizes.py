"""No file has more than 400 lines, no function more than 40 beside its docstring, or why it has stands here."""

import ast
import re
from functools import cache
from itertools import takewhile

import pytest

from tests.plugins.server_log import ROOT, our_addons

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
CASES = "a table of cases"
SQL = "one statement of SQL"
STEPS = "the steps of a tour, in their order"
STORY = "the promises of one thing, which share what they are made with"
REASONS = {
    "crm_campaign/tests/test_step.py": STORY,
    "crm_gdpr/tests/test_matching.py": CASES,
    "tests/import_sales_pipeline.py": "a program that can be taken along as one file",
    "tests/intake/test_email.py": STORY,
    "tests/intake/test_soap.py": STORY,
    "crm_calendar_feed/tests/test_feed.py::test_five_thousand_take_the_queries_of_five": SQL,
    "crm_gdpr/models/res_partner_dating.py::_write_ages": SQL,
    "crm_gdpr/tests/test_file_text.py::test_a_person_is_found_in_files_of_every_kind": CASES,
    "crm_leadintake/tests/test_records.py::test_what_breaks_a_rule_is_named_with_the_rule": CASES,
    "crm_leadintake/tests/test_values.py::test_what_is_no_value_of_its_field_is_named_with_the_rule": CASES,
    "crm_salesboard/models/crm_lead.py::_fill_board": SQL,
    "crm_salesboard/static/tests/tours/contact_call_tours.js::steps": STEPS,
    "crm_salesboard/static/tests/tours/document_email_tours.js::steps": STEPS,
    "crm_salesboard/static/tests/tours/sales_board_keyboard_tours.js::steps": STEPS,
    "crm_salesboard/static/tests/tours/sales_board_scroll_tours.js::steps": STEPS,
    "crm_salesboard/tests/test_column_plan.py::test_whichever_way_it_comes": CASES,
    "tests/bench/recorder.js::": "one expression, which a page evaluates before its own scripts",
}
OPENS = re.compile(r"(?!(?:\} )?(?:if|for|while|switch|else|catch)\b).*(?:\)|=>) [({\[]+")
NAME = re.compile(r"(?:\b(?:async|const|export|function|get|set|static)\b\s*)*([\w$.]*)")


def files(*patterns):
    folders = [*our_addons(), ROOT / "tests", ROOT / "setup"]
    return sorted(file for folder in folders for pattern in patterns for file in folder.rglob(pattern))


@cache
def long_files():
    """Return ``{path: lines}`` of what is too long."""
    lines = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in files("*.py", "*.js", "*.mjs")}
    return {path: number for path, number in lines.items() if number > LONGEST_FILE}


@cache
def long_functions():
    """Return ``{path::name: lines}`` of what is too long."""
    found = {}
    for pattern, measure in (
        ("*.py", python_functions),
        ("*.js", javascript_functions),
        ("*.mjs", javascript_functions),
    ):
        for file in files(pattern):
            for name, number in measure(file.read_text()):
                if number > LONGEST_FUNCTION:
                    function = f"{file.relative_to(ROOT)}::{name}"
                    found[function] = max(number, found.get(function, 0))
    return found


def python_functions(source):
    """Yield each function, method or inner function of a file, and its lines without the docstring."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.end_lineno - node.lineno + 1 - docstring_lines(node)


def docstring_lines(node):
    if ast.get_docstring(node, clean=False) is None:
        return 0
    return node.body[0].end_lineno - node.body[0].lineno + 1


def javascript_functions(source):
    """Yield the same of JavaScript as prettier writes it: what opens at the end of a line ends at the same indent."""
    lines = source.splitlines()
    for start, line in enumerate(lines):
        if OPENS.fullmatch(line.strip()):
            inside = takewhile(lambda other: not other.strip() or indent(other) > indent(line), lines[start + 1 :])
            yield NAME.match(line.strip())[1], len(list(inside)) + 2


def indent(line):
    return len(line) - len(line.lstrip())


def test_no_file_is_too_long_without_a_reason():
    assert {path: number for path, number in long_files().items() if path not in REASONS} == {}


def test_no_function_is_too_long_without_a_reason():
    assert {name: number for name, number in long_functions().items() if name not in REASONS} == {}


def test_no_reason_is_left_of_what_is_short_by_now():
    assert set(REASONS) - set(long_files()) - set(long_functions()) == set()


def test_how_python_is_measured():
    source = (
        'class A:\n    def one(self):\n        """Two\n        lines."""\n        def inner():\n            return 1\n'
    )
    assert dict(python_functions(source)) == {"one": 3, "inner": 2}


@pytest.mark.parametrize(
    ("source", "measured"),
    [
        ("class A {\n    get size() {\n        a();\n\n        b();\n    }\n}", {"size": 5}),
        ("const far = async (a) => {\n    b();\n};", {"far": 3}),
        ("    steps: () => [\n        a,\n        b,\n    ],", {"steps": 4}),
        ("export async function load(a) {\n    if (a) {\n        b();\n    }\n}", {"load": 5}),
        ("    if (a) {\n        b();\n    }", {}),
    ],
)
def test_how_javascript_is_measured(source, measured):
    assert dict(javascript_functions(source)) == measured
