"""Asks for the funnel, and opens each dashboard, on the projects of the board, beside Odoo's own graph of them.

``setup/bench dashboard`` makes the databases and runs this; the bar is that of the specification. Nothing here fails
because something is slow: it ends with an error only if the two sides do not count the same projects.
"""

import contextlib
import datetime
import json
import sys
from statistics import median
from urllib.parse import urlsplit

from tests.bench import report
from tests.bench.board import MANAGER, SELLER, SIDES, free_ports
from tests.bench.chromium import Browser, BrowserError
from tests.bench.opening import is_call
from tests.bench.options import read_options
from tests.bench.servers import Server, ServerError

WARM_UPS = 2
# Of the server time to open a dashboard.
BAR = report.Row("dashboard", "", 3000, None, report.MILLION, True)
ALL_DATES = []
DASHBOARD = "document.querySelector('.o-grid, .o_mobile_dashboard') !== null"
TITLES = {
    "graph": "Odoo's graph by stage, number and value, all (manager)",
    "graph_own": "the same, own (salesperson)",
    "funnel": "funnel, all dates, all (manager)",
    "funnel_quarter": "funnel, came in within 90 days, all (manager)",
    "funnel_own": "funnel, all dates, own (salesperson)",
    "funnel_own_quarter": "funnel, came in within 90 days, own (salesperson)",
    "days": "median days in each column, all dates, all (manager)",
    "days_quarter": "median days in each column, came in within 90 days, all (manager)",
}


def lately():
    """What came in within 90 days."""
    return [["funnel_date", ">=", str(datetime.date.today() - datetime.timedelta(days=90))]]


def calls(sessions):
    """What is measured without a browser: ``{figure: (session, method, arguments)}``."""
    native, ours = sessions["native"], sessions["ours"]
    graph = ("formatted_read_group", [["type", "=", "opportunity"]], ["stage_id"], ["__count", "expected_revenue:sum"])
    return {
        "graph": (native[MANAGER], *graph),
        "graph_own": (native[SELLER], *graph),
        "funnel": (ours[MANAGER], "get_funnel", ALL_DATES),
        "funnel_quarter": (ours[MANAGER], "get_funnel", lately()),
        "funnel_own": (ours[SELLER], "get_funnel", ALL_DATES),
        "funnel_own_quarter": (ours[SELLER], "get_funnel", lately()),
        "days": (ours[MANAGER], "get_funnel_days", ALL_DATES),
        "days_quarter": (ours[MANAGER], "get_funnel_days", lately()),
    }


def ask(session, method, *arguments):
    """
    :return: the answer, and the milliseconds until it was there
    """
    params = {"model": "crm.lead", "method": method, "args": arguments, "kwargs": {"context": {"active_test": False}}}
    body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
    return session.resend(f"/web/dataset/call_kw/crm.lead/{method}", body)


def check_same(figures):
    """Both sides must count the same projects before they are compared.

    :param dict figures: the answer to each of ``calls``
    :raise ServerError: they do not
    """
    for graph, funnel in (("graph", "funnel"), ("graph_own", "funnel_own")):
        native = sum(group["__count"] for group in figures[graph])
        ours = sum(process["steps"][0]["reached"]["count"] for process in figures[funnel]["processes"])
        if native != ours:
            raise ServerError(f"The two do not count the same: {native} and {ours}. Make both anew with --fresh.")


# ------------------------------------------------------------
# Dashboards
# ------------------------------------------------------------


def dashboards_of(session):
    """Our dashboards that the user may open: ``[(id, name)]``."""
    owners = session.ask(
        "ir.model.data",
        "search_read",
        [["model", "=", "spreadsheet.dashboard"], ["module", "=like", "crm_dashboard%"]],
        ["res_id"],
    )
    domain = [["id", "in", [row["res_id"] for row in owners]]]
    rows = session.ask("spreadsheet.dashboard", "search_read", domain, ["name"])
    return [(row["id"], row["name"]) for row in rows]


def record(browser, server, session, dashboard_id):
    """Open a dashboard in Chromium.

    :return: what it asks the server for, as it can be sent again
    """
    browser.set_cookie("session_id", session.session_id, server.address)
    browser.open(f"{server.address}/odoo/dashboards?dashboard_id={dashboard_id}")
    browser.wait_until(DASHBOARD, 150, f"dashboard {dashboard_id}")
    browser.wait_until_quiet()
    made = [{"path": urlsplit(call["url"]).path, "body": call["body"]} for call in browser.requests if is_call(call)]
    browser.open("about:blank")
    return made


