"""What a batch of 1,000 leads asks of the database, in process: a line "asked" and JSON, see ``intake.explain``.

Run by ``setup/odoo shell``, which provides ``env``.
"""

import json
import threading

from odoo import sql_db
from odoo.tools import SQL

from odoo.addons.crm_leadintake.tools import desk

from tests.bench.intake_bodies import lead

BATCH = 1_000
FIRST = 30_000_000  # numbers that no client of the benchmark sends


def hand_in(env, name, first):
    """Hand in a batch to a source."""
    key = json.loads(env["ir.config_parameter"].get_param("bench.intake"))[name]
    records = [lead(first + number) for number in range(BATCH)]
    answers = desk.submit(env.registry, desk.ByKey(key, "127.0.0.1"), records, "json")
    if any(answer["status"] != "created" for answer in answers):
        raise ValueError(f"Not all leads were made: {answers[0]}")


def count(env):
    """Queries per lead; the first batch warms up."""
    hand_in(env, "now", FIRST)
    before = sql_db.sql_counter
    hand_in(env, "now", FIRST + BATCH)
    return (sql_db.sql_counter - before) / BATCH


def plans(env):
    """How PostgreSQL looks for duplicates of a batch by all four rules: as text, with the milliseconds that it took."""
    found, thread = [], threading.current_thread()

    def note(cr, query, params, start, delay):
        if "LATERAL" in query:
            thread.query_hooks = ()
            found.append(explain(cr, query, params))
            thread.query_hooks = (note,)

    thread.query_hooks = (note,)
    hand_in(env, "all", FIRST + 2 * BATCH)
    thread.query_hooks = ()
    return found


def explain(cr, query, params):
    cr.execute(SQL("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) %s", SQL(query, *params)))
    return "\n".join(line for (line,) in cr.fetchall())


print("asked", json.dumps({"queries": count(env), "plans": plans(env)}))  # noqa: F821 (the shell's)
