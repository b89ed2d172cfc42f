"""XML from anybody, read once, from front to back, and never more of it than a message of ours can need.

Expat, as its time grows with the length alone: libxml2 compares each attribute of an element with all others, so that
an element with a hundred thousand of them keeps a processor busy for minutes, whatever its limits are set to.
"""

from dataclasses import dataclass, field
from xml.parsers import expat

from .refusal import IntakeRefusal

# A thousand leads of two hundred fields, and what stands around them.
MAX_ELEMENTS = 250_000
MAX_DEPTH = 32


@dataclass(slots=True)
class Node:
    """An element: ``name`` and the names of ``attributes`` are as in ``local`` or ``namespace local``."""

    name: str
    attributes: dict
    children: list = field(default_factory=list)
    texts: list = field(default_factory=list)

    @property
    def text(self):
        return "".join(self.texts)

    @property
    def namespace(self):
        return self.name.rpartition(" ")[0]

    @property
    def local(self):
        return self.name.rpartition(" ")[2]


def parse(body, charset=None):
    """Read an XML document without a document type, so that there are no entities but XML's own five.

    :param bytes body:
    :param charset: the encoding that the transport names, which goes before the one in the document (RFC 7303)
    :return: its root
    :rtype: Node
    :raise IntakeRefusal: it is no well-formed XML, or has a document type, or is nested too deeply, or too large
    """
    try:
        reader = _Reader(charset)
        reader.parser.Parse(body, True)
    # a LookupError or UnicodeError is an encoding that there is not, or that expat cannot use
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise IntakeRefusal("malformed", detail=f"This is no well-formed XML: {error}.") from error
    return reader.root


class _Reader:
    def __init__(self, charset):
        self.root, self.open, self.count = None, [], 0
        self.parser = expat.ParserCreate(charset, namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _refuse_doctype(self, *_declaration):
        raise IntakeRefusal("malformed", detail="A message must not have a document type (DOCTYPE) or entities.")

    def _start(self, name, attributes):
        self.count += 1
        if self.count > MAX_ELEMENTS:
            raise IntakeRefusal("size", detail=f"Send at most {MAX_ELEMENTS:,} elements at a time.")
        if len(self.open) >= MAX_DEPTH:
            raise IntakeRefusal("malformed", detail=f"Elements are nested more than {MAX_DEPTH} deep.")
        node = Node(name, attributes)
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)

    def _end(self, _name):
        self.open.pop()

    def _text(self, text):
        self.open[-1].texts.append(text)
