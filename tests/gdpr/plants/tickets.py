"""Service tickets: what she complained of, and what others wrote on theirs about her."""

from tests.gdpr.cast import plant


@plant
def own_ticket(cast):
    """Her complaint, with her answer, a colleague's note and file, a to-do and the order that replaces something."""
    person = cast.person
    ticket = cast.ticket = cast.as_colleague("crm.ticket").create(
        {
            "name": f"Klacht van {person.name}",
            "description": f"<p>De stenen zijn gebroken. Groet, {person.first} {person.last}, {person.mobile}</p>",
            "partner_id": cast.partner.id,
            "product_id": cast.product.id,
            "measure_id": cast.env.ref("crm_serviceticket.crm_choice_ticket_measure_exchange").id,
            "result": f"Mevrouw {person.last} krijgt nieuwe stenen",
        }
    )
    cast.at(ticket, "name", "description", "result")
    own = ticket.with_env(cast.env)
    own.email_from = f'"{person.name}" <{person.email}>'
    own.email_cc = f"{person.name} <{person.email}>"
    cast.at(own, "email_from", "email_cc")
    answer = own.message_post(
        body=f"Nog altijd niets gehoord. {person.name}",
        author_id=cast.partner.id,
        message_type="email",
        subtype_xmlid="mail.mt_comment",
        attachments=[(f"foto {person.last}.txt", f"Foto van {person.name}".encode())],
    )
    cast.at(answer, "body")
    cast.at(answer.attachment_ids, "name", "raw")
    note = ticket.message_post(body=f"{person.first} {person.last} belt elke dag", subtype_xmlid="mail.mt_note")
    cast.at(note, "body")
    todo = ticket.activity_schedule("mail.mail_activity_data_todo", summary=f"Bel {person.name}")
    cast.at(todo, "summary")
    ticket._portal_ensure_token()
    ticket._prepare_order([{"product_id": cast.product.id, "product_uom_qty": 1}])
    cast.ticket_pages = ("/my/tickets", f"/my/tickets/{ticket.id}")


@plant
def unknown_sender(cast):
    """A complaint by e-mail of which nobody has said yet whose it is."""
    person = cast.person
    ticket = cast.env["crm.ticket"].create(
        {
            "name": "Kapot",
            "email_from": f"{person.name} <{person.email}>",
            "description": f"<p>Het is kapot. {person.name}</p>",
        }
    )
    ticket.partner_id = ticket.contact_id = False
    cast.at(ticket, "email_from", "description")


@plant
def tickets_of_others(cast):
    """Somebody else's complaint in which she is mentioned, and one in which she is not."""
    tickets = cast.as_colleague("crm.ticket")
    elsewhere = tickets.create(
        {"name": f"Zelfde als {cast.person.name}", "partner_id": cast.customer.id, "email_from": "info@konex.example"}
    )
    cast.at(elsewhere, "name")
    untouched = tickets.create({"name": "Too late", "partner_id": cast.customer.id, "result": "Came the next day"})
    cast.stays(untouched)
    cast.stays(untouched.message_ids)
