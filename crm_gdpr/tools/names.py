"""How the name of a person may be written."""

from __future__ import annotations

import re

from .reading import fold

WORDS = re.compile(r"[^\W\d_]+|\d+")  # a number is a word of its own
PARTICLES = frozenset(
    "a af al am an auf aus av ben bin da dal dalla das de degli dei del della den der des di do dos du e el het i ibn "
    "im in la las le les lo los of op 's 't s t te ten ter thoe thor to tot und van vande vanden vander vd vom von y "
    "z za ze zu zum zur".split()
)
TITLES = frozenset(
    "bsc dhr dipl dr drs esq fam frau fru herr hr ing ir jr lic llm m ma mag mba mej mevr mevrouw mgr miss mlle mme mr "
    "mrs ms msc mw pan pani phd prof sir sr".split()
)
# Words of every day that are names as well: a name made of these alone counts where it is written as one.
ORDINARY = frozenset(
    "an art bill dawn day do drew faith frank grace grant guy hope in jack joy king la lane law long love main major "
    "mark may miles nick page pat peg penny price ray rich rob rose ruby rusty so stone sue to tom van will wood "
    "young".split()
)
# Scripts that put no blanks between words.
UNSPACED = re.compile("[\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af]")
_GLUE = re.compile(r"(?<=[^\W\d_])['’‘´`ʼ-](?=[^\W\d_])")
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Ø": "Oe", "Å": "Aa"}
)
_SPELLED_OUT = re.compile("(?<=[aou])e")


def words_of(text: str) -> tuple[str, ...]:
    """The words and numbers of a text, as they are compared."""
    return tuple(WORDS.findall(fold(text)))


def is_distinctive(name: str, vocabulary: frozenset[str]) -> bool:
    """Tell whether a name is one person's wherever it stands: two words at least, not both of every day.

    :param vocabulary: words that name things rather than people
    """
    words = {word for word in words_of(name) if len(word) > 1 and word.isalpha()} - PARTICLES - TITLES
    own = words - (vocabulary - ORDINARY)
    return len(own) > 1 and not own <= ORDINARY or bool(UNSPACED.search(name)) and len(name) > 2


def spellings(name: str) -> set[tuple[str, ...]]:
    """The words of a name, in each way that it may be written.

    Without titles and initials in the middle, with umlauts spelled out or not, with the particle or the parts around an
    apostrophe or hyphen written in one.
    """
    found = set()
    for spelled in (name, name.translate(_UMLAUTS), _SPELLED_OUT.sub("", fold(name))):
        for glued in (spelled, _GLUE.sub("", spelled)):
            words = words_of(glued)
            found |= {words, _without(words, TITLES)}
    found |= {_without_initials(words) for words in found}
    found |= {_with_particles_glued(words) for words in found}
    return {words for words in found if words}


def _without(words: tuple[str, ...], unwanted: frozenset[str]) -> tuple[str, ...]:
    kept = tuple(word for word in words if word not in unwanted)
    return kept if len(kept) > 1 else words


def _without_initials(words: tuple[str, ...]) -> tuple[str, ...]:
    middle = tuple(word for word in words[1:-1] if len(word) > 1 or word in PARTICLES)
    return words[:1] + middle + words[-1:] if len(words) > 1 else words


def _with_particles_glued(words: tuple[str, ...]) -> tuple[str, ...]:
    glued: list[str] = []
    start = ""
    for word in words:
        if word in PARTICLES and len(glued) > 0:
            start += word
        else:
            glued.append(start + word)
            start = ""
    return tuple(glued + [start] if start else glued)


def last_name(words: tuple[str, ...]) -> tuple[str, ...]:
    """The last word with the particles before it."""
    start = len(words) - 1
    while start > 1 and words[start - 1] in PARTICLES:
        start -= 1
    return words[start:]
