"""Columns as they are in the database: their types, whether they may be empty, and writing many rows at once."""

import json
from collections import defaultdict
from datetime import date, datetime

from odoo.tools import SQL


class Columns:
    """The columns of the tables, read once."""

    def __init__(self, env):
        self.env = env
        env.cr.execute(
            SQL(
                """
                SELECT relation.relname, attribute.attname, attribute.attnotnull,
                       format_type(attribute.atttypid, attribute.atttypmod)
                  FROM pg_attribute attribute JOIN pg_class relation ON relation.oid = attribute.attrelid
                 WHERE relation.relnamespace = current_schema::regnamespace AND relation.relkind IN ('r', 'p')
                   AND attribute.attnum > 0 AND NOT attribute.attisdropped
                """
            )
        )
        self.types = defaultdict(dict)
        self.mandatory = set()
        for table, column, is_mandatory, sql_type in env.cr.fetchall():
            self.types[table][column] = sql_type
            if is_mandatory:
                self.mandatory.add((table, column))
        self.unique = self._read_unique()

    def _read_unique(self):
        """Columns whose value no other row may have."""
        self.env.cr.execute(
            SQL(
                """
                SELECT relation.relname, attribute.attname
                  FROM pg_index index
                  JOIN pg_class relation ON relation.oid = index.indrelid
                  JOIN pg_attribute attribute ON attribute.attrelid = relation.oid
                                             AND attribute.attnum = ANY(index.indkey)
                 WHERE index.indisunique AND relation.relnamespace = current_schema::regnamespace
                   AND attribute.attname <> 'id'
                """
            )
        )
        return set(self.env.cr.fetchall())

    def is_mandatory(self, table, column):
        return (table, column) in self.mandatory

    def is_unique(self, table, column):
        return (table, column) in self.unique

    def find_referenced(self, table, ids):
        """Which of these rows another row refers to by a foreign key."""
        self.env.cr.execute(
            SQL(
                """
                SELECT relation.relname, attribute.attname
                  FROM pg_constraint constr
                  JOIN pg_class relation ON relation.oid = constr.conrelid
                  JOIN pg_attribute attribute ON attribute.attrelid = constr.conrelid
                                             AND attribute.attnum = constr.conkey[1]
                 WHERE constr.contype = 'f' AND constr.confrelid = %s::regclass
                """,
                table,
            )
        )
        found = set()
        for name, column in self.env.cr.fetchall():
            column = SQL.identifier(column)
            query = SQL("SELECT DISTINCT %s FROM %s WHERE %s = ANY(%s)", column, SQL.identifier(name), column, ids)
            self.env.cr.execute(query)
            found |= {row_id for (row_id,) in self.env.cr.fetchall()}
        return found

    def update(self, table, names, rows):
        """Write these columns of rows, a list of dictionaries with their id."""
        assignments = SQL(", ").join(SQL("%s = new.%s", SQL.identifier(name), SQL.identifier(name)) for name in names)
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s SET %(assignments)s
                  FROM jsonb_populate_recordset(NULL::%(table)s, %(rows)s::jsonb) AS new
                 WHERE %(table)s.id = new.id
                """,
                table=SQL.identifier(table),
                assignments=assignments,
                rows=json.dumps(rows, default=_to_json, ensure_ascii=False),
            )
        )


def _to_json(value):
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)
