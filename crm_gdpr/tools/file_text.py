"""The text in a file, whatever its kind: what is written in it, and what is noted about it."""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
import re
import zlib
from dataclasses import dataclass

from . import file_pdf, file_zip
from .file_budget import BYTES, Budget, Exceeded

_STRINGS = re.compile(rb"(?:[\x20-\x7e\t]|[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}){5,}")
_WIDE_STRINGS = re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\x00|[\x00-\xff][\x01-\x06]){5,}")
_BYTE_STRINGS = re.compile(rb"[\x20-\x7e\x80-\xff\t]{5,}")
_MAIL = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){3,}\r?\n")
_MAIL_NAMES = re.compile(rb"^(?:from|to|received|message-id|subject):", re.I | re.M)
_FOLDED_LINE = re.compile(r"\r?\n[ \t]")
_RTF_CODE = re.compile(
    r"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,5})\s?\??|\\(?:par|line|tab|cell|row)\b ?|\\[a-z]{1,32}-?\d* ?|[{}\r\n]"
)
# Base64, also in lines of a mail or with the line breaks of JSON in between.
_SHORTEST = 60
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{60}[A-Za-z0-9+/_-]*(?:(?:\\r|\\n|\r|\n){1,4}[A-Za-z0-9+/_-]{4,})*={0,2}")
_LONG_RUN = re.compile(rf"(?:[A-Za-z0-9+/_-]|\\/){{{_SHORTEST}}}")
_LINE_BREAK = re.compile(r"\\[rn]|\s")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0")
_MAGIC = (b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", *_PICTURES)


@dataclass
class Content:
    """What was read of a file: ``is_complete`` unless it is encrypted, broken, or more than is read of one."""

    text: str
    is_complete: bool = True


def extract(content: bytes, mimetype: str = "", name: str = "") -> str:
    """The text in a file. Bounded, and never raises: of what cannot be read it gives what looks like text.

    :param mimetype: as far as it is known; most kinds tell by their content
    """
    return read(content, mimetype, name).text


def read(content: bytes, mimetype: str = "", name: str = "") -> Content:
    """As :func:`extract`, and whether it was read completely."""
    budget = Budget()
    if len(content) > BYTES:
        budget.is_kept = False
    return Content(read_part(bytes(content[:BYTES]), mimetype, name, budget), budget.is_kept)


def read_part(content: bytes, mimetype: str, name: str, budget: Budget) -> str:
    """The text of a file, or of a file in another one, within what is left of the budget."""
    try:
        with budget.deeper():
            return _reader_of(content, mimetype, name)(content, budget)
    except Exceeded:
        return strings_in(content)
    except Exception:  # noqa: BLE001 (a broken file breaks its reader in any way)
        budget.is_kept = False
    return strings_in(content)


def _reader_of(content: bytes, mimetype: str, name: str):
    start = content[:1024]
    if b"%PDF-" in start:
        return _read_pdf
    if start.startswith(b"PK\x03\x04"):
        return _read_zip
    if start.startswith(b"\x1f\x8b"):
        return _read_gzip
    if start.startswith(b"\x89PNG"):
        return _read_png
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return _read_old_office
    if start.startswith(b"{\\rtf"):
        return _read_rtf
    if mimetype == "message/rfc822" or name.endswith(".eml") or _is_mail(content):
        return _read_mail
    return _read_text


def _is_mail(content: bytes) -> bool:
    head = _MAIL.match(content[:20000])
    return bool(head and len(_MAIL_NAMES.findall(head[0])) > 1)


def _read_pdf(content: bytes, budget: Budget) -> str:
    return file_pdf.text_of(content, budget, read_part)


def _read_zip(content: bytes, budget: Budget) -> str:
    return file_zip.text_of(content, budget, read_part)


def _read_gzip(content: bytes, budget: Budget) -> str:
    return read_part(budget.inflate(content, zlib.MAX_WBITS | 16), "", "", budget)


def _read_png(content: bytes, budget: Budget) -> str:
    """Its notes may be compressed."""
    found = [strings_in(content)]
    place = 8
    while place + 8 <= len(content):
        size, kind = int.from_bytes(content[place : place + 4], "big"), content[place + 4 : place + 8]
        if kind in (b"zTXt", b"iTXt"):
            _keyword, _zero, data = content[place + 8 : place + 8 + size].partition(b"\0")
            if kind == b"zTXt" or data[:1] == b"\1":
                found.append(strings_in(budget.inflate(data[data.find(b"\x78") :])))
        place += size + 12
    return "\n".join(found)


def _read_old_office(content: bytes, _budget: Budget) -> str:
    return f"{strings_in(content)}\n" + "\n".join(
        run.decode("cp1252", "replace") for run in _BYTE_STRINGS.findall(content) if not run.isascii()
    )


def _read_rtf(content: bytes, _budget: Budget) -> str:
    return _RTF_CODE.sub(_rtf_text, content.decode("latin-1"))


def _rtf_text(code: re.Match) -> str:
    if code[1]:
        return bytes.fromhex(code[1]).decode("cp1252", "replace")
    if code[2]:
        return chr(int(code[2]) % 0x10000)
    return "\n" if code[0].startswith(("\\par", "\\line", "\\cell", "\\row", "\\tab")) else ""


def _read_mail(content: bytes, budget: Budget) -> str:
    message = email.message_from_bytes(content, policy=email.policy.default)
    found = []
    for part in message.walk():
        found += [f"{name}: {value}" for name, value in _headers_of(part)]
        data = None if part.is_multipart() else part.get_payload(decode=True)
        if data:
            budget.take(len(data))
            found.append(read_part(data, part.get_content_type(), part.get_filename() or "", budget))
    return "\n".join(found)


def _headers_of(part) -> list[tuple[str, str]]:
    try:
        return part.items()
    except Exception:  # noqa: BLE001 (headers are parsed as they are read, and senders write anything)
        return part.raw_items()


def _read_text(content: bytes, budget: Budget) -> str:
    text = _decode(content)
    if text is None:
        return strings_in(content)
    if text[:6].upper() == "BEGIN:":  # a calendar or a card: lines go on after a blank
        text = _FOLDED_LINE.sub("", text)
    return "\n".join([text, *(read_part(inside, "", "", budget) for inside in embedded(text))])


def _decode(content: bytes) -> str | None:
    """A text in the most likely encoding, or None where it is no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if b"\0" in content:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        odd = len(content.translate(None, _TEXT_BYTES))
        return content.decode("cp1252", "replace") if odd * 100 <= len(content) else None


_TEXT_BYTES = bytes([9, 10, 12, 13, *range(32, 256)])


def strings_in(content: bytes) -> str:
    """What looks like text in any bytes, in one byte or two a letter."""
    found = [run.decode("utf-8", "replace") for run in _STRINGS.findall(content)]
    if content.count(b"\0") > 9:
        found += [run.decode("utf-16-le", "replace") for run in _WIDE_STRINGS.findall(content)]
    return "\n".join(found)


def embedded(text: str) -> list[bytes]:
    """The files, or other texts, that a text holds in Base64."""
    if len(text) < 1_000_000 and not _has_long_run(text):
        return []
    return [content for run in _BASE64.finditer(text.replace("\\/", "/")) if (content := _decoded(run[0]))]


def _has_long_run(text: str) -> bool:
    """Tell quickly that there is no Base64 in a text, as in nearly all."""
    return any(_LONG_RUN.search(word) for word in text.split() if len(word) >= _SHORTEST)


def _decoded(run: str) -> bytes | None:
    """What stands in Base64, or None where it is none: then it decodes to no file and no text."""
    data = _LINE_BREAK.sub("", run).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        content = base64.b64decode(data[: len(data) - (len(data) % 4 == 1)] + "=" * (-len(data) % 4))
    except (binascii.Error, ValueError):
        return None
    return content if content.startswith(_MAGIC) or _decode(content[:300]) is not None else None
