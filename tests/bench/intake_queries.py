"""Queries per lead of a batch of 1,000, in process: a line with a number.

Run by ``setup/odoo shell``, which provides ``env``.
"""

import json

from odoo import sql_db

from odoo.addons.crm_leadintake.tools import desk
from tests.bench.intake_bodies import lead

BATCH = 1_000
FIRST = 30_000_000  # numbers that no client of the benchmark sends


def count(env):
    """Hand in a first batch to warm up, and count the second."""
    key = json.loads(env["ir.config_parameter"].get_param("bench.intake"))["now"]
    for first in (FIRST, FIRST + BATCH):
        before = sql_db.sql_counter
        answers = desk.submit(
            env.registry, desk.ByKey(key, "127.0.0.1"), [lead(first + number) for number in range(BATCH)], "json"
        )
    if any(answer["status"] != "created" for answer in answers):
        raise ValueError(f"Not all leads were made: {answers[0]}")
    return (sql_db.sql_counter - before) / BATCH


print("queries", count(env))  # noqa: F821 (the shell's)
