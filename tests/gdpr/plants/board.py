"""The Sales Board: exports, customers put on it, and text messages from it."""

from tests.gdpr.cast import plant


@plant
def board_team(cast):
    """A team that sells by a process which allows text messages."""
    process = cast.process = cast.env.ref("crm_salesboard.crm_process_standard").copy({"name": "With messages"})
    process.allow_sms = True
    cast.team = cast.env["crm.team"].create({"name": "Bricks", "process_id": process.id, "user_id": cast.colleague.id})
    cast.team.member_ids = cast.colleague | cast.salesperson
    cast.board_lead = cast.as_colleague("crm.lead").create(
        {
            "name": "Op het bord",
            "type": "opportunity",
            "partner_id": cast.partner.id,
            "team_id": cast.team.id,
            "user_id": cast.colleague.id,
        }
    )
    cast.at(cast.board_lead, "contact_name", "email_from", "phone")


@plant
def export(cast):
    """A list of customers that was made for a file."""
    cast.colleague.group_ids |= cast.env.ref("base.group_allow_export")
    exports = cast.as_colleague("crm.board.export")
    columns = ["name", "company", "contact", "email", "phone", "street"]
    domain = [("contact_name", "=", cast.board_lead.contact_name), ("id", "in", cast.board_lead.ids)]
    started = exports.start_export(domain, columns, "csv")
    row = exports.browse(started["id"])
    row.step()
    cast.at(row.with_env(cast.env), "domain")
    cast.at(row.with_env(cast.env).part_ids, "content")


@plant
def put_on_the_board(cast):
    """She was put on the board from a list that was searched by her name."""
    found = f'[["name", "ilike", "{cast.person.name}"], ["id", "=", {cast.partner.id}]]'
    run = cast.as_colleague("crm.board.put").create(
        {"partner_domain": found, "team_id": cast.team.id, "subject": f"Actie voor {cast.person.name}"}
    )
    run.action_put()
    while run.state == "running":
        run.put_next()
    cast.at(run, "partner_domain", "subject")


@plant
def move(cast):
    """A move on the board remembers what it replaced."""
    cast.board_lead.with_user(cast.colleague).board_column_id = cast.process.column_ids.filtered(
        lambda column: column.kind == "status"
    )[0]
    moves = cast.env["crm.lead.move"].search([("lead_id", "=", cast.board_lead.id)])
    if cast.person.last in str(moves.mapped("before")):
        cast.at(moves, "before")


@plant
def messages_from_the_board(cast):
    """A text message to all in view."""
    person = cast.person
    cast.partner.phone = cast.board_lead.phone = person.mobile
    sending = cast.as_colleague("crm.sms.sending")._prepare_sending([("id", "in", cast.board_lead.ids)])
    sending.body = f"Dag {person.first}, de stenen van {person.name} zijn er"
    sending = sending.with_env(cast.env)
    recipient = sending.recipient_ids
    cast.at(recipient, "number")
    sending.with_user(cast.colleague).action_send()
    cast.commit()
    cast.env["crm.sms.sending"]._send_waiting()
    cast.env.invalidate_all()
    assert recipient.state == "sent", (recipient.state, recipient.failure, sending.stop_reason)
    recipient.failure = f"{person.mobile} unreachable"
    sending.stop_reason = f"Stopped for {person.name}"
    cast.at(recipient, "failure")
    cast.at(sending, "body", "stop_reason")
    cast.at(recipient.mail_message_id, "body")


@plant
def notes(cast):
    """What was said with her and what has to be done about it, and what was said about her elsewhere."""
    notes = cast.as_colleague("crm.note")
    name = cast.person.name
    hers = notes.create(
        {"partner_id": cast.partner.id, "text": f"<p>{name} wil eerst een monster</p>", "user_id": cast.colleague.id}
    )
    cast.at(hers, "text")
    cast.at(hers.activity_id, "summary", "note")
    on_lead = notes.create({"lead_id": cast.board_lead.id, "partner_id": cast.partner.id, "text": f"<p>Bel {name}</p>"})
    cast.at(on_lead, "text")
    elsewhere = notes.create({"partner_id": cast.env.company.partner_id.id, "text": f"<p>{name} komt langs</p>"})
    cast.at(elsewhere, "text")
