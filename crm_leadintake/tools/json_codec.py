"""JSON as the doors take it: RFC 8259 to the letter, where Python's own module lets more through."""

import json

from .refusal import IntakeRefusal

# Python refuses to read longer integers, as that takes quadratic time; as a float they are infinite, which the pipeline
# refuses by the name of its field.
_MAX_DIGITS = 400


def decode(body):
    """Read a JSON document.

    NaN and the infinities, which are no JSON but which programs send, and numbers without end come out as floats that
    are not finite, so that the pipeline names the field and the rest of the leads go through.

    :param bytes body: in UTF-8, also with a byte order mark
    :raise IntakeRefusal: it is no JSON, or a name stands twice in an object
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _malformed(f"The request is not in UTF-8 at byte {error.start}.") from error
    try:
        return json.loads(text, object_pairs_hook=_object, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise _malformed(f"Line {error.lineno}, column {error.colno} is not JSON: {error.msg}.") from error
    except RecursionError as error:
        raise _malformed("The request is nested too deep.") from error


def encode(value):
    """Write a JSON document, in ASCII, so that nothing in it depends on the reader's encoding."""
    return json.dumps(value, separators=(",", ":")).encode()


def _object(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _malformed(f"The name {ascii(twice[:64])} stands twice in an object.")
    return found


def _integer(digits):
    return int(digits) if len(digits) <= _MAX_DIGITS else float(digits)


def _malformed(detail):
    return IntakeRefusal("malformed", detail=detail)
