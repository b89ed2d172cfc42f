"""Odoo reads from a replica of the database where there is one, and the doors write all the same."""

import pytest
import requests

from tests.intake.cases import lead
from tests.intake.doors import Json, XmlRpc
from tests.intake.installation import QUIET


@pytest.fixture(scope="module")
def with_replica(installation):
    """The address of a server that reads where it cannot write."""
    return installation.serve("--dev", "replica", *QUIET)


def test_leads_are_taken_beside_a_replica(installation, with_replica):
    source = installation.make_source(request_limit=600)
    assert Json(with_replica, source).post(lead(external_id="R1")).status_code == 201
    [answer] = XmlRpc(with_replica, source).submit(
        [lead(external_id="R2", email="another@example.com", phone="+31 20 765 4321")]
    )
    assert answer["status"] == "created"
    assert len(installation.rows(source)) == 2


def test_a_form_is_shown_and_thanked_for_by_a_replica(installation, with_replica):
    source = installation.make_source(form_enabled=True, form_field_ids=[(0, 0, {"field": "email"})])
    page = f"{with_replica}/leadintake/form/{source.public_id}"
    # were it not read-only, Odoo would go to the main database, and say so in the log
    assert requests.get(page, timeout=60).status_code == 200
    assert requests.get(f"{page}/sent", timeout=60).status_code == 200
