"""What a form asks for, and the record that comes of what was typed; without the database."""

import re
from dataclasses import dataclass

from .form_guard import STAMP, TRAP
from .vocabulary import NAME

# The kinds of fields that a visitor can be asked for, with what a browser is told about them.
INPUTS = {
    "line": {"type": "text"},
    "text": {"tag": "textarea"},
    "email": {"type": "email"},
    "phone": {"type": "tel"},
    "website": {"type": "text", "inputmode": "url"},
    "number": {"type": "number", "step": "any"},
    "integer": {"type": "number", "step": "1"},
    "date": {"type": "date"},
    "datetime": {"type": "datetime-local"},
    "boolean": {"tag": "checkbox"},
    "choice": {"tag": "select"},
    "country": {"tag": "select"},
    "state": {"type": "text"},
}
# What browsers fill in by themselves (WCAG 2.2, 1.3.5).
AUTOCOMPLETE = {
    "contact_name": "name",
    "company": "organization",
    "email": "email",
    "phone": "tel",
    "website": "url",
    "job_position": "organization-title",
    "street": "address-line1",
    "street2": "address-line2",
    "zip": "postal-code",
    "city": "address-level2",
    "state": "address-level1",
    "country": "country",
}
UTM = {"utm_campaign": "campaign", "utm_source": "source", "utm_medium": "medium"}
CONSENT = "consent"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form; without a label of its own it gets the usual one in the language of the form."""

    name: str
    label: str
    kind: str
    is_required: bool
    size: int


@dataclass(frozen=True, slots=True)
class FormConfig:
    """Read once per change from ``crm.intake.source``; see there for what each value means."""

    source_id: int
    public_id: str
    lang: str
    title: str
    thanks: str
    consent: str
    redirect_url: str
    origins: tuple
    fields: tuple

    def pick(self, typed):
        """Of what was sent only the form's own fields, as ``{name: text}``; the same name twice counts once.

        :param typed: a mapping of names to texts
        """
        names = [field.name for field in self.fields] + [*UTM, CONSENT, TRAP, STAMP]
        return {name: typed[name] for name in names if name in typed}

    def find_missing(self, typed):
        """The names of mandatory fields that were left empty."""
        missing = [field.name for field in self.fields if field.is_required and not typed.get(field.name, "").strip()]
        return missing + ([CONSENT] if self.consent and not typed.get(CONSENT) else [])

    def as_record(self, typed):
        """What was typed as the record of a lead, with the words that were agreed to."""
        record = {
            field.name: bool(typed.get(field.name)) if field.kind == "boolean" else typed.get(field.name, "")
            for field in self.fields
        }
        # nobody sees these, so that nobody could correct them
        record |= {name: _CONTROL.sub("", typed.get(key, ""))[:NAME] for key, name in UTM.items()}
        if self.consent and typed.get(CONSENT):
            record["description"] = f"{record.get('description', '')}\n\n☑ {self.consent}".strip()
        return record

    def is_trapped(self, typed):
        """Tell whether the field that people do not see was filled in."""
        return bool(typed.get(TRAP, "").strip())


def printable(text):
    """What was typed, to be shown again: as it was, but for what no page can show."""
    return _CONTROL.sub("", text)
