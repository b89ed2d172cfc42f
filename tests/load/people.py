"""People at their boards, as the web client asks for them, and what each of them was told."""

import base64
import hashlib
import random
import re
import threading
import time
import traceback
from dataclasses import dataclass, field
from typing import NamedTuple

import requests

from tests.plugins.server_log import ROOT

AWAY_FILE = ROOT / "crm_salesboard" / "static" / "src" / "database_away" / "database_away.js"


def read_names(constant):
    """The errors that the web client has words of ours for, in a list of its source."""
    [names] = re.findall(rf"^const {constant} = \[(.*?)\];", AWAY_FILE.read_text(), re.MULTILINE | re.DOTALL)
    return frozenset(re.findall(r'"([\w.]+)"', names))


# The database went away in the middle: the web client says to look whether it is there, and do it again if not.
AWAY = read_names("AWAY")
# Others were writing the same: it says that nothing was saved.
BUSY = read_names("BUSY")
SESSION_OVER = "odoo.http.SessionExpiredException"
NO_ROOM = "no room for this file"
TIMEOUT = 120
OPENING = "open the board"
CARD_FIELDS = ("name", "expected_revenue", "probability", "date_deadline", "user_id", "partner_id")


class ConnectionLost(Exception):
    """No answer, or none of Odoo's: the web client says so, and that it is trying to reconnect."""


class Told(Exception):
    """An error that the web client shows.

    :param str name: of the exception
    :param str message: what it says
    """

    def __init__(self, error):
        data = error.get("data", {})
        self.name, self.message = data.get("name", "?"), data.get("message", "")
        super().__init__(f"{self.name}: {self.message}")


class Asked(NamedTuple):
    """A request: when, what for, how many seconds it took, and what was told where it failed."""

    at: float
    what: str
    seconds: float
    failure: str | None


@dataclass
class Card:
    """A project as its owner knows it; after something of which they do not know whether it was done, left alone."""

    id: int
    column: int
    value: float
    moves: list = field(default_factory=list)  # columns that it was moved to
    notes: list = field(default_factory=list)
    files: list = field(default_factory=list)  # names with hashes
    unsure: tuple | None = None  # what it was that may have been done or not: what, and its value


