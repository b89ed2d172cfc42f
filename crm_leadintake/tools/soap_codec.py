"""SOAP 1.1 and 1.2, document/literal: from messages to what the desk takes, and from its answers to messages."""

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from .refusal import IntakeRefusal

NAMESPACE = "urn:leadintake:1"
OPERATIONS = {"SubmitLeads": "lead", "GetStatus": "external_id", "GetFields": None}
_NEXT = ("http://schemas.xmlsoap.org/soap/actor/next", "http://www.w3.org/2003/05/soap-envelope/role/next")
_ULTIMATE = "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver"
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Version:
    """A version of SOAP; ``codes`` are its names for whose fault it is: the sender's or ours."""

    number: str
    namespace: str
    media_type: str
    codes: tuple


SOAP11 = Version("1.1", "http://schemas.xmlsoap.org/soap/envelope/", "text/xml", ("Client", "Server"))
SOAP12 = Version("1.2", "http://www.w3.org/2003/05/soap-envelope", "application/soap+xml", ("Sender", "Receiver"))
_VERSIONS = {version.namespace: version for version in (SOAP11, SOAP12)}


@dataclass(frozen=True, slots=True)
class Call:
    """What a message asks for: the name of an operation, the key, and the leads or external ids."""

    operation: str
    key: str
    items: list


class SoapRefusal(IntakeRefusal):
    """A message that SOAP itself has a fault for: ``VersionMismatch`` or ``MustUnderstand``."""

    def __init__(self, code, detail, headers=()):
        super().__init__("malformed", detail=detail)
        self.code, self.headers = code, headers


# ------------------------------------------------------------
# Reading
# ------------------------------------------------------------


def version_of(envelope):
    """The version of SOAP that a message is in.

    :param Node envelope: the root of the message
    :raise IntakeRefusal: it is no envelope, or one of another version
    """
    if envelope.local != "Envelope":
        raise IntakeRefusal("malformed", detail=f"Send a SOAP envelope, not {_shown(envelope)}.")
    version = _VERSIONS.get(envelope.namespace)
    if not version:
        detail = f'Send a SOAP 1.1 or 1.2 envelope. This one has the namespace "{envelope.namespace[:200]}".'
        raise SoapRefusal("VersionMismatch", detail)
    return version


def read(envelope, version):
    """Read what a message asks for.

    :rtype: Call
    :raise IntakeRefusal: it has headers that have to be understood, or is none of our operations
    """
    parts = {part.local: part for part in envelope.children if part.namespace == version.namespace}
    _check_headers(parts.get("Header"), version)
    contents = parts["Body"].children if "Body" in parts else []
    if len(contents) != 1:
        detail = "Give the message one Body with one element in it: the operation (document/literal)."
        raise IntakeRefusal("malformed", detail=detail)
    return _read_operation(contents[0])


def _check_headers(header, version):
    """Refuse headers that are meant for us and must be understood, as there are none that we know."""
    needed = [
        block
        for block in (header.children if header else ())
        if block.attributes.get(f"{version.namespace} mustUnderstand") in ("1", "true") and _is_for_us(block, version)
    ]
    if needed:
        names = ", ".join(map(_shown, needed))
        raise SoapRefusal("MustUnderstand", f"These headers are not known here: {names}.", needed)


def _is_for_us(block, version):
    role = block.attributes.get(f"{version.namespace} {'actor' if version is SOAP11 else 'role'}", "")
    return role in ("", _ULTIMATE, *_NEXT)


def _read_operation(element):
    if element.namespace != NAMESPACE or element.local not in OPERATIONS:
        detail = f'{_shown(element)} is no operation. There are {", ".join(OPERATIONS)} in the namespace "{NAMESPACE}".'
        raise IntakeRefusal("malformed", detail=detail)
    wanted = OPERATIONS[element.local]
    keys, items = [], []
    for child in element.children:
        name = _name(child)
        if name == "key":
            keys.append(child.text.strip())
        elif name == wanted:
            items.append(_read_lead(child) if name == "lead" else _value(child))
        else:
            expected = " and ".join(filter(None, ["key", wanted]))
            detail = f"{_shown(child)} is not known in {element.local}. Give {expected}."
            raise IntakeRefusal("malformed", detail=detail)
    if len(keys) != 1:
        raise IntakeRefusal("key" if not keys else "malformed", detail="Give one key." if keys else None)
    return Call(element.local, keys[0], items)


def _read_lead(element):
    """A lead as a dictionary; what is not made of named values goes on as it is, to be told so by the pipeline."""
    if element.text.strip():
        return element.text
    # attributes mean nothing here; under a name that no field has they are answered as what they are
    record = {f"@{name}": value for name, value in element.attributes.items() if " " not in name}
    for child in element.children:
        name, value = _name(child), _value(child)
        if name == "field":
            name = child.attributes.get("name") or name
        elif name == "tag":
            name, value = "tags", [value]
        record[name] = _joined(record[name], value) if name in record else value
    return record


