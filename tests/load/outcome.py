"""What has to hold in the database when all is over, whatever happened before."""

from dataclasses import dataclass

ROWS = """
    SELECT inbox.external_id, source.name, inbox.state, inbox.action, inbox.reference, inbox.problems, inbox.answer,
           inbox.lead_id, lead.email_from
      FROM crm_lead_inbox inbox
      JOIN crm_intake_source source ON source.id = inbox.source_id
 LEFT JOIN crm_lead lead ON lead.id = inbox.lead_id
"""

NOTES = """
    SELECT message.res_id FROM mail_message message
      JOIN ir_model_data subtype ON subtype.res_id = message.subtype_id
      JOIN crm_lead lead ON lead.id = message.res_id AND lead.intake_source_id IS NOT NULL
     WHERE message.model = 'crm.lead' AND subtype.module = 'crm' AND subtype.name = 'mt_lead_create'
"""


@dataclass(frozen=True)
class Row:
    """A row of the inbox with the e-mail address of its lead."""

    external_id: str
    source: str
    state: str
    action: str
    reference: str
    problems: list
    answer: dict
    lead_id: int
    email: str


def read_rows(fleet):
    return [Row(*row) for row in fleet.cluster.query(fleet.database, ROWS)]


def check(fleet, leads):
    """Check that none is lost, none is double, all states are explained, and no client was told what is not so."""
    rows = read_rows(fleet)
    assert sorted((row.source, row.external_id) for row in rows) == sorted(
        (lead.source, lead.external_id) for lead in leads
    )
    by_id = {row.external_id: row for row in rows}
    for lead in leads:
        check_row(by_id[lead.external_id], lead)
        check_told(by_id[lead.external_id], lead)
    check_leads(fleet, rows, {lead.person for lead in leads if lead.person is not None})
    return by_id


def check_row(row, lead):
    if lead.person is None:
        assert row.state == "failed" and row.problems and not row.lead_id, row
    else:
        assert (row.state, row.action) in [("done", "created"), ("duplicate", "linked")], row
        assert row.email == lead.record["email"], row


def check_told(row, lead):
    """What was told is what was done; only who was told to wait may hear more later."""
    assert lead.told, lead
    for answer in lead.told:
        assert answer["reference"] == row.reference
        if answer["status"] != "accepted":
            assert answer == row.answer
    expected = {"failed": ("error",)}.get(row.state, ("accepted", row.action))
    assert {answer["status"] for answer in lead.told} <= set(expected), (row, lead.told)


def check_leads(fleet, rows, persons):
    """Each person has one lead, and each lead one row that made it."""
    made = "SELECT id, email_from FROM crm_lead WHERE intake_source_id IS NOT NULL"
    leads = fleet.cluster.query(fleet.database, made)
    assert sorted(email for _id, email in leads) == sorted(f"person{person}@example.com" for person in persons)
    assert sorted(row.lead_id for row in rows if row.action == "created") == sorted(
        lead_id for lead_id, _email in leads
    )
    assert fleet.cluster.query(fleet.database, "SELECT count(*) FROM crm_intake_lock") == [(0,)]
    notes = fleet.cluster.query(fleet.database, NOTES)
    assert sorted(notes) == sorted((lead_id,) for lead_id, _email in leads), "each lead is announced once"
