"""What a field of a row says: as JSON for programs, and as people read it."""

import json
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from odoo.fields import Datetime
from odoo.tools import SQL, format_date, format_datetime, formatLang

from ..engine.links import PERSONS
from ..tools.addresses import hide_keys
from ..tools.clean_html import clean
from ..tools.matching import scrub_json
from ..tools.secret_names import without_secrets

DIGITS = 2
# what is called by a number: its name may be anybody's
NUMBERED = ("mail.message", "discuss.channel")


@dataclass(frozen=True)
class Value:
    """
    :param value: in JSON
    :param text: what people read, where that is not the same
    :param markup: the same with its markup, which is clean
    :param is_named: the text says more than the value, to programs as well
    """

    value: Any
    text: str = ""
    markup: Markup | None = None
    is_named: bool = False

    @property
    def is_there(self):
        return self.value is not None or bool(self.text)

    @property
    def is_shown(self):
        """Programs are told of zeros and of what is not so, people are not."""
        is_amount = isinstance(self.value, dict) and "amount" in self.value
        value = self.value["amount"] if is_amount else self.value
        return self.is_there and value not in ("", False, 0)

    @property
    def shown(self):
        return self.markup if self.markup is not None else self.text or str(self.value)

    @property
    def is_long(self):
        return self.markup is not None or len(self.shown) > 120 or "\n" in self.shown

    def as_json(self):
        return {"value": self.value, "text": self.text} if self.is_named else self.value