def _joined(first, second):
    """The values of an element that comes several times."""
    return [value for part in (first, second) for value in (part if isinstance(part, list) else [part])]


def _value(element):
    """A text, empty also for xsi:nil, or for an element with others in it a dictionary, which no field takes."""
    return {_name(child): child.text for child in element.children} or element.text


def _name(element):
    """The name of an element of ours, which some clients send without a namespace; of others with theirs."""
    return element.local if element.namespace in ("", NAMESPACE) else f"{{{element.namespace}}}{element.local}"


def _shown(element):
    return f'{element.local[:64]} of the namespace "{element.namespace[:200]}"'


# ------------------------------------------------------------
# Writing
# ------------------------------------------------------------


def write_answer(version, operation, answers):
    """The message that answers an operation.

    :param list answers: what the desk returned for it
    """
    write = {"SubmitLeads": _write_result, "GetStatus": _write_status, "GetFields": _write_field}[operation]
    content = "".join(map(write, answers))
    return _envelope(version, f'<{operation}Response xmlns="{NAMESPACE}">{content}</{operation}Response>')


def _write_result(answer):
    return _element(
        "result",
        _texts(answer, "external_id", "status", "reference"),
        *(_element("problem", _texts(problem, "field", "rule", "message")) for problem in answer["problems"]),
        *(_element("warning", _texts(warning, "field", "rule", "message")) for warning in answer["warnings"]),
    )


def _write_status(lead):
    return _element("lead", _texts(lead, "external_id", "state", "changed"))


def _write_field(field):
    choices = "".join(_text("choice", choice) for choice in field["choices"])
    return _element("field", _texts(field, "name", "type", "size"), choices, _texts(field, "label"))


def write_fault(version, refusal):
    """The message that says why nothing was taken.

    :return: ``(status, message)``: the status of HTTP and the text
    """
    code = getattr(refusal, "code", None) or version.codes[refusal.status >= 500]
    detail = "".join(
        [
            f'<IntakeFault xmlns="{NAMESPACE}">',
            _text("code", refusal.reason),
            _text("message", refusal.detail),
            _text("retry_after", refusal.retry_after) if refusal.retry_after else "",
            "</IntakeFault>",
        ]
    )
    if version is SOAP11:
        fault = _text("faultcode", f"soap:{code}") + _text("faultstring", refusal.detail)
        # SOAP 1.1, 4.4: the detail is about the body, so it is missing where that was not looked at
        fault += "" if code == "MustUnderstand" else f"<detail>{detail}</detail>"
    else:
        fault = _write_fault_12(code, refusal, detail)
    header = "".join(_not_understood(block) for block in getattr(refusal, "headers", ())) if version is SOAP12 else ""
    return _status(version, refusal, code), _envelope(version, f"<soap:Fault>{fault}</soap:Fault>", header)


def _status(version, refusal, code):
    """The status of HTTP: what SOAP's bindings ask for, but where HTTP itself is the matter."""
    if refusal.reason in ("method", "media"):
        return refusal.status
    return 400 if version is SOAP12 and code == "Sender" else 500


def _write_fault_12(code, refusal, detail):
    is_ours = code in SOAP12.codes
    subcode = f'<soap:Subcode><soap:Value xmlns:li="{NAMESPACE}">li:{refusal.reason}</soap:Value></soap:Subcode>'
    return (
        f"<soap:Code><soap:Value>soap:{code}</soap:Value>{subcode if is_ours else ''}</soap:Code>"
        f'<soap:Reason><soap:Text xml:lang="en">{_clean(refusal.detail)}</soap:Text></soap:Reason>'
        f"<soap:Detail>{detail}</soap:Detail>"
    )


def _not_understood(block):
    namespace = quoteattr(_NOT_XML.sub("?", block.namespace))
    if not block.namespace:
        return f"<soap:NotUnderstood qname={quoteattr(block.local)}/>"
    return f"<soap:NotUnderstood xmlns:h={namespace} qname={quoteattr(f'h:{block.local}')}/>"


def _envelope(version, body, header=""):
    header = f"<soap:Header>{header}</soap:Header>" if header else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<soap:Envelope xmlns:soap="{version.namespace}">{header}<soap:Body>{body}</soap:Body></soap:Envelope>'
    )


def _element(name, *contents):
    return f"<{name}>{''.join(contents)}</{name}>"


def _texts(values, *names):
    """Elements of those values that are not empty."""
    return "".join(_text(name, values[name]) for name in names if values[name] not in ("", None))


def _text(name, value):
    return f"<{name}>{_clean(value)}</{name}>"


def _clean(value):
    return escape(_NOT_XML.sub("?", str(value)))
