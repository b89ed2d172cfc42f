"""Copies of a database, each for one measurement that cannot be taken back."""

import contextlib
import shutil
import subprocess

from tests.postgres import drop_database, on_postgres

FIRST_WITH_STRATEGIES = 150_000


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
    by_files = int(on_postgres("SHOW server_version_num")[0][0]) >= FIRST_WITH_STRATEGIES
    on_postgres("CREATE DATABASE {} TEMPLATE {}" + (" STRATEGY file_copy" if by_files else ""), copy, database)
    try:
        yield copy
    finally:
        _drop(copy, folder)


def _drop(copy, folder):
    drop_database(copy)
    shutil.rmtree(folder / "filestore" / copy, ignore_errors=True)
