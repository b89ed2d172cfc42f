"""The search of one table after the other, in rows that are read as they come."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

from odoo.tools import SQL

from ..tools.file_budget import BYTES
from ..tools.matching import Crowd
from . import residue_texts
from .residue_texts import OVERLAP, Persons

# Between two columns: nothing goes on from one to the next.
_SEPARATOR = "\x1f"
_BATCH_BYTES = 4_000_000
_FEWEST_ROWS, _MOST_ROWS = 100, 5_000
# A longer value is read by itself.
_LONG = 100_000
_ARGUMENTS = 90
_numbers = count(1)

_COLUMNS = """
SELECT space.nspname, class.relname, space.nspname = current_schema(), has_table_privilege(class.oid, 'SELECT'),
       pg_total_relation_size(class.oid) - pg_indexes_size(class.oid),
       GREATEST(class.reltuples, 1), COALESCE(pg_relation_size(NULLIF(class.reltoastrelid, 0)), 0) > 0,
       array_agg(attribute.attname ORDER BY attribute.attnum), array_agg(
           CASE WHEN type.typcategory = 'A' THEN 'array'
                WHEN COALESCE(base.typname, type.typname) = 'bytea' THEN 'bytes'
                WHEN type.typcategory = 'N' THEN 'number'
                ELSE 'text' END ORDER BY attribute.attnum),
       EXISTS (SELECT FROM pg_attribute WHERE attrelid = class.oid AND attname = 'id' AND NOT attisdropped)
  FROM pg_class class
  JOIN pg_namespace space ON space.oid = class.relnamespace
  JOIN pg_attribute attribute ON attribute.attrelid = class.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped
  JOIN pg_type type ON type.oid = attribute.atttypid
  LEFT JOIN pg_type base ON base.oid = type.typbasetype
  LEFT JOIN pg_type element ON element.oid = type.typelem AND type.typcategory = 'A'
 WHERE class.relkind IN ('r', 'm') AND class.relpersistence <> 't'
   AND space.nspname <> 'information_schema' AND space.nspname NOT LIKE 'pg\\_%%'
   AND (COALESCE(element.typcategory, type.typcategory) IN ('S', 'C')
        OR COALESCE(element.typname, base.typname, type.typname)
           IN ('char', 'bytea', 'json', 'jsonb', 'xml', 'hstore', 'tsvector')
        OR COALESCE(base.typname, type.typname) IN ('int8', 'numeric', 'float8'))
 GROUP BY class.oid, space.nspname
 ORDER BY space.nspname, class.relname
