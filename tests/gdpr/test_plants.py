"""The search finds the person wherever she was planted: what it does not find later is gone."""

import base64
import json
from urllib.parse import quote

import pytest

from tests.gdpr import files
from tests.gdpr.person import PERSON, picture

NAME = PERSON.name
TEXTS = {
    "as it is": NAME,
    "in capitals without accents": "SWIETOSLAWA VAN DER WIECZORKIEWICZ",
    "as JSON": json.dumps({"name": NAME}),
    "as JSON in JSON": json.dumps(json.dumps(NAME)),
    "as HTML": "&#346;wi&#x119;tos&lstrok;awa&nbsp;van der <b>Wiecz&oacute;</b>rkiewicz",
    "in an address of the web": quote(NAME),
    "in a mail": "=C5=9Awi=C4=99tos=C5=82awa",
    "as a file's name": "Swietoslawa_van-der_Wieczorkiewicz.pdf",
    "as base64": base64.b64encode(f"Geachte mevrouw {NAME}, dank voor uw brief".encode()).decode(),
}
NUMBERS = ["+31648739156", "06-48 73 91 56", "0031 (0)6/48.73.91.56", "06\u00a048\u00a0739\u00a0156"]
DATES = [
    "1979-03-14",
    "14-03-1979",
    "14.3.1979",
    "14/03/79 en 14 maart 1979",
    "March 14, 1979",
    "03/14/1979",
    "19790314",
]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_name_is_found_whatever_it_is_written_in(search, text):
    assert "name" in search.kinds(text)


def test_numbers_addresses_and_days_are_found_in_every_notation(search):
    assert all("phone" in search.kinds(f"Bel {text} terug") for text in NUMBERS)
    assert all("birth date" in search.kinds(f"geboren {text}.") for text in DATES)
    told = "SWIETOSLAWA%40logopedie-kade.example nl57 rabo 0318 2647 59 NL 8617.42.935.B68 Kwikstaartkade 417-hs"
    assert {"email", "iban", "vat", "street"} <= set(search.kinds(told))


def test_files_are_looked_into(search):
    for made in (files.pdf(PERSON.reversed_name), files.docx(NAME), files.xlsx("x", author=NAME)):
        assert "name" in search.kinds_in_bytes(made)


def test_a_picture_is_found_in_any_size_and_as_text(search):
    for content in (PERSON.photo, picture(size=(64, 64), encoding="PNG"), PERSON.signature):
        assert "picture" in search.kinds_in_bytes(content)
    assert "picture" in search.kinds("data:image/jpeg;base64," + base64.b64encode(b"x" + PERSON.photo).decode())
    assert "picture" in search.kinds("\\x" + PERSON.photo.hex())


def test_nothing_is_found_of_others(search):
    text = "Tomasz van der Berg, Kwikstaartkade 41, +31 6 29158347, 14-03-1978, zvdw@elders.example"
    assert not search.kinds(text) and not search.kinds_in_bytes(picture([(1, 2, 3)] * 4))


def test_she_is_found_wherever_she_was_planted(planted, found):
    places = {(find.place, find.row) for find in found}
    assert len(planted.places) > 350
    assert sorted(planted.places - places) == []
