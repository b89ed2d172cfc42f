"""The spreadsheets of the dashboards: what setup/dashboards makes of a description, and that all are up to date."""

import json
import subprocess
from pathlib import Path

import pytest

from odoo.tools.translate import extract_spreadsheet_terms

from setup.dashboard_json.__main__ import main
from setup.dashboard_json.description import Description, DescriptionError
from setup.dashboard_json.spreadsheet import spreadsheets

ROOT = Path(__file__).resolve().parents[1]
DESCRIPTIONS = sorted(ROOT.glob("*/dashboards/*.toml"))
SMALL = """
[[filters]]
name = "user"
label = "Salesperson"
model = "res.users"
default = "current_user"

[sources.open]
model = "crm.lead"
domain = [["type", "=", "opportunity"]]
filters = {user = "user_id"}

[[figures]]
kind = "scorecard"
title = "Won"
name = "won"
source = "open"
measure = "__count"
where = {won_status = "won"}
sample = 3

[[figures]]
kind = "scorecard"
title = "All"
name = "all"
source = "open"
measure = "__count"
sample = 6

[[figures]]
kind = "scorecard"
title = "Share"
value = "{won} / {all}"
format = "0%"

[[figures]]
kind = "chart"
title = "By Status"
source = "open"
by = ["stage_id"]
measure = "__count"
forms = ["bar", {type = "pie", title = "Circle"}, "table"]
label = "Status"
sample = {labels = ["Prospect", "Offer"], values = [4, 2]}
"""


@pytest.fixture
def described(tmp_path):
    """Write a description as an addon has it, and return what is made of it: the dashboard and the sample."""

    def make(text):
        path = tmp_path / "crm_some" / "dashboards" / "small.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return [json.loads(content) for _path, content in spreadsheets(Description.read(path))]

    return make


def terms(content, path):
    path.write_text(json.dumps(content))
    with path.open() as file:
        return {term for _line, _function, term, _comments in extract_spreadsheet_terms(file, [], [], {})}


def test_the_files_of_all_dashboards_are_what_their_descriptions_say():
    assert DESCRIPTIONS
    result = subprocess.run([ROOT / "setup" / "dashboards", "--check"], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_file_that_is_out_of_date_is_named_and_written_anew(tmp_path, capsys):
    path = tmp_path / "crm_some" / "dashboards" / "small.toml"
    path.parent.mkdir(parents=True)
    path.write_text(SMALL)
    assert main([str(path)]) == 0
    assert main(["--check", str(path)]) == 0
    file = tmp_path / "crm_some" / "data" / "files" / "small_dashboard.json"
    file.write_text("{}")
    capsys.readouterr()
    assert main(["--check", str(path)]) == 1
    assert str(file) in capsys.readouterr().out
    assert file.read_text() == "{}"
    assert main([str(path)]) == 0
    assert main(["--check", str(path)]) == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('kind = "chart"', 'kind = "cart"'), "kind is one of"),
        (('source = "open"\nby', 'source = "shut"\nby'), "no source shut"),
        (('label = "Status"', 'lable = "Status"'), "lable is no key"),
        (("filters = {user", "filters = {owner"), "no filter owner"),
        (('"table"]', '"tabel"]'), "no form tabel"),
        (('title = "All"', 'title = "Won"'), "another figure has this title"),
        (('title = "All"', "title = 'All \"open\"'"), "without double quotes"),
        (("[[filters]]", "[[filters"), "small.toml"),
    ],
)
def test_a_wrong_description_says_where_and_what(described, change, message):
    with pytest.raises(DescriptionError, match=message):
        described(SMALL.replace(*change))


def test_figures_of_one_source_share_one_request(described):
    live, _sample = described(SMALL)
    scorecards = [pivot for pivot in live["pivots"].values() if pivot["rows"] == [{"fieldName": "won_status"}]]
    assert len(scorecards) == 1
    assert live["sheets"][1]["cells"]["B1"] == '=PIVOT.VALUE(1,"__count","won_status","won")+0'
    # all of them are the total of the table that there is anyway
    assert live["sheets"][1]["cells"]["B2"] == '=PIVOT.VALUE(2,"__count")+0'
    rows = [pivot["rows"] for pivot in live["pivots"].values()]
    assert rows == [[{"fieldName": "won_status"}], [{"fieldName": "stage_id"}]]


def test_tables_of_the_same_lines_share_one_request_with_the_columns_and_the_order_of_either(described):
    table = """
[[figures]]
kind = "table"
title = "Projected by Status"
source = "open"
by = "stage_id"
sort = "expected_revenue"
label = "Status"
columns = [{title = "Projected", measure = "expected_revenue"}]
sample = [["Prospect", 100]]
"""
    text = SMALL.replace('by = ["stage_id"]', 'by = ["stage_id", "won_status"]')
    text = text.replace("values = [4, 2]", "series = {Won = [3, 1], Lost = [1, 1]}")
    live, _sample = described(text + table)
    by_status = [{"fieldName": "stage_id"}]
    [shared] = [pivot for pivot in live["pivots"].values() if pivot["rows"] == by_status]
    assert shared["columns"] == [{"fieldName": "won_status"}]
    assert shared["sortedColumn"] == {"measure": "expected_revenue:sum", "order": "desc", "domain": []}
    assert {measure["id"] for measure in shared["measures"]} == {"__count", "expected_revenue:sum"}


