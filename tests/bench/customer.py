"""Opens Odoo's own form of a customer and the customer's page, in turn, and prints how they compare.

``setup/bench customer`` makes the databases and runs this; the bars are those of the specification. Nothing here fails
because something is slow.
"""

import contextlib
import json
import re
import subprocess
import sys
from urllib.parse import urlsplit

from tests.bench import customer_report, report
from tests.bench.board import free_ports
from tests.bench.chromium import Browser, BrowserError
from tests.bench.opening import is_call
from tests.bench.options import read_options
from tests.bench.servers import Server, ServerError

SIDES = ("native", "ours")
LOGIN = "manager"
PAGES = {"native": "/odoo/res.partner/%s", "ours": "/odoo/customer/%s"}
SHOWN = {"native": ".o-mail-Thread .o-mail-Message", "ours": ".o_crm_customer_block .o_crm_block_line"}
# What the chatter of a form asks for, beside the calls of the form itself.
CHATTER = ("/mail/thread/messages", "/mail/data", "/mail/thread/recipients")
WARM_UPS = 2
COUNTED = """
from odoo import api
user = env["res.users"].search([("login", "=", %(login)r)])
env = api.Environment(env.cr, user.id, {"allowed_company_ids": user.company_ids.ids, "lang": "en_US"})
page, customer = env["crm.customer.page"], %(customer)d
page.get_page(customer)
env.invalidate_all()
before = env.cr.sql_log_count
page.get_page(customer)
print("counted", env.cr.sql_log_count - before)
"""


class Side:
    """One of the two: its server, its browser, the session, and the customer that is looked at."""

    def __init__(self, name, server, browser):
        self.name, self.server, self.browser = name, server, browser
        self.session = server.login(LOGIN)
        with server.cursor() as cursor:
            cursor.execute("SELECT value FROM ir_config_parameter WHERE key = 'bench.customer'")
            self.customer = int(cursor.fetchone()[0])

    def open(self):
        """Open the page in Chromium.

        :return: the requests for data of the customer, as they can be sent again
        """
        self.browser.set_cookie("session_id", self.session.session_id, self.server.address)
        self.browser.open(self.server.address + PAGES[self.name] % self.customer)
        shown = f"document.querySelector({json.dumps(SHOWN[self.name])}) !== null"
        self.browser.wait_until(shown, 150, f"the customer of {self.name}")
        self.browser.wait_until_quiet()
        calls = [request for request in self.browser.requests if self._is_asked_for(request)]
        return [{"path": urlsplit(call["url"]).path, "body": call["body"]} for call in calls]

    def _is_asked_for(self, request):
        path = urlsplit(request["url"]).path
        if path in CHATTER:
            # The client's own start asks there as well, for no record.
            return f'"thread_id":{self.customer}' in request["body"].replace(" ", "")
        return is_call(request) and any(name in path for name in ("/res.partner/", "/crm.customer.page/"))

    def replay(self, calls):
        """Send what the page asked for when it was opened, one after the other.

        :return: milliseconds of all together
        """
        return sum(self.session.resend(call["path"], call["body"])[1] for call in calls)


def measure_size(size, options):
    """All figures of one size.

    :return: ``{"server": {side: [ms]}, "calls": {side: [paths]}, "queries": number}``
    """

    def say(text):
        print(f"    {size:,} records: {text}", file=sys.stderr, flush=True)

    with contextlib.ExitStack() as stack:
        sides = {}
        for name, port in zip(SIDES, free_ports(options.port, 2), strict=True):
            log = options.logs / f"bench-customer-{name}-{size}.log"
            server = stack.enter_context(Server(f"bench-customer-{name}-{size}", port, options.config, log))
            sides[name] = Side(name, server, stack.enter_context(Browser()))
        say("recording what each page asks for")
        calls = {name: side.open() for name, side in sides.items()}
        taken = {name: [] for name in SIDES}
        for run in range(-WARM_UPS, options.runs):
            say(f"run {run + 1} of {options.runs}" if run >= 0 else "warming up")
            for name, side in sides.items():
                took = side.replay(calls[name])
                if run >= 0:
                    taken[name].append(took)
        queries = count_queries(sides["ours"], options)
    return {
        "server": taken,
        "calls": {name: [call["path"] for call in made] for name, made in calls.items()},
        "queries": queries,
    }


def count_queries(side, options):
    """What the page asks of the database, counted in a process of its own."""
    command = [sys.executable, "-m", "odoo", "shell", "-c", str(options.config), "-d", side.server.database]
    script = COUNTED % {"login": LOGIN, "customer": side.customer}
    done = subprocess.run(
        [*command, "--no-http", "--log-level", "error"], input=script, capture_output=True, text=True, check=False
    )
    found = re.search(r"^counted (\d+)$", done.stdout, re.MULTILINE)
    if not found:
        raise ServerError(f"The queries cannot be counted: {(done.stdout + done.stderr)[-1000:]}")
    return int(found[1])


def main():
    options = read_options("customer", __doc__)
    result = {**report.circumstances("crm_salesboard"), "runs": options.runs, "sizes": {}}
    for size in sorted(options.sizes):
        result["sizes"][str(size)] = measure_size(size, options)
        # After each size, as a long run may be broken off.
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(json.dumps(result, indent=1))
    print(customer_report.markdown(result))


if __name__ == "__main__":
    try:
        main()
    except (ServerError, BrowserError) as error:
        sys.exit(f"setup: {error}")
