"""The text of packed files: documents of office programs, and any others."""

from __future__ import annotations

import io
import re
import zipfile

from lxml import etree

from .file_budget import Budget

_MEMBERS = 10_000
_XML = (".xml", ".rels", ".vml", ".xhtml", ".opf", ".ncx")
# What parts a text, by what its namespace is named after; in all others every element does.
_BLOCKS = {
    "wordprocessingml": {"p", "tab", "br", "cr", "tc"},
    "drawingml": {"p", "br"},
    "spreadsheetml": {"si", "is", "c", "v", "f", "row", "text", "comment", "author", "hyperlink", "definedName"},
    "opendocument:xmlns:text": {"p", "h", "tab", "s", "line-break"},
    "/1999/xhtml": {"p", "div", "br", "td", "th", "li", "tr", "h1", "h2", "h3", "h4", "title"},
}
_SCIENTIFIC = re.compile(r"\d\.\d{6,17}[eE]\+?\d{1,2}")


def text_of(content: bytes, budget: Budget, read_part) -> str:
    """The names and the texts of all that is in a packed file.

    :param read_part: what reads a file in it, see :mod:`file_text`
    """
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        members = packed.infolist()
        budget.is_kept = budget.is_kept and len(members) <= _MEMBERS
        for member in members[:_MEMBERS]:
            found.append(member.filename)
            found.append(_text_of_member(packed, member, budget, read_part))
    return "\n".join(found)


def _text_of_member(packed: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget, read_part) -> str:
    if member.is_dir():
        return ""
    if member.flag_bits & 1:  # encrypted
        budget.is_kept = False
        return ""
    with packed.open(member) as file:
        data = file.read(budget.left + 1)
    budget.take(len(data))
    if member.filename.endswith(_XML) and data.lstrip()[:1] in (b"<", b"\xef"):
        return xml_text(data)
    return read_part(data, "", member.filename, budget)


def xml_text(content: bytes) -> str:
    """The text of XML, whose runs within a paragraph are one word, and its attributes. Entities are not expanded."""
    collector = _Collector()
    parser = etree.XMLParser(
        target=collector, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        return etree.XML(content, parser)
    except etree.XMLSyntaxError:
        return collector.close()


class _Collector:
    """What lxml tells of each element in turn."""

    def __init__(self):
        self.parts: list[str] = []
        self.attributes: list[str] = []

    def start(self, tag: str, attributes) -> None:
        self._part(tag)
        self.attributes += attributes.values()

    def end(self, tag: str) -> None:
        self._part(tag)

    def data(self, text: str) -> None:
        if _SCIENTIFIC.fullmatch(text):  # a phone number in a cell
            text = f"{float(text):.0f}"
        self.parts.append(text)

    def comment(self, text: str) -> None:
        self.attributes.append(text or "")

    def close(self) -> str:
        return "\n".join(["".join(self.parts), *self.attributes])

    def _part(self, tag: str) -> None:
        namespace, _brace, name = tag.rpartition("}")
        for part, blocks in _BLOCKS.items():
            if part in namespace:
                if name in blocks:
                    self.parts.append("\n")
                return
        self.parts.append("\n")
