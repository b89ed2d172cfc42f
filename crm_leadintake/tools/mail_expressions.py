"""Which regular expressions may be run on what strangers send.

Python's engine tries alternatives one after the other, and an expression such as ``(a+)+b`` has more of them than there
are seconds. Here a repetition is allowed of a single character or class only, never of a group, so that the worst case
is a power of the length of the line. That power is kept to three, which is less than a second for a line of 400
characters: looking for the start counts, so does every repetition that can end in more than one place with what follows
still fitting, and all others together count once.
"""

import re

MAX_LENGTH = 200
MAX_POWER = 3
MAX_CHOICES = 8
_TOKEN = re.compile(
    r"""
    (?P<one>\\[dDsSwW.^$*+?{}\[\]\\|()/:;,@'"#&%=<>! tnr_~`-] | \[\^?\]?(?:\\.|[^\]\\])*\] | [^\\\[\](){}*+?|^$])
    | (?P<edge>\\b|\^|\$)
    | (?P<repeat>(?:[*+?]|\{\d+(?:,\d*)?\})\??)
    | (?P<open>\((?:\?:)?(?!\?))
    | (?P<close>\))
    | (?P<or>\|)
    """,
    re.VERBOSE,
)
_SAMPLE = "".join(map(chr, range(0x250))) + "\u2013\u2014\u2018\u2019\u201c\u201d\u20ac\u3000\u65e5\u0416\u05d0"


class UnsafeExpression(ValueError):
    """A pattern that cannot be taken; ``reason`` is a key: empty, length, wrong, group, syntax, nested or slow."""

    def __init__(self, reason):
        self.reason = reason
        super().__init__(reason)


def check(text):
    """Take only an expression with one group that is bounded.

    :raise UnsafeExpression: it is not
    """
    if not text:
        raise UnsafeExpression("empty")
    if len(text) > MAX_LENGTH:
        raise UnsafeExpression("length")
    try:
        compiled = re.compile(text, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise UnsafeExpression("wrong") from error
    if compiled.groups != 1:
        raise UnsafeExpression("group")
    if not _is_bounded(text, _items(text)):
        raise UnsafeExpression("slow")


def _is_bounded(text, items):
    choices = 1 + sum(kind == "or" for kind, _token, _least, _most in items)
    power = 0 if text.startswith("^") and choices == 1 else 1
    decided = 0
    for index, (kind, _token, least, most) in enumerate(items):
        if kind != "one" or least == most or index == len(items) - 1:
            continue
        if _is_decided(items, index):
            decided = 1
        elif most is None or most - least >= MAX_CHOICES:
            power += 1
        else:
            choices *= most - least + 1
    return power + decided <= MAX_POWER and choices <= MAX_CHOICES


def _items(text):
    """The expression as ``[(kind, token, fewest, most)]`` without its parentheses; no limit for the most is None."""
    items, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if not match:
            raise UnsafeExpression("syntax")
        position = match.end()
        if match.lastgroup != "repeat":
            items.append((match.lastgroup, match[0], 1, 1))
        elif items and items[-1][0] == "one" and items[-1][2:] == (1, 1):
            items[-1] = ("one", items[-1][1], *_bounds(match[0]))
        else:
            raise UnsafeExpression("nested")
    return [item for item in items if item[0] not in ("open", "close")]


def _bounds(repeat):
    repeat = repeat.removesuffix("?") if len(repeat) > 1 else repeat
    if repeat in ("*", "+", "?"):
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[repeat]
    least, comma, most = repeat[1:-1].partition(",")
    return int(least), int(most) if most else None if comma else int(least)


def _is_decided(items, index):
    """Tell whether a repetition can end in one place alone: nothing that may follow begins with what is repeated.

    At the end of the expression it is decided as well, as nothing can fail any more.
    """
    repeated = _characters(items[index][1])
    for kind, token, least, _most in items[index + 1 :]:
        if kind == "or":
            return False
        if kind == "one":
            if repeated & _characters(token):
                return False
            if least:
                return True
        elif token == "$":
            return True
    return True


def _characters(token):
    """The characters of a sample of Unicode that a token stands for, whatever their case."""
    compiled = re.compile(token, re.IGNORECASE)
    return {char for char in _SAMPLE + token if compiled.fullmatch(char)}