"""


@dataclass(frozen=True)
class Table:
    """What is to be searched of a table."""

    schema: str
    name: str
    is_current: bool  # its schema needs no naming
    is_readable: bool
    size: int
    rows: float
    has_long: bool  # some values are stored outside of their rows
    columns: dict[str, str]  # by name: text, array, bytes or number
    has_id: bool

    @property
    def label(self) -> str:
        return self.name if self.is_current else f"{self.schema}.{self.name}"

    @property
    def sql(self) -> SQL:
        return SQL("ONLY %s", SQL.identifier(self.schema, self.name))

    def of(self, *kinds: str) -> list[str]:
        return [name for name, kind in self.columns.items() if kind in kinds]


def tables_of(cr, skip: Collection[str] = ()) -> list[Table]:
    """The tables of the database, of Odoo or not, with the columns that can say who somebody is."""
    cr.execute(_COLUMNS)
    tables = []
    for *values, columns, kinds, has_id in cr.fetchall():
        table = Table(*values, dict(zip(columns, kinds, strict=True)), has_id)
        for column in columns:
            if {table.label, f"{table.label}.{column}"} & set(skip):
                del table.columns[column]
        if table.columns:
            tables.append(table)
    return tables


class TableSearch:
    """The search of one table: all texts of a row at once first, and where somebody may be, each column."""

    def __init__(self, cr, table: Table, crowd: Crowd):
        self._cr = cr
        self._table = table
        self._crowd = crowd
        self._numbers = sorted(crowd.numbers)
        self.size = table.size
        self.count = 0
        self._told = 0

    def run(self, advance: Callable[[int], None]) -> Iterator[tuple]:
        """Yield table, column, id and persons of each hit; tell of the bytes that are done."""
        if self._table.of("text", "array") or (self._numbers and self._table.of("number")):
            yield from self._search_texts(advance)
        if self._table.of("bytes"):
            yield from self._search_bytes()
        self._tell(self.size, advance)

    # The columns of a row as one text

    def _search_texts(self, advance) -> Iterator[tuple]:
        query = SQL("SELECT ctid, %s, %s FROM %s", self._joined(), self._is_long(), self._table.sql)
        for rows in self._batches(query):
            suspects = [place for place, text, _is_long in rows if text and self._may_be_in(text)]
            if suspects:
                yield from self._search_columns(suspects)
            for place, _text, is_long in rows:
                if is_long:
                    yield from self._search_long(place)
            self.count += len(rows)
            self._tell(int(self.count * self._row_size), advance)

    def _may_be_in(self, text: str) -> bool:
        return residue_texts.may_be_in(self._crowd, text)

    def _tell(self, done: int, advance) -> None:
        advance(done - self._told)
        self._told = done

    @property
    def _row_size(self) -> float:
        return self._table.size / max(self._table.rows, self.count, 1)

    def _batches(self, query: SQL) -> Iterator[list[tuple]]:
        """The rows of a query, as many at once as take little memory."""
        rows = _FEWEST_ROWS
        name = SQL.identifier(f"crm_gdpr_residue_{next(_numbers)}")
        self._cr.execute(SQL("DECLARE %s NO SCROLL CURSOR FOR %s", name, query))
        while True:
            self._cr.execute(SQL("FETCH FORWARD %s FROM %s", rows, name))
            batch = self._cr.fetchall()
            if not batch:
                break
            yield batch
            size = sum(len(value) for row in batch for value in row if isinstance(value, str))
            rows = max(_FEWEST_ROWS, min(_MOST_ROWS, _BATCH_BYTES * len(batch) // size))
        self._cr.execute(SQL("CLOSE %s", name))  # else the end of the transaction does

    def _joined(self) -> SQL:
        parts = [self._short(name) for name in self._table.of("text", "array")]
        if self._numbers:
            parts += [self._phone_number(name) for name in self._table.of("number")]
        while len(parts) > _ARGUMENTS:  # a function takes so many arguments
            parts = [_concatenated(parts[:_ARGUMENTS]), *parts[_ARGUMENTS:]]
        return _concatenated(parts)

    def _short(self, name: str) -> SQL:
        value = self._as_text(name)
        if not self._table.has_long:
            return value
        return SQL("CASE WHEN pg_column_size(%s) <= %s THEN %s END", SQL.identifier(name), _LONG, value)

    def _as_text(self, name: str) -> SQL:
        if self._table.columns[name] == "array":
            return SQL("array_to_string(%s::text[], %s)", SQL.identifier(name), _SEPARATOR)
        return SQL("%s::text", SQL.identifier(name))

    def _phone_number(self, name: str) -> SQL:
        column = SQL.identifier(name)
        return SQL(
            "CASE WHEN %s >= %s AND %s = ANY(%s::numeric[]) THEN trunc(%s::numeric)::text END",
            column, self._numbers[0], column, self._numbers, column,
        )  # fmt: skip

    def _is_long(self) -> SQL:
        names = self._table.of("text", "array")
        if not self._table.has_long or not names:
            return SQL("FALSE")
        sizes = (SQL("pg_column_size(%s)", SQL.identifier(name)) for name in names)
        return SQL("GREATEST(%s) > %s", SQL(", ").join(sizes), _LONG)

    # Each column of a few rows

    def _search_columns(self, places: list[str]) -> Iterator[tuple]:
        texts, numbers = self._table.of("text", "array"), self._table.of("number") if self._numbers else []
        values = [self._short_value(name) for name in texts] + [self._phone_number(name) for name in numbers]
        query = SQL(
            "SELECT %s, %s FROM %s WHERE ctid = ANY(%s::tid[])",
            self._id(), SQL(", ").join(values), self._table.sql, places,
        )  # fmt: skip
        self._cr.execute(query)
        for row_id, *row in self._cr.fetchall():
            for name, value in zip(texts + numbers, row, strict=True):
                yield from self._hit(name, row_id, self._find(value))

    def _short_value(self, name: str) -> SQL:
        kind = SQL("text[]") if self._table.columns[name] == "array" else SQL("text")
        column = SQL.identifier(name)
        if not self._table.has_long:
            return SQL("%s::%s", column, kind)
        return SQL("CASE WHEN pg_column_size(%s) <= %s THEN %s::%s END", column, _LONG, column, kind)

    def _find(self, value) -> Persons:
        if not value:
            return {}
        if isinstance(value, list):
            return residue_texts.merged(self._find(item) for item in value)
        return residue_texts.find_in_text(self._crowd, value)

    def _hit(self, column: str, row_id, persons: Persons) -> Iterator[tuple]:
        if persons:
            yield self._table.label, column, row_id, persons

    def _id(self) -> SQL:
        return SQL("id") if self._table.has_id else SQL("ctid::text")

    # Values that are long

    def _search_long(self, place: str) -> Iterator[tuple]:
        for name in self._table.of("text", "array"):
            column = SQL.identifier(name)
            condition = SQL("ctid = %s::tid AND pg_column_size(%s) > %s", place, column, _LONG)
            found = [residue_texts.find_in_text(self._crowd, part) for part in self._parts(name, condition)]
            if persons := residue_texts.merged(found):
                self._cr.execute(SQL("SELECT %s FROM %s WHERE %s", self._id(), self._table.sql, condition))
                yield from self._hit(name, self._cr.fetchone()[0], persons)

    def _parts(self, name: str, condition: SQL) -> Iterator[str]:
        """A value in parts."""
        value, size = self._as_text(name), BYTES
        for start in count(0, size):
            query = SQL("substr(%s, %s, %s)", value, max(1, start + 1 - OVERLAP), size + min(start, OVERLAP))
            self._cr.execute(SQL("SELECT %s FROM %s WHERE %s", query, self._table.sql, condition))
            row = self._cr.fetchone()
            if not row or not row[0]:
                return
            yield row[0]
            if len(row[0]) < size:
                return

    # Bytes

    def _search_bytes(self) -> Iterator[tuple]:
        for name in self._table.of("bytes"):
            query = SQL("SELECT ctid, %s FROM %s WHERE octet_length(%s) > 3",
                        self._id(), self._table.sql, SQL.identifier(name))  # fmt: skip
            for rows in self._batches(query):
                for place, row_id in rows:
                    content = SQL("substr(%s, 1, %s)", SQL.identifier(name), BYTES)
                    self._cr.execute(SQL("SELECT %s FROM %s WHERE ctid = %s::tid", content, self._table.sql, place))
                    yield from self._hit(name, row_id, self._find_in_bytes(self._cr.fetchone()[0]))

    def _find_in_bytes(self, content) -> Persons:
        content = bytes(content)
        found = [residue_texts.find_in_content(self._crowd, content)[0]]
        with suppress(binascii.Error, ValueError):  # Odoo keeps files in columns in Base64
            found.append(residue_texts.find_in_content(self._crowd, base64.b64decode(content, validate=True))[0])
        return residue_texts.merged(found)


def _concatenated(parts: list[SQL]) -> SQL:
    return SQL("concat_ws(%s, %s)", _SEPARATOR, SQL(", ").join(parts))