def replay(session, made):
    """
    :return: milliseconds of each request of a dashboard, one after the other
    """
    return [session.resend(call["path"], call["body"])[1] for call in made]


def describe(call):
    """What a request asks for, in the file of all values: which of them takes long is to be found there."""
    params = json.loads(call["body"])["params"]
    asked = {key: value for key, value in params.get("kwargs", {}).items() if key != "context"}
    return {"path": call["path"], "asked": asked}


# ------------------------------------------------------------
# Measuring
# ------------------------------------------------------------


def measure_size(size, options):
    """All figures of one size.

    :return: ``{"figures": {name: [ms]}, "dashboards": {name: [ms]}, "calls": {dashboard: [{"path", "asked", "ms"}]}}``
    """

    def say(text):
        print(f"    {size:,} projects: {text}", file=sys.stderr, flush=True)

    with contextlib.ExitStack() as stack:
        servers = {}
        for side, port in zip(SIDES, free_ports(options.port, len(SIDES)), strict=True):
            log = options.logs / f"bench-dashboard-{side}-{size}.log"
            servers[side] = stack.enter_context(Server(f"bench-{side}-{size}", port, options.config, log))
        logins = (MANAGER, SELLER)
        sessions = {side: {login: server.login(login) for login in logins} for side, server in servers.items()}
        asked = calls(sessions)
        check_same({name: ask(*call)[0] for name, call in asked.items()})
        say("recording what each dashboard asks for")
        # whose external ids tell which dashboards are ours
        manager, admin = sessions["ours"][MANAGER], servers["ours"].login("admin")
        browser = stack.enter_context(Browser())
        made = {
            name: record(browser, servers["ours"], manager, dashboard_id) for dashboard_id, name in dashboards_of(admin)
        }
        figures = {name: [] for name in asked}
        opened = {name: [] for name in made}
        made_calls = {name: [{**describe(call), "ms": []} for call in requests] for name, requests in made.items()}
        for run in range(-WARM_UPS, options.runs):
            say(f"run {run + 1} of {options.runs}" if run >= 0 else "warming up")
            taken = {name: ask(*call)[1] for name, call in asked.items()}
            each = {name: replay(manager, requests) for name, requests in made.items()}
            if run >= 0:
                for name in figures:
                    figures[name].append(taken[name])
                for name, times in each.items():
                    opened[name].append(sum(times))
                    for call, milliseconds in zip(made_calls[name], times, strict=True):
                        call["ms"].append(milliseconds)
    return {"figures": figures, "dashboards": opened, "calls": made_calls}


def markdown(result):
    """What was measured, to be read and pasted."""
    lines = [
        f"Commit {result['commit']}, {result['date']}: Odoo {result['odoo']}, {result['postgresql']}, "
        f"{result['machine']}; median of {result['runs']} (range), over HTTP.",
        "",
    ]
    for size, measured in result["sizes"].items():
        lines += [f"| {int(size):,} projects | ms | must | |", "|---|---|---|---|"]
        lines += [f"| {TITLES[name]} | {report.spread(values)} | | |" for name, values in measured["figures"].items()]
        for name, values in measured["dashboards"].items():
            verdict = report.reached(median(values), BAR, int(size))
            number = len(measured["calls"][name])
            bar = report.bar(BAR.must, BAR)
            lines.append(f"| dashboard {name}, {number} requests | {report.spread(values)} | {bar} | {verdict} |")
        lines.append("")
    lines.append(
        "Odoo's graph is in a database of its own without these addons, with the same projects. *Dashboard*: all calls "
        "for data that it makes in Chromium as a sales manager, with the filters that it opens with, recorded and sent "
        "again one after the other."
    )
    return "\n".join(lines)


def main():
    options = read_options("dashboard", __doc__)
    result = {**report.circumstances("crm_dashboard"), "runs": options.runs, "sizes": {}}
    for size in sorted(options.sizes):
        result["sizes"][str(size)] = measure_size(size, options)
        # After each size, as a long run may be broken off.
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(json.dumps(result, indent=1))
    print(markdown(result))


if __name__ == "__main__":
    try:
        main()
    except (ServerError, BrowserError) as error:
        sys.exit(f"setup: {error}")
