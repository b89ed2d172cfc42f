"""XML-RPC as the door takes it: the specification's values, and what real clients send besides.

A value that cannot be read is no reason to refuse the leads beside it: it comes out as Unreadable, which the pipeline
refuses by the name of its field. https://xmlrpc.com/spec.md; codes of faults: Dan Libby's "Specification for Fault Code
Interoperability".
"""

import base64
import re
import xmlrpc.client
from xml.etree.ElementTree import ParseError, TreeBuilder, XMLParser

NOT_WELL_FORMED, UNKNOWN_ENCODING, NOT_XMLRPC = -32700, -32701, -32600
NO_SUCH_METHOD, WRONG_PARAMETERS, FAILED = -32601, -32602, -32500

_CHUNK = 64 * 1024
_MAX_DEPTH = 12
_MAX_DIGITS = 400
_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_DATETIME = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)[T ](\d\d):?(\d\d):?(\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)


class XmlRpcFault(Exception):
    """A request that is answered with a fault."""

    def __init__(self, code, text):
        self.code, self.text = code, text
        super().__init__(text)


class Unreadable:
    """A value that is none of what its tag says."""


class _Builder(TreeBuilder):
    def doctype(self, name, pubid, system):
        raise XmlRpcFault(NOT_WELL_FORMED, "Send the request without a DOCTYPE.")


def decode(body):
    """Read a call.

    :param bytes body: XML in an encoding that it declares; entities and document types are refused
    :return: ``(method, parameters)``
    :raise XmlRpcFault: it is no XML-RPC call
    """
    call = _parse(body)
    if _tag(call) != "methodCall" or len(call) not in (1, 2) or _tag(call[0]) != "methodName":
        raise XmlRpcFault(NOT_XMLRPC, "Send a methodCall with a methodName and params.")
    parameters = call[1] if len(call) == 2 else ()
    if parameters and _tag(parameters) != "params":
        raise XmlRpcFault(NOT_XMLRPC, "Send a methodCall with a methodName and params.")
    return (call[0].text or "").strip(), [_value(_only_child(parameter, "value"), 0) for parameter in parameters]


def _parse(body):
    parser = XMLParser(target=_Builder())
    try:
        # in pieces, so that what follows a DOCTYPE is not read
        for start in range(0, len(body), _CHUNK):
            parser.feed(body[start : start + _CHUNK])
        return parser.close()
    except ParseError as error:
        line, column = error.position
        raise XmlRpcFault(NOT_WELL_FORMED, f"Line {line}, column {column} is not well-formed XML.") from error
    except (LookupError, ValueError) as error:
        raise XmlRpcFault(UNKNOWN_ENCODING, "This encoding cannot be read here. Send UTF-8.") from error


def _tag(element):
    """The name of an element without its namespace: some clients put their own types in one."""
    return element.tag.rpartition("}")[2]


def _only_child(element, tag):
    if len(element) != 1 or _tag(element[0]) != tag:
        raise XmlRpcFault(NOT_XMLRPC, f"There has to be one {tag} in each {_tag(element)}.")
    return element[0]


def _value(element, depth):
    if not len(element):
        return element.text or ""
    if len(element) > 1:
        raise XmlRpcFault(NOT_XMLRPC, "There has to be one value in each value.")
    tag = _tag(element[0])
    if tag in ("struct", "array"):
        return Unreadable() if depth == _MAX_DEPTH else _NESTED[tag](element[0], depth + 1)
    if tag not in _SCALARS:
        raise XmlRpcFault(NOT_XMLRPC, f"There is no type {tag[:64]}.")
    if len(element[0]):
        raise XmlRpcFault(NOT_XMLRPC, f"There is something in a {tag}.")
    return _SCALARS[tag](element[0].text or "")


def _struct(element, depth):
    members = {}
    for member in element:
        if _tag(member) != "member" or [_tag(child) for child in member] != ["name", "value"]:
            raise XmlRpcFault(NOT_XMLRPC, "There have to be members with a name and a value in each struct.")
        name = member[0].text or ""
        if name in members:
            raise XmlRpcFault(NOT_XMLRPC, f"The name {name[:64]} stands twice in a struct.")
        members[name] = _value(member[1], depth)
    return members


def _array(element, depth):
    items = _only_child(element, "data")
    if any(_tag(item) != "value" for item in items):
        raise XmlRpcFault(NOT_XMLRPC, "There have to be values alone in an array.")
    return [_value(item, depth) for item in items]


def _integer(text):
    text = text.strip()
    if not _INTEGER.fullmatch(text):
        return Unreadable()
    # Python refuses to read more digits, as that takes quadratic time; as a float they are infinite
    return int(text) if len(text) <= _MAX_DIGITS else float(text)


def _double(text):
    try:
        return float(text.replace("_", "?"))
    except ValueError:
        return Unreadable()


def _boolean(text):
    return {"1": True, "0": False, "true": True, "false": False}.get(text.strip(), Unreadable())


def _datetime(text):
    """A date and time as ISO 8601, the way the pipeline reads it; it also finds the year 0 and the 30th of February."""
    match = _DATETIME.fullmatch(text.strip())
    if not match:
        return Unreadable()
    year, month, day, hour, minute, second, _fraction, zone = match.groups()
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}{zone or ''}".replace("Z", "+00:00")


def _base64(text):
    try:
        return base64.b64decode(text, validate=False)
    except ValueError:
        return Unreadable()


_NESTED = {"struct": _struct, "array": _array}
_SCALARS = {
    **dict.fromkeys(("int", "i1", "i2", "i4", "i8", "biginteger"), _integer),
    **dict.fromkeys(("double", "float", "bigdecimal"), _double),
    "string": str,
    "boolean": _boolean,
    "dateTime.iso8601": _datetime,
    "dateTime": _datetime,
    "base64": _base64,
    "nil": lambda text: None,
}


def encode_answer(value):
    """Write an answer made of texts, integers, lists and dictionaries."""
    return _document(xmlrpc.client.dumps((value,), methodresponse=True))


def encode_fault(code, text):
    """Write a fault."""
    return _document(xmlrpc.client.dumps(xmlrpc.client.Fault(code, text), methodresponse=True))


def _document(text):
    return text.encode("utf-8", "xmlcharrefreplace")
