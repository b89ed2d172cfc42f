#!/usr/bin/env python3
"""Imports the sales pipeline of ../shared/data into a running Odoo, as an outside program would.

    python3 tests/import_sales_pipeline.py --url http://localhost:8069 --database demo   (key in ODOO_API_KEY)

All it has is an address, a database and the API key of an administrator; all it uses is Odoo's JSON-2 API. It knows
nothing of the server's code and must run without Odoo beside it.

Every record gets an external id, ``sales_pipeline.deal_1C1I7A6R`` and the like, in the same transaction that makes the
record. What has one already is left alone. So the import may be killed at any moment and started again: it goes on
where it stopped, and a run after the last one changes nothing.

Exit codes: 0 all figures match, 1 a figure differs, 2 wrong usage or no data, 3 the server refused or did not answer.
"""

import argparse
import csv
import os
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import requests

FOLDER = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "sales_pipeline"
NAMESPACE = "sales_pipeline"
# Large enough that the requests themselves cost nothing, small enough that a kill loses seconds.
BATCH = 500
TIMEOUT = 300
# No history of our own making: neither a note per record, nor mails to those who are assigned or get a login.
QUIET = {"tracking_disable": True, "no_reset_password": True, "lang": "en_US"}

# What is written differently in two files, or wrong in one.
PRODUCT_NAMES = {"GTXPro": "GTX Pro"}
SECTOR_NAMES = {"technolgy": "Technology"}
COUNTRY_CODES = {
    "Belgium": "be",
    "Brazil": "br",
    "China": "cn",
    "Germany": "de",
    "Italy": "it",
    "Japan": "jp",
    "Jordan": "jo",
    "Kenya": "ke",
    "Korea": "kr",
    "Norway": "no",
    "Panama": "pa",
    "Philipines": "ph",
    "Poland": "pl",
    "Romania": "ro",
    "United States": "us",
}
COLUMN_OF_STAGE = {"Prospecting": "Prospect", "Engaging": "Offer", "Won": "Order", "Lost": "Lost"}

ALL = "all"
QUARTERS = {
    "2017 Q1": ("2017-01-01", "2017-03-31"),
    "2017 Q2": ("2017-04-01", "2017-06-30"),
    "2017 Q3": ("2017-07-01", "2017-09-30"),
    "2017 Q4": ("2017-10-01", "2017-12-31"),
}
# The figures of data/README.md: (period, column, measure) -> figure.
FIGURES = {
    (period, *what): figure
    for period, orders, actual, lost in (
        ("2017 Q1", 531, 1_134_672, 116),
        ("2017 Q2", 1_254, 3_086_111, 778),
        ("2017 Q3", 1_257, 2_982_255, 790),
        ("2017 Q4", 1_196, 2_802_496, 789),
        (ALL, 4_238, 10_005_534, 2_473),
    )
    for what, figure in ((("Order", "count"), orders), (("Order", "actual"), actual), (("Lost", "count"), lost))
} | {(ALL, "Prospect", "count"): 500, (ALL, "Offer", "count"): 1_589, (ALL, "open", "with a closing date"): 0}


class ImportFailure(Exception):
    """Ends the import; its text is one sentence that says what to do."""


# --- the server ---------------------------------------------------------------------------------


class Client:
    """Odoo's JSON-2 API for one database and key.

    :param session: what sends the requests; anything with the ``post`` of a ``requests.Session``
    """

    def __init__(self, url, database, key, session=None):
        self.url = url.rstrip("/")
        self.session = session or requests.Session()
        self.headers = {"Authorization": f"Bearer {key}", "X-Odoo-Database": database}

    def call(self, model, method, **arguments):
        """What the method returns.

        :raise ImportFailure: the server cannot be reached, or refuses
        """
        try:
            response = self.session.post(
                f"{self.url}/json/2/{model}/{method}", json=arguments, headers=self.headers, timeout=TIMEOUT
            )
        except requests.RequestException as error:
            reason = type(error).__name__
            raise ImportFailure(
                f"{self.url} does not answer ({reason}). Start the server and run this again."
            ) from error
        if not response.ok:
            raise ImportFailure(self._refusal(response, model, method))
        return response.json()

    def _refusal(self, response, model, method):
        try:
            message = response.json()["message"].partition("\n")[0]
        except (ValueError, KeyError, TypeError, AttributeError):
            message = response.reason
        advice = {
            401: "The API key is wrong or has expired: make a new one in the preferences of an administrator.",
            403: "The user of this key lacks a right: use the key of an administrator of sales and settings.",
            404: "Check the address and the database, and that the addon crm_salesboard is installed there.",
        }.get(response.status_code, "Correct the cause and run this again: it goes on where it stopped.")
        return f"{model}.{method} answered {response.status_code}, {message.rstrip('.')}. {advice}"

    def search_read(self, model, domain, fields):
        """Rows of fields, archived ones too, in English whatever the key's user speaks."""
        context = {"active_test": False, "lang": "en_US"}
        return self.call(model, "search_read", domain=domain, fields=fields, context=context)

    def known_ids(self, model, module=NAMESPACE):
        """The records that have an external id.

        :return: ``{name of the external id: database id}``
        """
        rows = self.search_read("ir.model.data", [["module", "=", module], ["model", "=", model]], ["name", "res_id"])
        return {row["name"]: row["res_id"] for row in rows}


