"""What is measured in a copy of a database, within ``setup/odoo shell``, which provides ``env``."""

import contextlib
import json
import os
import pathlib
import re
import threading
import time

from odoo import sql_db

from odoo.addons.crm_gdpr.engine.residue import scan
from odoo.addons.crm_gdpr.tools.matching import Crowd

from tests.bench.gdpr_names import OFFICER, PARAMETER

# what is written of a contact alone: what the addon empties of it unless the company chose otherwise
WRITTEN = {
    "name": "Anonymised contact",
    **dict.fromkeys(
        ("email", "phone", "street", "street2", "zip", "city", "state_id", "vat", "ref", "website", "comment"), False
    ),
}
WARM_UPS = 20
LARGE = 10_000  # rows
EXPLAINED = ("SELECT", "WITH", "UPDATE", "DELETE", "INSERT")
SHARED = ("complete_name", "user_id", "country_id", "category_id")
# as many fields, of the same kinds but for what only ours has
LISTS = {
    "native": ((*SHARED, "email", "phone", "city"), ""),
    "ours": ((*SHARED, "dealing_age", "last_dealing_date", "last_dealing_kind"), "last_dealing_date, id"),
}
READ_AS = dict.fromkeys(("user_id", "country_id", "category_id"), {"fields": {"display_name": {}}})
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


def as_officer(env):
    return env(user=env["res.users"].search([("login", "=", OFFICER)]).id)


def make_request(env, ids):
    officer = as_officer(env)
    request = officer["crm.gdpr.request"]._make(officer["res.partner"].browse(ids))
    env.cr.commit()
    return request


def warm_up(env, chosen):
    """A few of both, undone: what a server does once is not what a person takes."""
    with contextlib.closing(env.cr.savepoint()) as savepoint:
        write_contacts(env, chosen["native"][:WARM_UPS])
        make_lines(as_officer(env), chosen["ours"][:WARM_UPS])._rehearse()
        savepoint.rollback()
    env.invalidate_all(flush=False)
    env.cr.rollback()


def make_lines(env, ids):
    return env["crm.gdpr.request"]._make(env["res.partner"].browse(ids)).sudo().line_ids


def write_contacts(env, ids):
    """What Odoo itself does of it: write the fields of the contact, one contact after the other."""
    for partner in env["res.partner"].browse(ids):
        partner.write(WRITTEN)
        env.flush_all()


def preview(env, request):
    """As an officer does, and the job for her where there are many."""
    request.action_preview()
    if request.state == "previewing":
        env.cr.commit()
        env["crm.gdpr.request"]._cron_preview()
        env.invalidate_all()


def anonymise_all(env, request):
    """Preview a request, and have the job carry it out; the search for remains afterwards is measured by itself."""
    figures = {"preview": measured(env, lambda: preview(env, request))}
    request.action_carry_out()
    env.cr.commit()
    with noted_identities(env):
        figures["carry_out"] = measured(env, env["crm.gdpr.request"]._cron_carry_out)
    check_done(request)
    figures["rows"] = count_rows(request)
    return figures


@contextlib.contextmanager
def noted_identities(env):
    """Who the persons were, instead of the search for what is left of them."""
    identities, model = {}, type(env["crm.gdpr.request"])
    search = model._search_remains
    model._search_remains = lambda _self, told: identities.update(told)
    try:
        yield identities
    finally:
        model._search_remains = search


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
# Ages
# ------------------------------------------------------------


def ages(env, runs):
    """The oldest contacts beside the first ones of an ordinary list, in turn; and all ages anew.

    :return: ``{"native": [seconds], "ours": […], "rebuild": {"seconds", "parts", "longest", "contacts"}}``
    """
    officer = as_officer(env)
    taken = {side: [] for side in LISTS}
    for run in range(-1, runs):
        for side, (fields, order) in LISTS.items():
            seconds = read_list(officer, fields, order)
            if run >= 0:
                taken[side].append(seconds)
    return taken | {"rebuild": rebuild(env)}


def read_list(env, fields, order):
    env.invalidate_all()
    started = time.perf_counter()
    env["res.partner"].web_search_read(
        [], {name: READ_AS.get(name, {}) for name in fields}, limit=80, order=order, count_limit=10_001
    )
    return time.perf_counter() - started


def rebuild(env):
    """Date every contact as if none had been, in the parts that the job commits."""
    env.cr.execute("UPDATE res_partner SET last_dealing_date = NULL, last_dealing_kind = NULL")
    pending = env["crm.gdpr.dealing.pending"]
    pending._add_all()
    env.cr.commit()
    parts = []
    while True:
        started = time.perf_counter()
        done = pending._date_batch()
        env.cr.commit()
        if not done:
            break
        parts.append(time.perf_counter() - started)
    env.cr.execute("SELECT count(*) FROM res_partner WHERE last_dealing_date IS NOT NULL")
    return {"seconds": sum(parts), "parts": len(parts), "longest": max(parts), "contacts": env.cr.fetchone()[0]}


# ------------------------------------------------------------
# Plans
# ------------------------------------------------------------


def plans(env):
    """Which statements of a rehearsal would read the whole of a large table.

    :return: ``[{"table", "rows", "query"}]``
    """
    env.cr.execute(
        "SELECT relname, reltuples::bigint FROM pg_class WHERE relkind = 'r' AND reltuples > %s"
        " AND relnamespace = current_schema::regnamespace",
        (LARGE,),
    )
    large, found, thread = dict(env.cr.fetchall()), {}, threading.current_thread()
    chosen = json.loads(env["ir.config_parameter"].get_param(PARAMETER))["ours"]
    lines = make_lines(as_officer(env), chosen[:WARM_UPS])

    def note(cr, query, params, _start, _delay):
        # another cursor of the same transaction: the answer to the statement is still to be fetched
        with cr._cnx.cursor() as other:
            statement = other.mogrify(query, params).decode()
            if statement.split(None, 1)[0].upper() not in EXPLAINED:
                return
            other.execute(f"EXPLAIN (FORMAT JSON) {statement}")
            for table in scanned(other.fetchone()[0][0]["Plan"]):
                if table in large:
                    found.setdefault((table, str(query)[:400]), large[table])

    thread.query_hooks = (note,)
    try:
        lines._rehearse()
    finally:
        thread.query_hooks = ()
    return [{"table": table, "rows": rows, "query": query} for (table, query), rows in found.items()]


def scanned(plan):
    """The tables that a plan reads from one end to the other."""
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from scanned(part)


# ------------------------------------------------------------
# Remains
# ------------------------------------------------------------


def residue(env):
    """The search of everything for what is left of the persons, after they were anonymised.

    :return: ``{"seconds", "cpu", "queries", "memory": MB, "rows", "files", "persons"}``
    """
    chosen = json.loads(env["ir.config_parameter"].get_param(PARAMETER))["ours"]
    request = make_request(env, chosen)
    preview(env, request)
    request.action_carry_out()
    env.cr.commit()
    with noted_identities(env) as identities:
        env["crm.gdpr.request"]._cron_carry_out()
    env.invalidate_all()
    before = peak(anew=True)
    search = scan(env.cr, Crowd(identities), filestore=env["ir.attachment"]._filestore())
    figures = measured(env, lambda: list(search))
    return figures | {
        "memory": peak() - before,
        "rows": search.rows,
        "files": search.files,
        "persons": len(identities),
    }


def peak(anew=False):
    """The most memory that this process has held, in MB."""
    if anew:
        pathlib.Path("/proc/self/clear_refs").write_text("5")
    return int(re.search(r"VmHWM:\s+(\d+) kB", STATUS.read_text())[1]) / 1024


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
