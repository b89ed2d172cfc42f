"""How a column of a row that has to do with a person is treated."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Treatment:
    """
    :param kind: what is done (see below)
    :param why: told where the value is kept
    :param text: what stands there afterwards, of "replace"
    """

    kind: str
    why: str = ""
    text: str = ""

    @property
    def is_change(self):
        return self.kind not in ("keep", "derive")


EMPTY = Treatment("empty")  # nothing is left of it
SCRUB = Treatment("scrub")  # what identifies the person is taken out of the text
DERIVE = Treatment("derive")  # computed by the ORM from other fields of the same row
LOGIN = Treatment("login")  # a login that is nobody's


def keep(why: str) -> Treatment:
    """Left as it is, because."""
    return Treatment("keep", why=why)


def replace(text: str) -> Treatment:
    """A constant stands in its place."""
    return Treatment("replace", text=text)


CONFIGURED = Treatment("configured")  # as the company chose for the field