# --- the files ----------------------------------------------------------------------------------


@dataclass
class Pipeline:
    """The four files, with their names made to agree."""

    accounts: list[dict]
    products: list[dict]
    agents: list[dict]
    deals: list[dict]

    @classmethod
    def read(cls, folder):
        """
        :raise ImportFailure: a file is missing
        """
        try:
            names = ("accounts", "products", "sales_teams", "sales_pipeline")
            pipeline = cls(*(_read_csv(Path(folder) / f"{name}.csv") for name in names))
        except OSError as error:
            raise ImportFailure(f"{error.filename} cannot be read: name the folder that holds the pipeline.") from error
        for deal in pipeline.deals:
            deal["product"] = PRODUCT_NAMES.get(deal["product"], deal["product"])
        for account in pipeline.accounts:
            account["sector"] = SECTOR_NAMES.get(account["sector"], account["sector"].capitalize())
        return pipeline

    @property
    def prices(self):
        """``{product: list price}``"""
        return {product["product"]: float(product["sales_price"]) for product in self.products}

    @property
    def managers(self):
        """``{manager: regional office}``"""
        return {agent["manager"]: agent["regional_office"] for agent in self.agents}

    def projected(self):
        """What the deals of each column add up to at list price: ``{column: sum}``."""
        prices, sums = self.prices, Counter()
        for deal in self.deals:
            sums[COLUMN_OF_STAGE[deal["deal_stage"]]] += prices[deal["product"]]
        return sums


def _read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def external_id(kind, name):
    """``("user", "Mei-Mei Johns")`` -> ``sales_pipeline.user_mei_mei_johns``; nothing for nothing."""
    return f"{NAMESPACE}.{kind}_{re.sub(r'[^a-z0-9]+', '_', name.lower()).strip('_')}" if name else ""


def noon(day):
    """``25-10-16`` as Odoo writes a moment: at noon UTC, which is the same day wherever the salesperson sits."""
    return datetime.strptime(day, "%d-%m-%y").strftime("%Y-%m-%d 12:00:00") if day else ""


# --- from the files to records ------------------------------------------------------------------


@dataclass
class Table:
    """Records of one model in the form that ``load`` takes, the external id first."""

    label: str
    model: str
    fields: list[str]
    rows: list[list] = field(default_factory=list)


def sector_table(pipeline):
    sectors = sorted({account["sector"] for account in pipeline.accounts})
    return Table(
        "sectors", "res.partner.industry", ["id", "name"], [[external_id("sector", name), name] for name in sectors]
    )


def customer_table(pipeline):
    """Companies, those that own others first."""
    rows = [
        [
            external_id("account", account["account"]),
            account["account"],
            "company",
            external_id("account", account["subsidiary_of"]),
            f"base.{COUNTRY_CODES[account['office_location']]}",
            external_id("sector", account["sector"]),
            f"Founded in {account['year_established']}, {account['employees']} employees, "
            f"revenue of {account['revenue']} million",
        ]
        for account in sorted(pipeline.accounts, key=lambda account: bool(account["subsidiary_of"]))
    ]
    names = ["id", "name", "company_type", "parent_id/id", "country_id/id", "industry_id/id", "comment"]
    return Table("customers", "res.partner", names, rows)


def product_table(pipeline):
    rows = [[external_id("product", name), name, price] for name, price in pipeline.prices.items()]
    return Table("products", "product.product", ["id", "name", "list_price"], rows)


def user_table(pipeline):
    """Managers and salespeople; nobody gets a mail, nor a password yet."""
    people = {manager: (office, "manager") for manager, office in pipeline.managers.items()}
    people |= {agent["sales_agent"]: (agent["regional_office"], "salesman") for agent in pipeline.agents}
    rows = [
        [
            external_id("user", name),
            name,
            *[f"{re.sub(r'[^a-z-]+', '.', name.lower())}@example.com"] * 2,
            f"Sales, regional office {office}",
            f"base.group_user,sales_team.group_sale_{role}",
        ]
        for name, (office, role) in people.items()
    ]
    return Table("users", "res.users", ["id", "name", "login", "email", "function", "group_ids/id"], rows)


