"""What is corrected in a record: which of the sender's fields a problem is about, and values as texts and back."""

from .vocabulary import ALIASES

PEOPLE = ("contact_name", "company", "email", "phone", "subject")


def our_name(name, specs, mapped):
    """The name on the wire of what a sender calls a field; its own where there is none."""
    mapping = (mapped or {}).get(name)
    name = mapping.name if mapping else name
    return name if name in specs else ALIASES.get(name, name)


def problems_by_name(values, problems, specs, mapped):
    """Which problem is about which value.

    :param dict values: a record under the sender's names
    :param list problems: as :meth:`.problems.Problem.as_dict` returns them
    :return: ``{the sender's name: [problem]}``, those of the record as a whole under an empty name
    """
    names = {}
    for name in values:
        names.setdefault(our_name(name, specs, mapped), []).append(name)
    found = {}
    for problem in problems:
        field = problem["field"]
        for name in names.get(field) or ([field] if field in values else [""]):
            found.setdefault(name, []).append(problem)
    return found


def as_text(value):
    """A value as a person edits it: a list has a line for each item."""
    if isinstance(value, list):
        return "\n".join(map(as_text, value))
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def from_text(text, old):
    """What a person has made of a value; untouched it is what it was, and a list stays one."""
    text = (text or "").strip()
    if old is not None and text == as_text(old).strip():
        return old
    if isinstance(old, list):
        return [line.strip() for line in text.splitlines() if line.strip()]
    return text


def replace(values, changes):
    """Change values of a record, where they are still those that the changes are for.

    :param list changes: ``(old name, old text, new name, new text)``; without a new name the value is left out
    :return: ``(new values, names that were changed)``
    """
    result, names = dict(values), []
    for old_name, old_text, name, text in changes:
        old = values.get(old_name)
        if old is None or as_text(old) != old_text:
            continue
        value = from_text(text, old)
        if name == old_name and value == old:
            continue
        result.pop(old_name, None)
        if name and value not in ("", []):
            result[name] = value
        names.append(old_name)
    return result, names


def who(values, specs, mapped):
    """Who a record is about, in one line, whatever the sender calls it."""
    found = {}
    for name, value in values.items():
        found.setdefault(our_name(name, specs, mapped), as_text(value))
    return ", ".join(list(dict.fromkeys(found[name] for name in PEOPLE if found.get(name)))[:3])
