"""What `setup/load` checks at the end would notice what was lost, doubled or changed."""

from types import SimpleNamespace

import pytest

from tests.load.company_outcome import check_campaign, check_card
from tests.load.load_report import spread
from tests.load.people import Card, check_board

OFFER, ORDER = 2, 3


def make_card(**values):
    """Moved to an order, with a note and a file."""
    card = {"id": 1, "column": ORDER, "value": 900.0, "moves": [OFFER, ORDER], "notes": ["Note a"]}
    return Card(**{**card, "files": [("f", "h")], **values})


def make_kept(column=ORDER, value=900.0, moves=(OFFER, ORDER), notes=("Note a",), files=(("f", "h"),)):
    return SimpleNamespace(
        leads={1: (column, value)},
        moves={1: list(moves)},
        notes={1: list(notes)},
        read_files=lambda card_id: list(files),
    )


@pytest.mark.parametrize(
    ("card", "kept"),
    [
        ({}, {}),
        ({"unsure": ("move", OFFER)}, {}),
        ({"unsure": ("move", OFFER)}, {"column": OFFER, "moves": (OFFER, ORDER, OFFER)}),
        ({"unsure": ("value", 5)}, {"value": 5.0}),
        ({"unsure": ("note", "Note b")}, {"notes": ("Note b", "Note a")}),
        ({"unsure": ("file", ("g", "i"))}, {"files": (("f", "h"), ("g", "i"))}),
    ],
)
def test_what_was_told_and_what_nobody_knows_may_be_there(card, kept):
    check_card(make_card(**card), make_kept(**kept))


@pytest.mark.parametrize(
    ("card", "kept"),
    [
        ({}, {"column": OFFER}),
        ({}, {"value": 800.0}),
        ({}, {"moves": (OFFER,)}),
        ({}, {"moves": (OFFER, ORDER, ORDER)}),
        ({}, {"notes": ()}),
        ({}, {"notes": ("Note a", "Note a")}),
        ({}, {"files": ()}),
        ({}, {"files": (("f", "another"),)}),
        ({"unsure": ("move", OFFER)}, {"column": OFFER}),
        ({"unsure": ("note", "Note b")}, {"notes": ("Note a", "Note b", "Note b")}),
        ({"unsure": ("note", "Note b")}, {"value": 5.0}),
    ],
)
def test_what_is_lost_doubled_or_changed_is_noticed(card, kept):
    with pytest.raises(AssertionError):
        check_card(make_card(**card), make_kept(**kept))


@pytest.mark.parametrize(
    ("outcome", "mails", "is_right"),
    [("sent", 1, True), ("failed", 0, True), ("failed", 1, True), ("sent", 0, False), ("sent", 2, False),
     ("failed", 2, False), ("waiting", 0, False)],
)  # fmt: skip
def test_an_email_that_was_sent_twice_or_not_at_all_is_noticed(outcome, mails, is_right):
    rows = [("a@example.com", outcome)]
    company = SimpleNamespace(
        cluster=SimpleNamespace(query=lambda *_: rows), database="", made={"step": 1}, wanted={"customers": 1}
    )
    if is_right:
        list(check_campaign(company, {"a@example.com": mails}))
    else:
        with pytest.raises(AssertionError):
            list(check_campaign(company, {"a@example.com": mails}))


@pytest.mark.parametrize(("total", "count", "is_right"), [(300, 2, True), (301, 2, False), (300, 1, False)])
def test_a_board_whose_sums_are_not_those_of_its_columns_is_noticed(total, count, is_right):
    figures = {"count": 2, "projected": 300, "weighted": 30, "actual": 0}
    answer = {
        "board": {"columns": {"2": figures}, "total": {**figures, "projected": total}},
        "groups": [{"board_column_id": [2, "Offer"], "__count": count}],
    }
    if is_right:
        check_board(answer)
    else:
        with pytest.raises(AssertionError):
            check_board(answer)


def test_spread():
    assert spread([]) == []
    assert spread([0.5]) == [500, 500]
    assert spread(n / 1000 for n in range(101)) == [50, 95]
