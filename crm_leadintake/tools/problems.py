"""What can be wrong with a record: the rule that it breaks, told to programs and to people in one wording each."""

# The wire speaks English; the screens translate the same sentences (crm.lead.inbox._describe_problem).
MESSAGES = {
    "record": "Give each lead as a set of named values.",
    "unknown": "There is no such field. Ask for the fields that can be sent, or have it mapped.",
    "type": "Give %(expected)s.",
    "required": "Give at least one of %(expected)s.",
    "length": "Give at most %(expected)s characters.",
    "range": "Give a value %(expected)s.",
    "format": "Give %(expected)s.",
    "choice": "%(value)s is not one of the values in use%(expected)s.",
    "encoding": "Give text without control characters and in valid Unicode.",
    "conflict": "This external id came before with other content, which is kept.",
    "repeated": "This external id stands in this request before, with other content.",
    "duplicate": "There is such a lead already, and this source refuses duplicates.",
    "ignored": "%(value)s is not known here and was left out.",
    "stored": "This could not be stored: %(expected)s",
    "busy": "It is being processed at this moment.",
    "gone": "The lead that was made of it was deleted here.",
    "spam": "This looks like a form that was filled in by a program.",
    "by_hand": "The company has looked at it and rejected it.",
    "refused": "The company does not take this lead.",
    "expired": "It waited longer than this source keeps what came in.",
}


class Problem(Exception):
    """A rule that a value breaks.

    :param str field: name of the field on the wire, empty for the record as a whole
    :param str rule: a key of :data:`MESSAGES`
    :param expected: what the rule asks for
    :param value: what was given, cut short
    """

    def __init__(self, field, rule, expected="", value=""):
        self.field, self.rule, self.expected = field, rule, str(expected)
        self.value = str(value)[:80]
        super().__init__(f"{field}: {rule}")

    def as_dict(self):
        """What is kept of it with the record, for :func:`tell` and for the screens."""
        return {"field": self.field, "rule": self.rule, "expected": self.expected, "value": self.value}


def tell(problem):
    """A problem as the doors answer it: ``{"field", "rule", "message"}``, in English."""
    return {
        "field": problem["field"],
        "rule": problem["rule"],
        "message": MESSAGES[problem["rule"]] % problem,
    }
