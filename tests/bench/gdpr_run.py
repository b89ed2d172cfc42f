"""What is measured in a copy of a database, within ``setup/odoo shell``, which provides ``env``."""

import contextlib
import json
import os
import pathlib
import threading
import time

from odoo import sql_db
from odoo.tools import SQL

from tests.bench.gdpr_names import OFFICER, PARAMETER

# what is written of a contact alone: what the addon empties of it unless the company chose otherwise
WRITTEN = {
    "name": "Anonymised contact",
    **dict.fromkeys(
        ("email", "phone", "street", "street2", "zip", "city", "state_id", "vat", "ref", "website", "comment"), False
    ),
}
WARM_UPS = 20
SLOWEST = 8
TICKS = os.sysconf("SC_CLK_TCK")
STATUS = pathlib.Path("/proc/self/status")


def tell(figures):
    print("measured", json.dumps(figures))


# ------------------------------------------------------------
# Anonymising
# ------------------------------------------------------------


def anonymise(env, ours_first=False):
    """Write the contacts of one group, and anonymise the persons of the other one.

    :return: ``{"baseline": figures, "preview": …, "carry_out": …, "persons": number, "rows": per person}``
    """
    chosen = json.loads(env["ir.config_parameter"].get_param(PARAMETER))
    request = make_request(env, chosen["ours"])
    warm_up(env, chosen)
    figures = {}
    steps = [
        lambda: figures.update(baseline=measured(env, lambda: write_contacts(env, chosen["native"]))),
        lambda: figures.update(anonymise_all(env, request)),
    ]
    for step in reversed(steps) if ours_first else steps:
        step()
    return figures | {"persons": len(chosen["ours"])}


def make_request(env, ids):
    officer = env["res.users"].search([("login", "=", OFFICER)])
    request = env(user=officer.id)["crm.gdpr.request"]._make(env["res.partner"].with_user(officer).browse(ids))
    env.cr.commit()
    return request


def warm_up(env, chosen):
    """A few of both, undone: what a server does once is not what a person takes."""
    with contextlib.closing(env.cr.savepoint()) as savepoint:
        write_contacts(env, chosen["native"][:WARM_UPS])
        make_lines(env, chosen["ours"][:WARM_UPS])._rehearse()
        savepoint.rollback()
    env.invalidate_all(flush=False)
    env.cr.rollback()


def make_lines(env, ids):
    request = env["crm.gdpr.request"].create({})
    return env["crm.gdpr.request.line"].create([{"request_id": request.id, "partner_id": id_} for id_ in ids])


def write_contacts(env, ids):
    """What Odoo itself does of it: write the fields of the contact, one contact after the other."""
    for partner in env["res.partner"].browse(ids):
        partner.write(WRITTEN)
        env.flush_all()


def anonymise_all(env, request):
    """Preview a request, and have the job carry it out; the search for remains afterwards is measured by itself."""
    figures = {"preview": measured(env, request.action_preview)}
    request.action_carry_out()
    env.cr.commit()
    job = env["crm.gdpr.request"]
    identities, search = {}, type(job)._search_remains
    type(job)._search_remains = lambda _self, told: identities.update(told)
    figures["carry_out"] = measured(env, job._cron_carry_out)
    type(job)._search_remains = search
    check_done(request)
    figures["rows"] = count_rows(request)
    return figures


def check_done(request):
    """
    :raise ValueError: somebody was not anonymised
    """
    request.invalidate_recordset()
    states = request.line_ids.mapped("state")
    if request.state != "done" or set(states) != {"done"}:
        raise ValueError(f"Not all persons were anonymised: {request.state}, {sorted(set(states))}")


def count_rows(request):
    """Rows that were deleted or changed, per person."""
    told = [row for line in request.line_ids for row in line.counts]
    return {
        what: sum(number for _model, done, _why, number in told if done == what) / len(request.line_ids)
        for what in ("deleted", "changed", "kept")
    }


# ------------------------------------------------------------
# Measuring
# ------------------------------------------------------------


def measured(env, function):
    """What a call takes until it is committed.

    :return: ``{"seconds", "cpu": seconds of Odoo and PostgreSQL together, "queries"}``
    """
    queries, cpu, started = sql_db.sql_counter, spent(env), time.perf_counter()
    function()
    env.cr.commit()
    return {
        "seconds": time.perf_counter() - started,
        "cpu": spent(env) - cpu,
        "queries": sql_db.sql_counter - queries,
    }


def spent(env):
    """Seconds that this process and its session of PostgreSQL have used of a processor."""
    env.cr.execute("SELECT pg_backend_pid()")
    told = pathlib.Path(f"/proc/{env.cr.fetchone()[0]}/stat")
    session = told.read_text().rpartition(")")[2].split() if told.exists() else None  # a server on another machine
    return time.process_time() + (int(session[11]) + int(session[12])) / TICKS if session else time.process_time()
