"""The fields that can be sent, under the names that they have on the wire."""

from dataclasses import dataclass

LINE, NAME = 256, 128


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field that can be sent.

    ``kind`` tells how a value is read, see :mod:`.values`; ``target`` is the field of ``crm.lead``; ``size`` is in
    characters; ``choices`` are the values of a selection; ``comodel`` is where the names of records are looked up;
    ``is_html`` tells that the field of the lead holds markup, which the plain text that is sent is made into.
    """

    name: str
    target: str
    kind: str = "line"
    size: int = LINE
    choices: tuple = ()
    comodel: str = ""
    label: str = ""
    is_html: bool = False


STANDARD = (
    FieldSpec("subject", "name", label="Subject"),
    FieldSpec("contact_name", "contact_name", size=NAME, label="Contact person"),
    FieldSpec("company", "partner_name", size=NAME, label="Company"),
    FieldSpec("email", "email_from", kind="email", label="E-mail address"),
    FieldSpec("phone", "phone", kind="phone", size=64, label="Phone number, best with its country code"),
    FieldSpec("website", "website", kind="website", label="Web address"),
    FieldSpec("job_position", "function", size=NAME, label="Job position"),
    FieldSpec("street", "street", size=NAME, label="Street and number"),
    FieldSpec("street2", "street2", size=NAME, label="Second line of the address"),
    FieldSpec("zip", "zip", size=24, label="Postcode"),
    FieldSpec("city", "city", size=NAME, label="City"),
    FieldSpec("state", "state_id", kind="state", size=NAME, label="State or province: code or name"),
    FieldSpec("country", "country_id", kind="country", size=NAME, label="Country: code of ISO 3166-1 or name"),
    FieldSpec("language", "lang_id", kind="language", size=16, label="Language: code such as nl or pt_BR"),
    FieldSpec("description", "description", "text", 100_000, label="What they ask, as plain text", is_html=True),
    FieldSpec("value", "expected_revenue", kind="number", label="Expected value in the currency of the company"),
    FieldSpec("expected_closing", "date_deadline", kind="date", label="Day on which it may be decided"),
    FieldSpec("priority", "priority", kind="choice", choices=("0", "1", "2", "3"), label="Priority"),
    FieldSpec("tags", "tag_ids", kind="tags", comodel="crm.tag", size=NAME, label="Names of tags"),
    FieldSpec("referred_by", "referred", size=NAME, label="Who referred them"),
    FieldSpec("campaign", "campaign_id", "utm", NAME, comodel="utm.campaign", label="Campaign (utm_campaign)"),
    FieldSpec("source", "source_id", kind="utm", comodel="utm.source", size=NAME, label="Source (utm_source)"),
    FieldSpec("medium", "medium_id", kind="utm", comodel="utm.medium", size=NAME, label="Medium (utm_medium)"),
)

# One of these has to be there, else nobody could take it up.
IDENTIFYING = ("subject", "contact_name", "company", "email", "phone")

# What else the standard fields are called: by Odoo's own names, as programs have sent them to crm.lead so far, and by
# what links of campaigns call them.
ALIASES = {spec.target: spec.name for spec in STANDARD if spec.target != spec.name and spec.target != "source_id"}
ALIASES |= {"source_id": "source", "utm_campaign": "campaign", "utm_source": "source", "utm_medium": "medium"}

_KINDS = {
    "char": "line",
    "text": "text",
    "html": "text",
    "integer": "integer",
    "float": "number",
    "monetary": "number",
    "date": "date",
    "datetime": "datetime",
    "boolean": "boolean",
    "selection": "choice",
    "many2one": "record",
    "many2many": "records",
}


def spec_of_field(field, name, label, choices=()):
    """The spec of a field of ``crm.lead`` that a company has added, or None for a type that cannot be sent.

    :param field: the Odoo field
    :param str name: its name on the wire
    :param choices: the keys of a selection
    """
    kind = _KINDS.get(field.type)
    if not kind:
        return None
    size = 100_000 if kind == "text" else (getattr(field, "size", None) or LINE)
    is_html = field.type == "html"
    return FieldSpec(name, field.name, kind, size, tuple(choices), field.comodel_name or "", label, is_html)