class Values:
    """Reads the values of rows, in the language of the pages.

    :param people: of `People`, who are taken out
    :param reach: of `Reach`: values that other companies have of their own are left out
    """

    def __init__(self, env, people, reach):
        self.env = env
        self.people = people
        self.reach = reach
        self.tz = env.context.get("tz") or "UTC"
        self._labels = {}
        self._companies = {}

    def read(self, model, ids, names, *, written=(), near=None):
        """Return the values of these fields, ``{row id: {name: Value}}``.

        :param written: names of fields of which nothing is taken out
        :param near: contacts that a row has to do with, by row
        """
        records = self.env[model].browse(ids)
        fields = [records._fields[name] for name in names]
        records.fetch([field.name for field in fields if field.store and field.column_type])
        self._load_names(records, fields)
        return {
            record.id: {
                field.name: self.tell(record, field, field.name in written, (near or {}).get(record.id, ()))
                for field in fields
            }
            for record in records
        }

    def _load_names(self, records, fields):
        """The names of what the rows lead to, all at once."""
        for field in fields:
            if field.company_dependent:
                self._note_companies(records, field)
            elif field.relational and field.comodel_name not in PERSONS and not field.comodel_name.startswith(NUMBERED):
                records.mapped(field.name).mapped("display_name")
            elif field.comodel_name == "res.partner":
                records.mapped(field.name).fetch(["name", "is_company"])

    def tell(self, record, field, is_written=False, near=()):
        """Return the Value of one field of one row."""
        if field.company_dependent:
            return self._tell_by_company(record, field)
        teller = getattr(self, f"_tell_{field.type}", self._tell_plain)
        return teller(record, field, record[field.name], is_written, near)

    # ------------------------------------------------------------
    # Numbers, dates and choices
    # ------------------------------------------------------------

    def _tell_plain(self, _record, _field, value, _is_written, _near):
        return Value(value if isinstance(value, (int, float, str)) else None)

    def _tell_boolean(self, _record, _field, value, _is_written, _near):
        return Value(bool(value), self.env._("Yes") if value else self.env._("No"))

    def _tell_integer(self, _record, _field, value, _is_written, _near):
        return Value(value or 0)

    def _tell_float(self, _record, field, value, _is_written, _near):
        digits = field.get_digits(self.env)
        return Value(value or 0.0, formatLang(self.env, value or 0.0, digits=digits[1] if digits else DIGITS))

    def _tell_monetary(self, record, field, value, _is_written, _near):
        name = field.get_currency_field(record)
        currency = record[name] if name else self.env["res.currency"]
        text = formatLang(self.env, value or 0.0, currency_obj=currency)
        return Value({"amount": value or 0.0, "currency": currency.name or None}, text)

    def _tell_date(self, _record, _field, value, _is_written, _near):
        return Value(value.isoformat(), format_date(self.env, value)) if value else Value(None)

    def _tell_datetime(self, _record, _field, value, _is_written, _near):
        return Value(f"{value.isoformat(timespec='seconds')}Z", self.format_datetime(value)) if value else Value(None)

    def format_datetime(self, value):
        return format_datetime(self.env, Datetime.to_datetime(value), tz=self.tz)

    def _tell_selection(self, record, field, value, _is_written, _near):
        if not value:
            return Value(None)
        return Value(value, self._label(record, field).get(value, str(value)), is_named=True)

    def _label(self, record, field):
        if field not in self._labels:
            self._labels[field] = dict(field._description_selection(record.env))
        return self._labels[field]

    # ------------------------------------------------------------
    # Texts
    # ------------------------------------------------------------

    def _tell_char(self, record, field, value, is_written, near):
        if field.name in ("res_model", "model") and value in self.env:
            return Value(value, self.env["ir.model"]._get(value).name, is_named=True)
        return Value(self.take_out(value, is_written, near) or None)

    def _tell_text(self, _record, _field, value, is_written, near):
        return Value(self.take_out(value, is_written, near, has_words=True) or None)

    def _tell_html(self, _record, _field, value, is_written, near):
        return self.tell_html(value, is_written, near)

    def tell_html(self, value, is_written=False, near=()):
        """A text with markup, which is cleaned."""
        if not value:
            return Value(None)
        told = str(value) if is_written else self.people.take_out(str(value), near)
        cleaned = clean(told, hide_keys if is_written else self._hide)
        return Value(cleaned or None, markup=Markup(cleaned))  # noqa: S704  cleaned one line above

    def _hide(self, text):
        """What is left of a piece of text whose names were taken out: addresses may be hidden in its markup."""
        return hide_keys(self.people.take_out_numbers(self.people.take_out(text)))

    def take_out(self, text, is_written=False, near=(), *, has_words=False):
        """A text without other people."""
        if text and not is_written:
            text = self.people.take_out(text, near)
            text = self.people.take_out_numbers(text) if has_words else text
        return hide_keys(text) if text else text

    def _tell_json(self, _record, _field, value, is_written, _near):
        value = scrub_json(without_secrets(value), _Taker(self, is_written)) if value else None
        return Value(value, json.dumps(value, ensure_ascii=False, indent=1, default=str) if value else "")

    _tell_serialized = _tell_json

    def _tell_properties(self, record, field, value, _is_written, _near):
        told = []
        for one in field.convert_to_read(value, record) or []:
            if one.get("value") and one.get("type") != "separator":
                text = "" if one.get("comodel") in PERSONS else self._text_of_property(one)
                told.append({"name": one["name"], "label": one.get("string") or one["name"], "value": text})
        return Value(told or None, "\n".join(f"{one['label']}: {one['value']}" for one in told))

    def _text_of_property(self, one):
        value = one["value"]
        options = {option[0]: option[1] for option in one.get("selection") or one.get("tags") or []}
        values = value if isinstance(value, (list, tuple)) else [value]
        if one["type"] == "many2one":
            values = [value[1]]
        elif one["type"] == "many2many":
            values = [name for _id, name in value]
        return ", ".join(self.take_out(str(options.get(part, part)), has_words=True) for part in values)

    # ------------------------------------------------------------
    # Links
    # ------------------------------------------------------------

    def _tell_many2one(self, _record, field, value, is_written, near):
        if not value:
            return Value(None)
        if field.comodel_name in PERSONS:
            return Value(value.id if self._is_told(value) else None, self.name_of(value), is_named=True)
        is_numbered = field.comodel_name.startswith(NUMBERED)
        name = self._tell_number(value) if is_numbered else self.take_out(value.display_name or "", is_written, near)
        return Value(value.id, name, is_named=True)

    def _tell_number(self, record):
        return self.env._("No. %(number)s", number=record.id)

    def name_of(self, record):
        """What a contact, user or lead is called: only the person and companies are called by their names."""
        if self._is_told(record):
            return self.take_out(record.name or "")
        if record._name == "crm.lead":
            return self._tell_number(record)
        return self.people.tell(record.id if record._name == "res.partner" else record.partner_id.id)

    def _is_told(self, record):
        if record._name == "crm.lead":
            return record.id in self.people.person.leads
        if record._name == "res.users":
            return record.id in self.people.person.users
        return self.people.is_person(record.id) or record.is_company

    def _tell_many2many(self, _record, field, value, _is_written, _near):
        if not value or field.comodel_name in PERSONS:
            return Value(None)
        names = [self.take_out(name) for name in value.mapped("display_name") if name]
        return Value(names or None, ", ".join(names))

    # ------------------------------------------------------------
    # Values that each company has of its own
    # ------------------------------------------------------------

    def _note_companies(self, records, field):
        """Which companies have a value of their own."""
        column = SQL.identifier(field.name)
        table = SQL.identifier(records._table)
        self.env.cr.execute(
            SQL(
                "SELECT id, array_agg(key::int) FROM %s, jsonb_object_keys(%s) key WHERE id = ANY(%s) GROUP BY id",
                table,
                column,
                records.ids,
            )
        )
        for row_id, companies in self.env.cr.fetchall():
            self._companies[records._name, row_id, field.name] = self.reach.choose(sorted(companies))

    def _tell_by_company(self, record, field):
        teller = getattr(self, f"_tell_{field.type}", self._tell_plain)
        told = {}
        for company in self.env["res.company"].browse(self._companies.get((record._name, record.id, field.name), ())):
            there = record.with_company(company)
            value = teller(there, field, there[field.name], False, ())
            if value.is_shown:
                told[company.name] = value
        if len(told) == 1:
            return next(iter(told.values()))
        words = "\n".join(f"{name}: {value.shown}" for name, value in told.items())
        return Value({name: value.as_json() for name, value in told.items()} or None, words)


class _Taker:
    """Takes others out of what is in JSON, as a matcher does."""

    def __init__(self, values, is_written):
        self.values, self.is_written = values, is_written

    def scrub(self, text, _wide, _mark):
        told = self.values.take_out(text, self.is_written, has_words=True)
        return text if told == text else told

    @staticmethod
    def find(_text, _wide):
        return set()
