"""Opens the native pipeline and the Sales Board on the same projects, in turn, and prints how they compare.

``setup/bench board`` makes the databases and runs this; the bars are those of the specification. Nothing here fails
because something is slow: it ends with an error only if the two sides do not count the same projects and sums.
"""

import contextlib
import json
import socket
import sys

from odoo.tools import SQL

from tests.bench import report
from tests.bench.chromium import Browser, BrowserError
from tests.bench.opening import move_card, open_view
from tests.bench.options import read_options
from tests.bench.servers import Server, ServerError

SIDES = ("native", "ours")
SELLER, MANAGER = "seller1", "manager"
THIS_QUARTER = {"unit": "quarter", "offset": 0}
# What is opened: side, who, page, and on the board the period.
OPENINGS = {
    ("native", "own"): (SELLER, "/odoo/crm", None),
    ("native", "all"): (MANAGER, "/odoo/bench-all", None),
    ("ours", "quarter"): (SELLER, "/odoo/sales-board", THIS_QUARTER),
    ("ours", "own"): (SELLER, "/odoo/sales-board", None),
    ("ours", "all"): (MANAGER, "/odoo/sales-board", None),
}
# What is measured over HTTP: the figure, and which opening stands for it on each side.
SERVER_FIGURES = {
    "server_quarter": {"native": "own", "ours": "quarter"},
    "server_own": {"native": "own", "ours": "own"},
    "server_all": {"native": "all", "ours": "all"},
}
# What is measured in Chromium, on both sides with the salesperson's own projects of all dates.
BROWSER_FIGURES = ("first_paint", "data_start", "first_card", "last_paint", "cards", "requests", "boot_requests")
MOVE_FIGURES = ("answered", "totals")
WARM_UPS = 2


class Side:
    """One of the two: its server, its browser, and the sessions in them."""

    def __init__(self, name, server, browser):
        self.name = name
        self.server = server
        self.browser = browser
        self.sessions = {login: server.login(login) for login in (SELLER, MANAGER)}

    def open(self, what):
        """Open a page in Chromium. See :func:`open_view` for what it returns."""
        login, path, period = OPENINGS[self.name, what]
        session = self.sessions[login]
        if self.name == "ours":
            self._remember_period(session, period)
        self.browser.set_cookie("session_id", session.session_id, self.server.address)
        return open_view(self.browser, self.server.address + path)

    def _remember_period(self, session, period):
        """As if the user had chosen it in the bar of the board."""
        session.get(f"{self.server.address}/odoo")  # makes the settings of a new user
        settings = session.ask("res.users.settings", "search", [])
        session.ask("res.users.settings", "write", settings, {"salesboard_period": json.dumps(period)})

    def replay(self, what, calls):
        """Send what the page asked for when it was opened, one after the other.

        :return: milliseconds of all together
        """
        session = self.sessions[OPENINGS[self.name, what][0]]
        return sum(session.resend(call["path"], call["body"])[1] for call in calls)

    def figures(self):
        """How many projects and what sums there are, as a salesperson and as the manager count them."""
        domain = [["board_column_id", "!=", False]] if self.name == "ours" else [["type", "=", "opportunity"]]
        aggregates = ["__count", "expected_revenue:sum", "prorated_revenue:sum"]
        return {
            login: {
                group["won_status"]: [round(group[name], 2) for name in aggregates]
                for group in session.ask(
                    "crm.lead",
                    "formatted_read_group",
                    domain,
                    ["won_status"],
                    aggregates,
                    context={"active_test": False},
                )
            }
            for login, session in self.sessions.items()
        }


def check_same(native, ours, before=None):
    """Both sides must count the same before they are compared, and afterwards what they counted ``before``.

    :return: these figures
    :raise ServerError: they do not
    """
    figures = {side.server.database: side.figures() for side in (native, ours)}
    expected = before or figures[native.server.database]
    if any(counted != expected for counted in figures.values()):
        raise ServerError(f"The two do not count the same projects: {figures}. Make both anew with --fresh.")
    return expected


# ------------------------------------------------------------
# Moves
# ------------------------------------------------------------


@contextlib.contextmanager
def moves_taken_back(server):
    """Put the salesperson's projects back to what they were: the next run measures the same data.

    Yields a function that does it for one project.
    """
    with server.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_before")
        cursor.execute(
            "CREATE UNLOGGED TABLE bench_before AS SELECT lead.* FROM crm_lead lead"
            " JOIN res_users ON res_users.id = lead.user_id WHERE res_users.login = %s",
            [SELLER],
        )
        cursor.execute("CREATE INDEX ON bench_before (id)")
        cursor.execute("SELECT max(id) FROM mail_message")
        (last_message,) = cursor.fetchone()
        last_move = _last_move(cursor)
    try:
        yield lambda lead_id: _take_back(server, lead_id, last_message, last_move)
    finally:
        with server.cursor() as cursor:
            cursor.execute("DROP TABLE bench_before")