def test_a_share_of_nothing_is_empty_and_other_errors_are_seen(described):
    live, _sample = described(SMALL)
    assert live["sheets"][1]["cells"]["B3"] == '=IF(SUM(B2)=0,"",B1 / B2)'


def test_the_average_of_nothing_is_not_made_0(described):
    live, _sample = described(SMALL.replace('measure = "__count"\nsample = 6', 'measure = "day_open:avg"\nsample = 6'))
    assert live["sheets"][1]["cells"]["B2"] == '=PIVOT.VALUE(2,"day_open:avg")'


def test_the_table_of_a_chart_has_a_line_for_all_and_the_latest_dates(described):
    text = SMALL.replace('by = ["stage_id"]', 'by = ["date_closed:month", "won_status"]')
    text = text.replace("values = [4, 2]", "series = {Won = [3, 1], Lost = [1, 1]}")
    live, sample = described(text)
    cells = list(live["sheets"][0]["cells"].values())
    pivot = next(pivot for pivot in live["pivots"].values() if pivot["columns"])
    number = pivot["formulaId"]
    assert pivot["rows"] == [{"fieldName": "date_closed", "granularity": "month", "order": "desc"}]
    parts = [f'=PIVOT.HEADER({number},"#won_status",{part})' for part in (1, 2, 3)]
    assert cells[:5] == ['=_t("Status")', *parts, '=_t("Total")']
    assert cells[5:7] == ['=_t("Total")', f'=PIVOT.VALUE({number},"__count","#won_status",1)']
    assert f'=PIVOT.VALUE({number},"__count","#date_closed:month",10)' in cells
    head, line = ['=_t("Status")', '=_t("Won")', '=_t("Lost")', '=_t("Total")'], ['=_t("Prospect")', "3", "1", "4"]
    assert list(sample["sheets"][0]["cells"].values())[:8] == [*head, *line]


def test_ids_stay_what_they_are_when_another_figure_comes_in(described):
    before, _sample = described(SMALL)
    more = '[[figures]]\nkind = "scorecard"\ntitle = "More"\nvalue = "{all}"\n\n'
    chart = '[[figures]]\nkind = "chart"'
    after, _sample = described(SMALL.replace(chart, more + chart))
    ids = {figure["id"] for figure in before["sheets"][0]["figures"]}
    assert ids < {figure["id"] for figure in after["sheets"][0]["figures"]}


def test_a_chart_covers_the_cells_of_its_table_and_no_others(described):
    live, _sample = described(SMALL)
    sheet = live["sheets"][0]
    heights = [sheet["rows"][str(row)]["size"] for row in range(sheet["rowNumber"])]
    carousel = next(figure for figure in sheet["figures"] if figure["tag"] == "carousel")
    first = next(row for row in range(len(heights)) if sum(heights[:row]) == carousel["offset"]["y"])
    rows = [int(name.lstrip("ABCDEFGHIJK")) - 1 for name in sheet["cells"]]
    assert min(rows) > first
    assert sum(heights[: max(rows) + 1]) <= carousel["offset"]["y"] + carousel["height"]


@pytest.mark.parametrize("path", DESCRIPTIONS, ids=lambda path: path.stem)
def test_every_text_of_a_dashboard_is_translated(path, tmp_path):
    description = Description.read(path)
    live, sample = (json.loads(content) for _path, content in spreadsheets(description))
    texts = {entry["label"] for entry in description.filters}
    for figure in description.figures:
        texts |= {figure["title"]} | {figure[key] for key in ("label", "note", "measure_label") if key in figure}
        texts |= {column["title"] for column in figure.get("columns", ())}
        texts |= {form["title"] for form in figure.get("forms", ()) if "title" in form and not isinstance(form, str)}
        if not any(form == "table" for form in figure.get("forms", ["table"])):
            texts -= {figure.get("label"), figure.get("measure_label")} - {None}
    assert not texts - terms(live, tmp_path / "live_dashboard.json")
    charts = [figure for figure in description.figures if figure["kind"] == "chart"]
    samples = {label for figure in charts for label in figure["sample"].get("labels", ())}
    assert not samples - terms(sample, tmp_path / "sample_dashboard.json")


@pytest.mark.parametrize("path", DESCRIPTIONS, ids=lambda path: path.stem)
def test_the_sample_shows_every_figure_with_numbers_of_its_own(path):
    live, sample = (json.loads(content) for _path, content in spreadsheets(Description.read(path)))
    assert [figure["id"] for figure in live["sheets"][0]["figures"]] == [
        figure["id"] for figure in sample["sheets"][0]["figures"]
    ]
    assert "odoo_" not in json.dumps(sample)
    assert "ODOO." not in json.dumps(sample)
    assert "PIVOT" not in json.dumps(sample)
    assert not sample["pivots"]
    assert not sample["lists"]
