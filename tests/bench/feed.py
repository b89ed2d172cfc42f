"""Fetches a calendar feed as a calendar program does, beside what Odoo's own calendar reads of the same appointments.

``setup/bench feed`` makes the database and runs this; the bar is that of the specification. Nothing here fails because
something is slow.
"""

import json
import sys
import time

import requests

from tests.bench import report
from tests.bench.board import free_ports
from tests.bench.feed_fill import LOGIN, PARAMETER
from tests.bench.options import read_options
from tests.bench.servers import Server, ServerError

WARM_UPS = 2
# What Odoo's calendar asks of each appointment that it shows, all of them at once here.
SHOWN = (
    "name",
    "start",
    "stop",
    "allday",
    "location",
    "description",
    "privacy",
    "show_as",
    "partner_ids",
    "user_id",
    "opportunity_id",
)
MUST = 200


def measure_size(size, options):
    """All figures of one size.

    :return: ``{figure: [ms]}``, ``entries`` and ``bytes``
    """
    database = f"bench-feed-{size}"
    [port] = free_ports(options.port, 1)
    with Server(database, port, options.config, options.logs / f"{database}.log") as server:
        with server.cursor() as cursor:
            cursor.execute("SELECT value FROM ir_config_parameter WHERE key = %s", [PARAMETER])
            address = server.address + cursor.fetchone()[0]
        # without a session, as calendar programs do
        first, answer = fetch(requests, address)
        entries = answer.content.count(b"BEGIN:VEVENT")
        result = {
            "entries": entries,
            "bytes": len(answer.content),
            "first": [first],
            "next": [],
            "same": [],
            "native": [],
        }
        session = server.login(LOGIN)
        for run in range(-WARM_UPS, options.runs):
            taken = {
                "next": fetch(requests, address)[0],
                "same": fetch(requests, address, {"If-None-Match": answer.headers["ETag"]}, 304)[0],
                "native": read_natively(session),
            }
            for figure, took in taken.items() if run >= 0 else ():
                result[figure].append(took)
    return result


def fetch(client, address, headers=None, status=200):
    started = time.perf_counter()
    answer = client.get(address, headers=headers, timeout=60)
    took = (time.perf_counter() - started) * 1000
    if answer.status_code != status:
        raise ServerError(f"The feed answers {answer.status_code} in place of {status}.")
    return took, answer


def read_natively(session):
    started = time.perf_counter()
    session.ask("calendar.event", "search_read", [], list(SHOWN))
    return (time.perf_counter() - started) * 1000


def markdown(result):
    """What was measured, to be read and pasted."""
    lines = [
        f"Commit {result['commit']}, {result['date']}: Odoo {result['odoo']}, {result['postgresql']}, "
        f"{result['machine']}; median of {result['runs']} (range).",
        "",
        "| | ms | must |",
        "|---|---|---|",
    ]
    titles = {
        "first": "the first request after the server's start",
        "next": "the next ones",
        "same": "one that has what would be sent (304)",
        "native": "Odoo's own calendar reading the appointments of it (`search_read`)",
    }
    for measured in result["sizes"].values():
        lines.append(f"| **{measured['entries']:,} entries, {measured['bytes'] / 1e6:.1f} MB** | | |")
        lines += [
            f"| {title} | {report.spread(measured[figure])} | {f'≤ {MUST}' if figure == 'next' else ''} |"
            for figure, title in titles.items()
        ]
    return "\n".join(lines)


def main():
    options = read_options("feed", __doc__)
    result = {**report.circumstances("crm_calendar_feed"), "runs": options.runs, "sizes": {}}
    for size in sorted(options.sizes):
        result["sizes"][str(size)] = measure_size(size, options)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(result, indent=1))
    print(markdown(result))


if __name__ == "__main__":
    try:
        main()
    except ServerError as error:
        sys.exit(f"setup: {error}")
