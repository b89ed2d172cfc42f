"""Looks for a person in all that a database keeps: a dump of it by pg_dump, its file store and its sessions.

Simple and brutal on purpose, and independent of what is tested: whatever a text is encoded in is undone, letters lose
their accents, and all that is neither letter nor digit is thrown away. Then one of the person's words anywhere is a
find.
"""

import base64
import binascii
import html
import re
import subprocess
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from odoo.sql_db import connection_info_for
from odoo.tools import config

from tests.gdpr.files import looks_like, pieces

# What decomposing does not take the accent off
LETTERS = {"ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "ß": "ss"}
OTHERS = bytes(set(range(256)) - set(b"abcdefghijklmnopqrstuvwxyz0123456789"))
JSON_ESCAPE = re.compile(r"\\+u([0-9a-fA-F]{4})")
# as mails write bytes, and as addresses of the web do
QUOTED = re.compile(r"(?:=[0-9A-F]{2})+|(?:%[0-9A-Fa-f]{2})+")
TAG = re.compile(r"<[^<>]*>")
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{48,}={0,2}")
BYTEA = re.compile(r"\\x((?:[0-9a-f]{2}){24,})")
BETWEEN_DIGITS = re.compile(r"[\s./()\[\]\-\u2010-\u2015]+")
MONTHS = "march|mar|maart|mrt|marca|marzec|marz|mars"
COPY = re.compile(r"^COPY (?:public\.)?(\S+) \((.*)\) FROM stdin;$")
ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
ESCAPED = re.compile(r"\\(.)")


class Find(NamedTuple):
    """A place where something of the person stands."""

    place: str  # table.column, or which store of files
    row: str  # the row's id, or the file's name
    kind: str
    around: str = ""

    def __str__(self):
        return f"{self.place} {self.row}: {self.kind} ({self.around})"


def letters(text):
    """The text in lower case and without accents, as ASCII."""
    if text.isascii():
        return text.lower()
    for letter, plain in LETTERS.items():
        text = text.replace(letter, plain)
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def squeezed(text):
    """Its letters and digits alone."""
    return letters(text).encode().translate(None, OTHERS).decode()


def decoded(text):
    """What stands in it for a reader of JSON, HTML, an address of the web, or a mail."""
    text = JSON_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    text = html.unescape(html.unescape(text))
    return html.unescape(
        QUOTED.sub(lambda found: bytes.fromhex(re.sub("[=%]", "", found[0])).decode("utf-8", "replace"), text)
    )


@dataclass
class Search:
    """What is looked for: words of one person, that nobody else in the database has."""

    words: dict  # {kind: [text]}
    phones: list
    born: date
    pictures: list = field(default_factory=list)  # bytes
    patches: tuple = ()
    clean: set = field(default_factory=set)  # hashes of rows and names of files in which nothing was found

    def __post_init__(self):
        needles = {squeezed(text): kind for kind, texts in self.words.items() for text in texts}
        self.needles = needles
        self.word = re.compile("|".join(sorted(map(re.escape, needles), key=len, reverse=True)))
        self.phone = re.compile("|".join(number[-8:] for number in map(_digits, self.phones)))
        self.date = _date_pattern(self.born)
        self.slices = [content[len(content) // 2 :][:60] for content in self.pictures]
        self.base64 = [text for piece in self.slices for text in _base64_forms(piece)]

    @classmethod
    def of(cls, person):
        """The search for a person of ``person.py``."""
        words = {
            "name": [person.first, person.last, person.former_last],
            "email": [person.email, person.other_email],
            "street": [person.street, person.other_street],
            "vat": [person.vat],
            "iban": [person.iban],
            "reference": [person.ref],
        }
        from tests.gdpr.person import PATCHES

        pictures = [person.photo, person.signature]
        return cls(words, [person.mobile, person.landline], person.born, pictures, PATCHES)

    def kinds(self, text, depth=0):
        """``{kind: the text around it}`` of what is found in a text."""
        plain = decoded(text)
        found = {}
        for variant in {text, plain, TAG.sub("", plain)} if "<" in plain else {text, plain}:
            self._find_words(variant, found)
            self._find_numbers(variant, found)
        if any(piece in text for piece in self.base64):
            found["picture"] = "base64"
        if depth < 3:
            for content in _blobs(text):
                found |= {
                    kind: f"encoded: {around}" for kind, around in self.kinds_in_bytes(content, depth + 1).items()
                }
        return found

    def _find_words(self, text, found):
        clean = squeezed(text)
        for match in self.word.finditer(clean):
            found.setdefault(self.needles[match[0]], clean[max(0, match.start() - 20) : match.end() + 20])

    def _find_numbers(self, text, found):
        if match := self.phone.search(BETWEEN_DIGITS.sub("", text)):
            found.setdefault("phone", match[0])
        if match := self.date.search(letters(text)):
            found.setdefault("birth date", match[0])

    def kinds_in_bytes(self, content, depth=0):
        """The same of a file: of its text, of what is packed in it, and of pictures."""
        found = {}
        if any(piece in content for piece in self.slices) or looks_like(content, self.patches):
            found["picture"] = "bytes"
        for piece in pieces(content):
            if isinstance(piece, bytes):
                if depth < 4:
                    found |= self.kinds_in_bytes(piece, depth + 1)
            else:
                found |= self.kinds(piece, max(depth, 2))
        return found


def _digits(text):
    return re.sub(r"\D", "", text)


def _date_pattern(day):
    """The day in the usual notations; no digit stands beside it."""
    d, m, y, gap = f"0?{day.day}", f"0?{day.month}", str(day.year), r"[\s./,\-]{0,3}"
    orders = [(y, m, d), (d, m, y), (m, d, y), (d, f"(?:{MONTHS})", y), (f"(?:{MONTHS})", d, y)]
    packed = [f"{day:%Y%m%d}", f"{day:%d%m%Y}"]
    written = [rf"{a}{gap}{b}{gap}{c}" if "mar" in a + b else rf"{a}[\s./\-]+{b}[\s./\-]+{c}" for a, b, c in orders]
    return re.compile(rf"(?<!\d)(?:{'|'.join(written + packed)})(?!\d)")


def _base64_forms(piece):
    """How bytes look in base64, wherever they stand in what was encoded."""
    for shift in range(3):
        yield base64.b64encode(b"\0" * shift + piece).decode()[8:-8]


def _blobs(text):
    """What is encoded in a text as base64 or as PostgreSQL's bytes."""
    for match in BYTEA.finditer(text):
        yield bytes.fromhex(match[1])
    for match in BASE64.finditer(text):
        raw = match[0].rstrip("=").replace("-", "+").replace("_", "/")
        try:
            yield base64.b64decode(raw + "=" * (-len(raw) % 4))
        except (binascii.Error, ValueError):
            continue


# ------------------------------------------------------------
# The stores
# ------------------------------------------------------------


def pg_dump(database):
    """All of a database, as text, line by line."""
    _name, settings = connection_info_for(database)
    options = {"--host": settings.get("host"), "--port": settings.get("port"), "--username": settings.get("user")}
    command = ["pg_dump", *(f"{name}={value}" for name, value in options.items() if value), database]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", errors="replace") as dump:
        yield from dump.stdout
    assert dump.returncode == 0, "pg_dump failed"


def rows(database):
    """Each row of a database as ``(table, {column: text})``; lines that are no row are of the table ``""``."""
    table, columns = "", []
    for line in pg_dump(database):
        line = line.rstrip("\n")
        if table and line == "\\.":
            table = ""
        elif table:
            yield table, dict(zip(columns, line.split("\t"), strict=True))
        elif match := COPY.match(line):
            table, columns = match[1].strip('"'), [name.strip(' "') for name in match[2].split(",")]
        else:
            yield "", {"": line}


def unescaped(cell):
    """A value as it was before COPY wrote it."""
    return ESCAPED.sub(lambda match: ESCAPES.get(match[1], match[1]), cell) if "\\" in cell else cell


def search_database(search, database):
    """Finds in a dump of the database."""
    for table, row in rows(database):
        text = "\n".join(row.values())
        if hash(text) in search.clean:
            continue
        if not search.kinds(unescaped(text)):
            search.clean.add(hash(text))
            continue
        for column, cell in row.items():
            for kind, around in search.kinds(unescaped(cell)).items():
                yield Find(f"{table}.{column}", row.get("id", ""), kind, around)


def search_files(search, database):
    """Finds in the file store."""
    store = Path(config.filestore(database))
    for path in sorted(store.rglob("*")):
        if path.is_file():
            name, content = str(path.relative_to(store)), path.read_bytes()
            if hash(content) in search.clean:
                continue
            found = search.kinds_in_bytes(content)
            if not found:
                search.clean.add(hash(content))
            for kind, around in found.items():
                yield Find("file store", name, kind, around)


def search_sessions(search, database):
    """Finds in the sessions of those who are logged in to the database."""
    for path in Path(config.session_dir).rglob("*"):
        if path.is_file() and f'"{database}"' in (text := path.read_text(errors="replace")):
            for kind, around in search.kinds(text).items():
                yield Find("sessions", path.name, kind, around)


def search_all(search, database):
    """Every find, sorted."""
    found = {*search_database(search, database), *search_files(search, database), *search_sessions(search, database)}
    return sorted(found)


def digests(database, wanted):
    """What rows hold, to compare before and after.

    :param dict wanted: ``{table: {id}}``
    :return: ``{(table, id): {column: text}}``
    """
    found = defaultdict(dict)
    for table, row in rows(database):
        if int(row.get("id", 0) or 0) in wanted.get(table, ()):
            found[table, int(row["id"])] = row
    return dict(found)
