"""Lead Intake comes onto an Odoo CRM that is in use, and goes again without a trace."""

import pytest

from tests.intake.installation import Installation

OF_OURS = """
    SELECT 'table ' || relname FROM pg_class WHERE relkind IN ('r', 'S', 'i') AND relname ~ 'intake|crm_lead_inbox'
    UNION ALL SELECT 'column ' || table_name || '.' || column_name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name ~ 'intake|crm_assignment_email'
    UNION ALL SELECT 'data ' || model || ' ' || name FROM ir_model_data WHERE module = 'crm_leadintake'
    UNION ALL SELECT 'sequence ' || name FROM ir_sequence WHERE name ~ '^Turns of'
    UNION ALL SELECT 'alias ' || alias_name FROM mail_alias WHERE alias_name ~ 'intake'
    UNION ALL SELECT 'cron ' || id FROM ir_cron
               WHERE ir_actions_server_id IN (
                     SELECT id FROM ir_act_server WHERE code ~ '_cron_process|_cron_announce|retention')
    UNION ALL SELECT 'parameter ' || key FROM ir_config_parameter WHERE key ~ 'leadintake'
"""

MAIL = "From: Late <late@x.example>\r\nTo: partners@life.example\r\nSubject: Late\r\nMessage-ID: <late@x>\r\n\r\nHello"


@pytest.fixture
def native(tmp_path, crm_base):
    """An Odoo with CRM alone that has leads in all states."""
    log = tmp_path / "server.log"
    log.touch()
    made = Installation("test-intake-life", log)
    made.copy(crm_base)
    with made.env() as env:
        env.company.alias_domain_id = env["mail.alias.domain"].create({"name": "life.example"})
        leads = env["crm.lead"].create([{"name": f"Native {n}", "email_from": f"n{n}@x.example"} for n in range(40)])
        leads[:10].action_set_lost()
        leads[10:20].action_set_won()
        leads[20:30].active = False
    yield made
    made.drop()


def native_state(installation):
    with installation.env() as env:
        fields = ["name", "email_from", "type", "active", "won_status", "stage_id", "user_id", "team_id", "probability"]
        return env["crm.lead"].with_context(active_test=False).search([], order="id").read(fields)


def test_it_comes_onto_a_database_in_use_and_goes_without_a_trace(native):
    before = native_state(native)
    sequences = native.count_sequences()
    native.install("crm_leadintake")
    assert native_state(native) == before

    source = native.make_source(
        name="Partner",
        alias_name="partners",
        form_enabled=True,
        rule_ids=[(0, 0, {"name": "In turn", "user_ids": [(6, 0, [2])]})],
    )
    with native.env() as env:
        config = env["crm.intake.source"]._get_config(source.id)
        inbox = env["crm.lead.inbox"]
        entries = inbox._accept(
            config, [{"external_id": "L1", "email": "n35@x.example"}, {"email": "new@x.example"}], "json"
        )
        inbox.browse(entries)._process_waiting()
        assert [answer["status"] for answer in inbox._get_answers(entries)] == ["noted", "created"]
    native.uninstall("crm_leadintake")

    native.forget()
    with native.env() as env:
        assert env["ir.module.module"].search([("name", "=", "crm_leadintake")]).state == "uninstalled"
        env.cr.execute(OF_OURS)
        assert env.cr.fetchall() == []
        env["mail.thread"].message_process(False, MAIL)  # to an address that is still told to people
        assert env["crm.lead"].search([("email_from", "ilike", "late@x.example")]).name == "Late"
    assert native.count_sequences() == sequences
    with native.env() as env:
        made = env["crm.lead"].search([("email_from", "=", "new@x.example")])
        assert made.exists() and made.copy().exists()
        assert env["crm.lead"].create({"name": "After"}).stage_id
    assert native_state(native)[: len(before)] == before
