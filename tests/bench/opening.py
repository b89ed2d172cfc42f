"""What opening a kanban and moving a card on it ask of the server, and when it is seen.

A request belongs to the *view* if it asks for its data (a call of a model's method, except for the definition of the
view itself) or for an image within it. All others are the start of the web client, the same with and without a board:
the page, scripts and styles, menus, translations, actions, views, and what the messaging system asks.
"""

import json
import pathlib
from urllib.parse import urlsplit

from tests.bench.chromium import BrowserError

CALLS = ("/web/dataset/call_kw/", "/web/dataset/call_button/")
DRAG_STEPS = 6
# Where a card is taken: beside everything that can be clicked on it.
PLACES = pathlib.Path(__file__).with_name("places.js").read_text()


def is_call(request):
    return request["method"] == "POST" and any(part in request["url"] for part in CALLS) and not _is_definition(request)


def _is_definition(request):
    return request["url"].endswith(("/get_views", "/get_view"))


def open_view(browser, address):
    """Open the page, and wait until it rests.

    :return: milliseconds since the page was asked for, numbers of requests, and ``calls``: the requests of the view for
        data, as they can be sent again
    """
    browser.open(address)
    browser.wait_until("window.bench && bench.firstCard !== null", 150, f"a card on {address}")
    browser.wait_until_quiet()
    shown = set(browser.evaluate("bench.images()"))
    calls = [request for request in browser.requests if is_call(request)]
    images = [request for request in browser.requests if request["type"] == "Image" and request["url"] in shown]
    # What the browser has kept is not asked of the server.
    images = [request for request in images if not request["cached"]]
    asked = [request for request in browser.requests if not request["cached"]]
    return {
        "first_paint": browser.evaluate("bench.firstPaint()"),
        "data_start": browser.evaluate(f"bench.startOf({json.dumps([call['url'] for call in calls])})"),
        "first_card": browser.evaluate("bench.firstCard"),
        "last_paint": browser.evaluate("bench.lastChange"),
        "cards": browser.evaluate("bench.cards()"),
        "requests": len(calls) + len(images),
        "boot_requests": len(asked) - len(calls) - len(images),
        "calls": [{"path": urlsplit(call["url"]).path, "body": call["body"]} for call in calls],
    }


def move_card(browser):
    """Drag the first card of the first column to the top of the second one, with the mouse.

    :return: ``answered`` and ``totals``: milliseconds from letting go until the last answer was there, and until the
        heads of the columns had stopped changing; ``id`` of the project
    :raise BrowserError: nothing was saved, or the heads are the same as before
    """
    places = browser.evaluate(PLACES)
    start, end = places["card"], places["target"]
    before = browser.evaluate("bench.heads()")
    browser.forget()
    browser.mouse("mouseMoved", *start, pressed=False)
    browser.mouse("mousePressed", *start)
    for step in range(1, DRAG_STEPS + 1):
        browser.mouse("mouseMoved", *(a + (b - a) * step / DRAG_STEPS for a, b in zip(start, end, strict=True)))
        browser.pump(0.03)
    browser.wait_until("document.querySelector('.o_kanban_group.o_kanban_hover')", 10, "the card over a column", 0.05)
    browser.mouse("mouseReleased", *end, pressed=False)
    browser.pump(0.3)
    browser.wait_until_quiet()
    if browser.evaluate("bench.heads()") == before:
        raise BrowserError("The card was dropped, and the columns say the same as before.")
    return {**browser.evaluate("bench.sinceDrop()"), "id": _saved_id(browser.requests)}


def _saved_id(requests):
    for request in filter(is_call, requests):
        params = json.loads(request["body"])["params"]
        if params["model"] == "crm.lead" and params["method"] in ("web_save", "write"):
            return params["args"][0][0]
    raise BrowserError("The card was dropped, and nothing was saved.")