def team_table(pipeline):
    """One team for each manager."""
    rows = [
        [
            external_id("team", manager),
            f"{office}: {manager}",
            external_id("user", manager),
            "crm_salesboard.crm_process_standard",
        ]
        for manager, office in pipeline.managers.items()
    ]
    return Table("teams", "crm.team", ["id", "name", "user_id/id", "process_id/id"], rows)


def member_table(pipeline):
    rows = [
        [
            external_id("member", agent["sales_agent"]),
            external_id("user", agent["sales_agent"]),
            external_id("team", agent["manager"]),
        ]
        for agent in pipeline.agents
    ]
    return Table("members", "crm.team.member", ["id", "user_id/id", "crm_team_id/id"], rows)


def reason_table():
    return Table(
        "reasons", "crm.lost.reason", ["id", "name"], [[external_id("reason", "Not recorded"), "Not recorded"]]
    )


def deal_table(pipeline, columns):
    """The deals in their column of the board.

    :param columns: ``{name: database id}``
    """
    managers = {agent["sales_agent"]: agent["manager"] for agent in pipeline.agents}
    prices, reason = pipeline.prices, external_id("reason", "Not recorded")
    rows = [
        [
            f"{NAMESPACE}.deal_{deal['opportunity_id']}",
            f"{deal['product']} {deal['opportunity_id']}",
            "opportunity",
            external_id("account", deal["account"]),
            external_id("user", deal["sales_agent"]),
            external_id("team", managers[deal["sales_agent"]]),
            prices[deal["product"]],
            columns[COLUMN_OF_STAGE[deal["deal_stage"]]],
            # native "assigned on": when the salesperson took it up
            noon(deal["engage_date"]),
            noon(deal["close_date"]),
            deal["close_value"] if deal["deal_stage"] == "Won" else "",
            reason if deal["deal_stage"] == "Lost" else "",
        ]
        for deal in pipeline.deals
    ]
    names = [
        "id",
        "name",
        "type",
        "partner_id/id",
        "user_id/id",
        "team_id/id",
        "expected_revenue",
        "board_column_id/.id",
    ]
    return Table("deals", "crm.lead", [*names, "date_open", "date_closed", "actual_revenue", "lost_reason_id/id"], rows)


# --- import -------------------------------------------------------------------------------------


def run_import(client, pipeline, progress=print, batch=BATCH):
    """Make what is not there yet.

    :param progress: called with a line of text after each batch
    :return: ``{label: number of records made}``
    :raise ImportFailure: the server refuses; what was made before stays, and the next run goes on from there
    """
    columns = standard_columns(client)
    tables = (
        sector_table(pipeline),
        customer_table(pipeline),
        product_table(pipeline),
        user_table(pipeline),
        team_table(pipeline),
        member_table(pipeline),
        reason_table(),
        deal_table(pipeline, columns),
    )
    return {table.label: load_missing(client, table, progress, batch) for table in tables}


def standard_columns(client):
    """The columns of the process that comes with the addon.

    :return: ``{name: database id}``
    :raise ImportFailure: the process or one of its columns is gone
    """
    process = client.known_ids("crm.process", "crm_salesboard").get("crm_process_standard")
    if not process:
        raise ImportFailure("There is no process Standard: install the addon crm_salesboard in this database.")
    rows = client.search_read("crm.process.column", [["process_id", "=", process]], ["name"])
    columns = {row["name"]: row["id"] for row in rows}
    if missing := set(COLUMN_OF_STAGE.values()) - set(columns):
        raise ImportFailure(
            f"The process Standard has no {', '.join(sorted(missing))}: give its statuses their names back."
        )
    return columns


def load_missing(client, table, progress, batch):
    """Make the records of a table that have no external id yet, a batch in each transaction.

    :return: how many were made
    """
    missing = rows_without_record(client, table, table.rows)
    done, started = len(table.rows) - len(missing), time.monotonic()
    progress(f"{table.label}: {done} of {len(table.rows)} are there")
    for start in range(0, len(missing), batch):
        rows = missing[start : start + batch]
        load_batch(client, table, rows)
        done += len(rows)
        progress(f"{table.label}: {done} of {len(table.rows)} after {time.monotonic() - started:.1f} s")
    return len(missing)


