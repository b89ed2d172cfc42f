"""Several server processes on one database: what an administrator does in one of them holds in the others at once."""

import socket
import subprocess
import sys
import time
import xmlrpc.client

import pytest

from odoo.tools import config

from tests.postgres import drop_database, newest_template, on_postgres

DATABASE = "test-two-servers"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def odoo_command(*arguments):
    return [sys.executable, "-m", "odoo", "--config", config["config"] or config.rcfile, "-d", DATABASE, *arguments]


class Client:
    """An administrator who talks to one of the servers."""

    def __init__(self, port):
        self.address = f"http://127.0.0.1:{port}/xmlrpc/2"
        self.models = xmlrpc.client.ServerProxy(f"{self.address}/object", allow_none=True)

    def wait(self, seconds=120):
        """Wait until the server answers."""
        end = time.monotonic() + seconds
        while True:
            try:
                common = xmlrpc.client.ServerProxy(f"{self.address}/common")
                self.uid = common.authenticate(DATABASE, "admin", "admin", {})
                return self
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def call(self, model, method, *arguments, **named):
        return self.models.execute_kw(DATABASE, self.uid, "admin", model, method, list(arguments), named)


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """Two servers on a database of their own, with our addon."""
    drop_database(DATABASE)
    on_postgres("CREATE DATABASE {} TEMPLATE {}", DATABASE, newest_template())
    log = (tmp_path_factory.mktemp("servers") / "log").open("w")
    install = odoo_command("-i", "crm_salesboard", "--stop-after-init", "--no-http")
    assert subprocess.run(install, stdout=log, stderr=log, check=False).returncode == 0
    ports = [free_port(), free_port()]
    serve = ["--max-cron-threads", "0", "--http-interface", "127.0.0.1", "--http-port"]
    running = [subprocess.Popen(odoo_command(*serve, str(port)), stdout=log, stderr=log) for port in ports]
    try:
        yield [Client(port).wait() for port in ports]
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(30)
        drop_database(DATABASE)


def test_a_custom_field_appears_changes_and_goes_in_both_without_a_restart(servers):
    one, other = servers
    other.call("crm.lead", "get_view", False, "form")
    [definition] = one.call("crm.custom.field", "create", [{"name": "Segment", "ttype": "char"}])
    name = one.call("crm.custom.field", "read", [definition], ["field_name"])[0]["field_name"]
    assert f'name="{name}"' in other.call("crm.lead", "get_view", False, "form")["arch"]
    [lead] = other.call("crm.lead", "create", [{"name": "Fleet", name: "Retail"}])
    assert one.call("crm.lead", "read", [lead], [name]) == [{"id": lead, name: "Retail"}]
    one.call("crm.custom.field", "write", [definition], {"name": "Branch"})
    assert other.call("crm.lead", "fields_get", [name])[name]["string"] == "Branch"
    other.call("crm.lead", "write", [lead], {name: False})
    other.call("crm.custom.field", "action_remove", [definition])
    assert name not in one.call("crm.lead", "fields_get")
    assert f'name="{name}"' not in one.call("crm.lead", "get_view", False, "form")["arch"]
    assert one.call("crm.lead", "read", [lead], ["name"]) == [{"id": lead, "name": "Fleet"}]


def test_who_moves_a_card_that_was_moved_on_the_other_server_is_told_and_both_show_the_same_sums(servers):
    one, other = servers
    [team] = one.call("crm.team", "search", [], limit=1)
    [process] = one.call("crm.process", "search", [("name", "=", "Standard")])
    one.call("crm.team", "write", [team], {"process_id": process})
    values = {"name": "Two servers", "type": "opportunity", "team_id": team, "expected_revenue": 700}
    [lead] = one.call("crm.lead", "create", [values])
    start = other.call("crm.lead", "read", [lead], ["board_column_id"])[0]["board_column_id"][0]
    domain = [("process_id", "=", process), ("kind", "=", "status"), ("id", "!=", start)]
    [target] = one.call("crm.process.column", "search", domain, limit=1)
    context = {"salesboard_expected_column": start}
    one.call("crm.lead", "write", [lead], {"board_column_id": target}, context=context)
    with pytest.raises(xmlrpc.client.Fault, match="has moved Two servers to"):
        other.call("crm.lead", "write", [lead], {"board_column_id": start}, context=context)
    groups = [["id", "=", lead]], ["board_column_id"], ["expected_revenue:sum"]
    sums = [server.call("crm.lead", "formatted_read_group", *groups) for server in servers]
    assert sums[0] == sums[1]
    assert [(group["board_column_id"][0], group["expected_revenue:sum"]) for group in sums[0]] == [(target, 700)]
