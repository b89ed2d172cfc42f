"""The text of a PDF: its pages, notes, forms, links, files and what is said about it."""

from __future__ import annotations

import io
import logging
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

try:
    from pypdf import PdfReader
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject, TextStringObject
except ImportError:  # the older name, which Odoo runs on as well
    from PyPDF2 import PdfReader
    from PyPDF2.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject, TextStringObject

from .file_budget import Budget

_PAGES = 2_000
_OBJECTS = 100_000
_STREAM = re.compile(rb"stream\r?\n")
_LOGGERS = ("pypdf", "PyPDF2")
_NOWHERE = logging.NullHandler()


def text_of(content: bytes, budget: Budget, read_part) -> str:
    """What a PDF says.

    :param read_part: what reads a file in it, see :mod:`file_text`
    """
    _check_size(content, budget)
    with _silent():
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            budget.is_kept = False
            return ""
        return "\n".join([*_pages(reader, budget), *_objects(reader, budget, read_part)])


def _check_size(content: bytes, budget: Budget) -> None:
    """Unpack each stream but the pictures once within bounds, as the reader of PDF knows none."""
    for match in _STREAM.finditer(content):
        start = match.end()
        if b"/Image" in content[content.rfind(b"obj", max(0, start - 2000), start) : start]:
            continue
        try:
            budget.inflate(content[start : content.find(b"endstream", start)])
        except zlib.error:
            continue


@contextmanager
def _silent() -> Iterator[None]:
    """Broken files are no news for the server's log."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [logger.propagate for logger in loggers]
    for logger in loggers:
        logger.addHandler(_NOWHERE)
        logger.propagate = False
    try:
        yield
    finally:
        for logger, propagated in zip(loggers, before, strict=True):
            logger.propagate = propagated
            logger.removeHandler(_NOWHERE)


def _pages(reader: PdfReader, budget: Budget) -> Iterator[str]:
    """Each page as its text was written, and as it looks: words that stand apart may be written as one, or not."""
    count = len(reader.pages)
    budget.is_kept = budget.is_kept and count <= _PAGES
    for number in range(min(count, _PAGES)):
        budget.take(0)
        texts = [text for mode in ("plain", "layout") if (text := _text_of_page(reader, number, mode)) is not None]
        budget.is_kept = budget.is_kept and bool(texts)
        yield from texts


def _text_of_page(reader: PdfReader, number: int, mode: str) -> str | None:
    try:
        return reader.pages[number].extract_text(extraction_mode=mode)
    except Exception:  # noqa: BLE001 (a page that cannot be read breaks its reader in any way)
        return None


def _objects(reader: PdfReader, budget: Budget, read_part) -> Iterator[str]:
    """The strings of all objects: titles, notes, values of forms, addresses of links; and files that are attached."""
    for number in _numbers(reader)[:_OBJECTS]:
        budget.take(0)
        try:
            this = IndirectObject(number, 0, reader).get_object()
        except Exception:  # noqa: BLE001
            continue
        yield from _strings(this)
        if isinstance(this, StreamObject) and this.get("/Type") in ("/EmbeddedFile", "/Metadata"):
            yield read_part(this.get_data(), "", "", budget)


def _numbers(reader: PdfReader) -> list[int]:
    plain = {number for numbers in reader.xref.values() for number in numbers}
    return sorted(plain | set(reader.xref_objStm))


def _strings(this, depth: int = 0) -> Iterator[str]:
    if isinstance(this, TextStringObject):
        yield str(this)
    elif depth < 20 and isinstance(this, DictionaryObject | ArrayObject):
        for value in this.values() if isinstance(this, DictionaryObject) else this:
            if not isinstance(value, IndirectObject):
                yield from _strings(value, depth + 1)
