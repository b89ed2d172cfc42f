"""Copies of a database, each for one measurement that cannot be taken back."""

import contextlib
import shutil
import subprocess
import time

import psycopg2
from psycopg2 import sql

from odoo.sql_db import connection_info_for

FIRST_WITH_STRATEGIES = 150_000
PATIENCE = 600  # seconds


@contextlib.contextmanager
def copy_of(database, folder):
    """Make a copy with its file store, and remove it at the end.

    :param str database: with nobody connected to it
    :param folder: Odoo's data folder
    :return: the name of the copy
    """
    copy = f"{database}-run"
    _drop(copy, folder)
    # Odoo never writes into a file of the store once it is there, so hard links are safe
    files = folder / "filestore"
    subprocess.run(["cp", "-al", str(files / database), str(files / copy)], check=True)
    with _cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        by_files = int(cursor.fetchone()[0]) >= FIRST_WITH_STRATEGIES
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {} {}").format(
            sql.Identifier(copy), sql.Identifier(database), sql.SQL("STRATEGY file_copy" if by_files else "")
        )
        cursor.execute(made)
    try:
        yield copy
    finally:
        _drop(copy, folder)


def _drop(copy, folder):
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(copy))
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with _cursor() as cursor:
                cursor.execute(drop)
            break
        except psycopg2.errors.InsufficientPrivilege:
            # PostgreSQL's own vacuum is at work there, which nobody else may end
            if time.monotonic() > end:
                raise
            time.sleep(1)
    shutil.rmtree(folder / "filestore" / copy, ignore_errors=True)


@contextlib.contextmanager
def _cursor():
    _name, settings = connection_info_for("postgres")
    with contextlib.closing(psycopg2.connect(**settings)) as connection:
        connection.autocommit = True  # databases are made and dropped outside of transactions
        with connection.cursor() as cursor:
            yield cursor