class Person(threading.Thread):
    """A salesperson: opens the board, looks, and does something with one of the own projects.

    :param str address: of the proxy
    :param dict user: of those that ``company_fill.make_people`` made
    :param dict made: all that was made
    """

    def __init__(self, address, database, user, made, seed):
        super().__init__(daemon=True)
        self.address, self.database, self.user, self.made = address, database, user, made
        self.random = random.Random(seed)
        self.cards = [Card(**card) for card in user["cards"]]
        self.asked = []
        self.is_in, self.ending = threading.Event(), threading.Event()
        self.pending_file = None
        self.error = None

    def run(self):
        try:
            self.log_in()
            self.is_in.set()
            while not self.ending.wait(self.random.uniform(1, 5)):
                self.open_board()
                if self.random.random() < 0.5:
                    self.act()
        except Exception:  # noqa: BLE001  whoever started it looks
            self.error = traceback.format_exc()
        self.is_in.set()

    # ------------------------------------------------------------
    # What they do
    # ------------------------------------------------------------

    def open_board(self):
        """All of the own projects, with the sums: they have to be those of the columns."""
        domain = [["user_id", "=", self.user["id"]], ["board_column_id", "!=", False]]
        specification = {name: {} for name in CARD_FIELDS}
        try:
            answer = self.ask(
                OPENING,
                "crm.lead",
                "web_read_group",
                domain,
                ["board_column_id"],
                auto_unfold=True,
                unfold_read_specification=specification,
                unfold_read_default_limit=10,
                context={"active_test": False, "salesboard_owners_domain": domain, "read_group_expand": True},
            )
        except (ConnectionLost, Told):
            self.recover()
            return
        check_board(answer)

    def act(self):
        cards = [card for card in self.cards if not card.unsure]
        if not cards:
            return
        if self.pending_file:
            self.store(*self.pending_file)
            return
        card = self.random.choice(cards)
        self.random.choice([self.move, self.move, self.revalue, self.note, self.attach])(card)

    def move(self, card):
        """Drag the card to another column."""
        columns = [column for column in self.made["columns"] if column["id"] != card.column]
        column = self.random.choice(columns)
        values = {"board_column_id": column["id"]}
        if column["kind"] == "lost":
            values["lost_reason_id"] = self.made["reason"]
        context = {"salesboard_expected_column": card.column}
        if self.attempt(card, ("move", column["id"]), "crm.lead", "write", [card.id], values, context=context):
            card.moves.append(column["id"])
            card.column = column["id"]

    def revalue(self, card):
        value = self.random.randint(1, 99_999)
        if self.attempt(card, ("value", value), "crm.lead", "write", [card.id], {"expected_revenue": value}):
            card.value = value

    def note(self, card):
        text = f"Note {self.random.getrandbits(64):x}"
        if self.attempt(card, ("note", text), "crm.lead", "message_post", [card.id], body=text):
            card.notes.append(text)

    def attach(self, card):
        content = self.random.randbytes(self.random.choice([2, 100, 200, 300]) * 1024)
        self.store(card, f"file-{self.random.getrandbits(64):x}", content)

    def store(self, card, name, content):
        """Attach a file; what there was no room for is tried again the next time."""
        self.pending_file = None
        fingerprint = hashlib.sha1(content).hexdigest()
        values = {"name": name, "res_model": "crm.lead", "res_id": card.id, "datas": base64.b64encode(content).decode()}
        done = self.attempt(card, ("file", (name, fingerprint)), "ir.attachment", "create", [values])
        if done:
            card.files.append((name, fingerprint))
        elif not card.unsure:
            self.pending_file = (card, name, content)

    def attempt(self, card, what, *call, **kwargs):
        """Do something with a card.

        :return: whether it was done; where nobody knows, the card is ``unsure``
        """
        try:
            self.ask(what[0], *call, **kwargs)
        except ConnectionLost:
            card.unsure = what
        except Told as told:
            if told.name in AWAY:
                card.unsure = what
        else:
            return True
        self.recover()
        return False

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    def ask(self, what, model, method, *args, **kwargs):
        """Call a method of a model as the web client does."""
        params = {"model": model, "method": method, "args": list(args), "kwargs": kwargs}
        started, failure = time.monotonic(), None
        try:
            return self.send(f"/web/dataset/call_kw/{model}/{method}", params)
        except ConnectionLost:
            failure = "connection lost"
            raise
        except Told as told:
            failure = NO_ROOM if NO_ROOM in told.message else told.name
            raise
        finally:
            self.asked.append(Asked(started, what, time.monotonic() - started, failure))

    def send(self, path, params):
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        try:
            answer = self.session.post(self.address + path, json=body, timeout=TIMEOUT)
            content = answer.json()
        # an AttributeError of requests: headers that end in the middle
        except (requests.RequestException, ValueError, AttributeError) as error:
            raise ConnectionLost from error
        if answer.status_code == 502 or not isinstance(content, dict):
            raise ConnectionLost
        if "error" in content:
            raise Told(content["error"])
        return content.get("result")

    def recover(self):
        """Wait a moment, as the web client does, and log in again where Odoo asks for it."""
        last = self.asked[-1].failure
        if last == SESSION_OVER:
            self.log_in()
        else:
            self.ending.wait(2)

    def log_in(self):
        params = {"db": self.database, "login": self.user["login"], "password": self.user["login"]}
        while True:
            self.session = requests.Session()
            self.session.headers["Connection"] = "close"
            try:
                self.send("/web/session/authenticate", params)
                return
            except (ConnectionLost, Told):
                if self.ending.wait(2):
                    return


def check_board(answer):
    """The sums of a board are those of its columns, and each column has as many cards as it says."""
    board = answer["board"]
    for name in ("count", "projected", "weighted", "actual"):
        summed = sum(figures[name] for figures in board["columns"].values())
        assert abs(summed - board["total"][name]) < 0.01, (name, board)
    counts = {str(group["board_column_id"][0]): group["__count"] for group in answer["groups"] if group["__count"]}
    assert counts == {column: figures["count"] for column, figures in board["columns"].items()}, answer