def _last_move(cursor):
    """The id of the last move, None in a database without our addons."""
    cursor.execute("SELECT to_regclass('crm_lead_move')")
    if not cursor.fetchone()[0]:
        return None
    cursor.execute("SELECT COALESCE(max(id), 0) FROM crm_lead_move")
    return cursor.fetchone()[0]


def _take_back(server, lead_id, last_message, last_move):
    with server.cursor() as cursor:
        cursor.execute("SELECT * FROM bench_before LIMIT 0")
        columns = SQL(", ").join(SQL.identifier(column.name) for column in cursor.description)
        back = SQL(
            "UPDATE crm_lead SET (%s) = (SELECT %s FROM bench_before old WHERE old.id = crm_lead.id) WHERE id = %s",
            columns,
            columns,
            lead_id,
        )
        cursor.execute(back.code, back.params)
        cursor.execute(
            "DELETE FROM mail_message WHERE model = 'crm.lead' AND res_id = %s AND id > %s", [lead_id, last_message]
        )
        if last_move is not None:
            cursor.execute("DELETE FROM crm_lead_move WHERE lead_id = %s AND id > %s", [lead_id, last_move])


# ------------------------------------------------------------
# Measuring
# ------------------------------------------------------------


def measure(sides, runs, say):
    """All figures of one size, the two sides in turn.

    :param dict sides: ``{name: Side}``
    :return: ``{figure: {side: [values]}}``, and ``{side: {opening: methods that were called}}``
    """
    say("recording what each page asks for")
    calls = {(side, what): sides[side].open(what)["calls"] for side, what in OPENINGS}
    figures = measure_server(sides, calls, runs, say)
    figures |= measure_browser(sides, runs, say)
    methods = {
        side: {what: [call["path"].rpartition("/")[2] for call in calls[side, what]] for what in whats}
        for side, whats in {side: [what for name, what in OPENINGS if name == side] for side in SIDES}.items()
    }
    return figures, methods


def measure_server(sides, calls, runs, say):
    """Milliseconds over HTTP, from the first byte sent to the last one read, of all that a page asks for."""
    for side in sides.values():
        side.browser.open("about:blank")
    taken = {opening: [] for opening in OPENINGS}
    for run in range(-WARM_UPS, runs):
        say(f"over HTTP, run {run + 1} of {runs}" if run >= 0 else "over HTTP, warming up")
        for side, what in OPENINGS:
            took = sides[side].replay(what, calls[side, what])
            if run >= 0:
                taken[side, what].append(took)
    return {name: {side: taken[side, what] for side, what in whats.items()} for name, whats in SERVER_FIGURES.items()}


def measure_browser(sides, runs, say):
    """What is seen in Chromium, with all that the browser keeps from the time before."""
    figures = {name: {side: [] for side in SIDES} for name in (*BROWSER_FIGURES, *MOVE_FIGURES)}
    with contextlib.ExitStack() as stack:
        take_back = {name: stack.enter_context(moves_taken_back(side.server)) for name, side in sides.items()}
        for run in range(-1, runs):
            say(f"in Chromium, run {run + 1} of {runs}" if run >= 0 else "in Chromium, warming up")
            for name, side in sides.items():
                values = side.open("own")
                moved = move_card(side.browser)
                side.browser.open("about:blank")
                take_back[name](moved["id"])
                if run >= 0:
                    for figure in BROWSER_FIGURES:
                        figures[figure][name].append(values[figure])
                    for figure in MOVE_FIGURES:
                        figures[figure][name].append(moved[figure])
    return figures


def measure_size(size, options):
    """Start both servers on the databases of one size, and measure.

    :return: ``{"figures", "calls", "counted"}``
    """

    def say(text):
        print(f"    {size:,} projects: {text}", file=sys.stderr, flush=True)

    with contextlib.ExitStack() as stack:
        ports = free_ports(options.port, len(SIDES))
        sides = {}
        for name, port in zip(SIDES, ports, strict=True):
            log = options.logs / f"bench-{name}-{size}-server.log"
            server = stack.enter_context(Server(f"bench-{name}-{size}", port, options.config, log))
            sides[name] = Side(name, server, stack.enter_context(Browser()))
        counted = check_same(sides["native"], sides["ours"])
        figures, calls = measure(sides, options.runs, say)
        check_same(sides["native"], sides["ours"], counted)
    return {"figures": figures, "calls": calls, "counted": counted}


def free_ports(first, number):
    """The next ports from ``first`` on that nobody listens on."""
    ports = []
    for port in range(first, first + 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            ports.append(port)
        if len(ports) == number:
            return ports
    raise ServerError(f"No free port from {first} on: choose others with --port.")


def main():
    options = read_options("board", __doc__)
    result = {**report.circumstances(), "runs": options.runs, "sizes": {}}
    for size in options.sizes:
        result["sizes"][str(size)] = measure_size(size, options)
        # After each size, as a long run may be broken off.
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(json.dumps(result, indent=1))
    print(report.markdown(result))


if __name__ == "__main__":
    try:
        main()
    except (ServerError, BrowserError) as error:
        sys.exit(f"setup: {error}")
