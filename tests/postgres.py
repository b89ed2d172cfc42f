"""Statements on PostgreSQL that no transaction may hold: databases are made and dropped."""

import contextlib

import psycopg2
from psycopg2 import sql

from odoo.sql_db import connection_info_for


def on_postgres(statement, *names, **values):
    """Run a statement.

    :param str statement: with ``{}`` for each name of a database, and ``%(key)s`` for each value
    :return: list of rows
    """
    _name, settings = connection_info_for("postgres")
    with contextlib.closing(psycopg2.connect(**settings)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)), values or None)
            return cursor.fetchall() if cursor.description else []


def newest_template():
    """The name of the database with Odoo's own modules that the set-up keeps."""
    templates = on_postgres("SELECT datname FROM pg_database WHERE datname LIKE 'template-%' ORDER BY oid DESC")
    assert templates, "setup/test keeps a template with the native modules; run the tests through it"
    return templates[0][0]


def drop_database(name):
    """Remove a database, and send away who is left in it.

    ``WITH (FORCE)`` refuses where PostgreSQL's own vacuum is at work; without it PostgreSQL ends that by itself.
    """
    on_postgres(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %(name)s AND usename = current_user",
        name=name,
    )
    on_postgres("DROP DATABASE IF EXISTS {}", name)