def rows_without_record(client, table, rows):
    known = client.known_ids(table.model)
    return [row for row in rows if row[0].removeprefix(f"{NAMESPACE}.") not in known]


def load_batch(client, table, rows):
    """Make all records of a batch or, after an error in one of them, none.

    The server may still be at work on the last request of a run that was killed a moment ago: then it refuses the same
    records, and they are there when we look again.
    """
    result = client.call(table.model, "load", fields=table.fields, data=rows, context=QUIET)
    if result["ids"]:
        return
    missing = rows_without_record(client, table, rows)
    if len(missing) == len(rows):
        messages = list(dict.fromkeys(message["message"] for message in result["messages"]))
        raise ImportFailure(f"{table.label} were refused: {' '.join(messages[:3])} Correct that and run this again.")
    if missing:
        load_batch(client, table, missing)


# --- check --------------------------------------------------------------------------------------


def check(client, pipeline, progress=print):
    """Compare what the board shows with what it must show.

    :return: whether all figures match
    """
    differing = 0
    shown = board_figures(client)
    progress(f"{'period':<10}{'column':<10}{'measure':<20}{'expected':>14}{'board':>14}")
    for (period, column, measure), expected in (FIGURES | projected_figures(pipeline)).items():
        actual = shown.get((period, column, measure), 0)
        # amounts are whole, and sums of cents are never exact
        differs = abs(actual - expected) >= 0.005
        differing += differs
        row = f"{period:<10}{column:<10}{measure:<20}{expected:>14,.0f}{actual:>14,.0f}"
        progress(row + (" differs" if differs else ""))
    progress(f"{differing} figures differ" if differing else "all figures match")
    return not differing


def projected_figures(pipeline):
    return {(ALL, column, "projected"): total for column, total in pipeline.projected().items()}


def board_figures(client, domain=()):
    """What the board shows of the imported teams in each period, by the call that the board itself makes.

    :param domain: a further search, as the board's search bar makes it
    :return: ``{(period, column, measure): figure}``
    """
    ours = [["team_id", "in", sorted(client.known_ids("crm.team").values())], *domain]
    figures = period_figures(client, ALL, ours)
    for period, (first, last) in QUARTERS.items():
        figures |= period_figures(client, period, [*ours, ["board_date", ">=", first], ["board_date", "<=", last]])
    dated = [*ours, ["board_column_id.kind", "in", ["unprocessed", "status"]], ["date_closed", "!=", False]]
    figures[ALL, "open", "with a closing date"] = client.call("crm.lead", "search_count", domain=dated)
    return figures


def period_figures(client, period, domain):
    board = client.call("crm.lead", "get_salesboard", domain=domain)
    kinds = {int(column): about["kind"] for column, about in board["info"].items()}
    names = {row["id"]: row["name"] for row in client.search_read("crm.process.column", [], ["name"])}
    figures = Counter()
    for column, sums in board["columns"].items():
        kind = kinds[int(column)]
        name = names[int(column)] if kind == "status" else kind.capitalize()
        figures.update({(period, name, measure): sums[measure] for measure in ("count", "projected", "actual")})
    return figures


# --- command line -------------------------------------------------------------------------------


def read_options(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", default=FOLDER, help=f"the pipeline's files ({FOLDER})")
    parser.add_argument("--url", default="http://localhost:8069", help="the server's address (%(default)s)")
    parser.add_argument("--database", required=True)
    parser.add_argument(
        "--key", default=os.environ.get("ODOO_API_KEY"), help="an administrator's API key (ODOO_API_KEY)"
    )
    parser.add_argument("--batch", type=int, default=BATCH, help="records in a request (%(default)s)")
    parser.add_argument("--check", action="store_true", help="import nothing, only compare the figures")
    options = parser.parse_args(arguments)
    if not options.key:
        parser.error("set ODOO_API_KEY, or give --key")
    if options.batch < 1:
        parser.error("--batch needs a number above 0")
    return options


def main(arguments=None):
    """
    :return: the exit code
    """
    options = read_options(arguments)
    try:
        pipeline = Pipeline.read(options.folder)
    except ImportFailure as failure:
        print(failure, file=sys.stderr)
        return 2
    client = Client(options.url, options.database, options.key)
    started = time.monotonic()
    try:
        if not options.check:
            made = run_import(client, pipeline, progress=_print_line, batch=options.batch)
            _print_line(f"{sum(made.values())} records made in {time.monotonic() - started:.0f} s")
        return 0 if check(client, pipeline, progress=_print_line) else 1
    except ImportFailure as failure:
        print(failure, file=sys.stderr)
        return 3


def _print_line(text):
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
