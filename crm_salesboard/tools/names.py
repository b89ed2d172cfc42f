"""Whether two names are likely to be those of one person."""

import re
from difflib import SequenceMatcher

from odoo.tools import remove_accents

_CLOSE = 0.85


def similar(one, other):
    """Tell whether two names may be the same person's.

    Accents, case, order and punctuation play no part; an initial stands for a first name, and a slip of the pen is
    forgiven: "Piet Jansen" is similar to "Jansen, Piet", "P. Jansen" and "Piet Janssen", and not to "Anna Jansen".

    :param str one: a name as written
    :param str other: another
    :rtype: bool
    """
    words, others = _words(one), _words(other)
    if not words or not others:
        return False
    if sorted(words) == sorted(others) or _with_initial(words, others) or _with_initial(others, words):
        return True
    return SequenceMatcher(None, " ".join(words), " ".join(others)).ratio() >= _CLOSE and words[0][0] == others[0][0]


def _words(name):
    return re.findall(r"\w+", remove_accents(name or "").casefold())


def _with_initial(words, others):
    if len(words) < 2 or len(others) < 2 or words[-1] != others[-1]:
        return False
    return len(words[0]) == 1 and others[0].startswith(words[0])
