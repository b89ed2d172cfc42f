"""What users and administrators keep for themselves: filters, exports, defaults, code, logs."""

import json

from odoo import Command

from tests.gdpr.cast import plant


@plant
def filters(cast):
    """Favourites for all and for one, and a board of one's own."""
    person = cast.person
    filters = cast.env["ir.filters"].create(
        [
            {
                "name": f"Projecten van {person.name}",
                "model_id": "crm.lead",
                "domain": repr([("contact_name", "ilike", person.name), ("email_from", "=", person.email)]),
                "context": repr({"default_contact_name": person.former}),
                "user_ids": [Command.set(users)],
            }
            for users in ([], cast.colleague.ids)
        ]
    )
    cast.at(filters, "name", "domain", "context")
    shown = f"""<action string="Van {person.name}" domain="[('email', '=', '{person.email}')]"/>"""
    arch = f"<form><board><column>{shown}</column></board></form>"
    view = cast.env["ir.ui.view"].search([("type", "=", "form")], limit=1)
    board = cast.env["ir.ui.view.custom"].create({"ref_id": view.id, "user_id": cast.colleague.id, "arch": arch})
    cast.at(board, "arch")
    action = cast.env.ref("crm.crm_lead_action_pipeline")
    embedded = cast.env["ir.embedded.actions"].create(
        {
            "name": f"Van {person.name}",
            "parent_action_id": action.id,
            "action_id": action.id,
            "parent_res_model": "crm.lead",
            "domain": repr([("contact_name", "=", person.former)]),
            "context": repr({"search_default_contact_name": person.name}),
            "user_id": cast.colleague.id,
        }
    )
    cast.at(embedded, "name", "domain", "context")
    exports = cast.env["ir.exports"].create({"name": f"Lijst voor {person.name}", "resource": "res.partner"})
    cast.at(exports, "name")


@plant
def defaults(cast):
    """What a user has said to be filled in, and what an administrator has noted."""
    person = cast.person
    cast.env["ir.default"].set("crm.lead", "contact_name", person.name, user_id=cast.colleague.id)
    cast.env["ir.default"].set("sale.order", "client_order_ref", person.former, condition=f"partner={person.email}")
    rows = cast.env["ir.default"].search([("json_value", "ilike", "wi%tos%awa")])
    assert len(rows) == 2
    cast.at(rows, "json_value")
    cast.at(rows.filtered("condition"), "condition")
    cast.env["ir.config_parameter"].set_param("sale.emergency_contact", f"{person.name} <{person.email}>")
    cast.at(cast.env["ir.config_parameter"].search([("key", "=", "sale.emergency_contact")]), "value")


@plant
def code(cast):
    """An action of an administrator that names her, and the log that it and a webhook wrote."""
    person = cast.person
    action = cast.env["ir.actions.server"].create(
        {
            "name": f"Herinner {person.name}",
            "model_id": cast.env["ir.model"]._get_id("res.partner"),
            "state": "code",
            "code": f"log('Sent to {person.name} <{person.email}>')",
        }
    )
    action.run()
    cast.commit()
    logged = cast.env["ir.logging"].search([("message", "ilike", person.email)], limit=1)
    assert logged
    cast.at(logged, "message")
    action.code = f"# voor {person.former}\nlog('Done')"
    cast.at(action, "name", "code")
    cast.at(cast.env["ir.actions.server.history"].search([("action_id", "=", action.id)]), "code")
    cast.env["ir.logging"].create(
        {
            "name": "webhook",
            "type": "server",
            "level": "INFO",
            "path": "/",
            "line": "1",
            "func": "run",
            "message": json.dumps({"phone": person.mobile}),
        }
    )
    cast.at(cast.env["ir.logging"].search([("name", "=", "webhook")]), "message")


@plant
def jobs(cast):
    """A job that searches for her, an action that reminds of her, and a profile of a slow search."""
    person = cast.person
    job = cast.env["ir.cron"].create(
        {
            "name": f"Verjaardag {person.name}",
            "model_id": cast.env["ir.model"]._get_id("res.partner"),
            "state": "code",
            "code": f"model.search([('email', '=', '{person.other_email}')])",
            "interval_number": 1,
            "interval_type": "weeks",
        }
    )
    cast.at(job, "cron_name")
    cast.at(job.ir_actions_server_id, "code", "name")
    remind = cast.env["ir.actions.server"].create(
        {
            "name": "Herinnering",
            "model_id": cast.env["ir.model"]._get_id("crm.lead"),
            "state": "next_activity",
            "activity_type_id": cast.env.ref("mail.mail_activity_data_todo").id,
            "activity_summary": f"Denk aan {person.name}",
            "activity_note": f"<p>{person.former}</p>",
        }
    )
    cast.at(remind, "activity_summary", "activity_note")
    profile = cast.env["ir.profile"].create(
        {
            "name": "slow",
            "session": f"Zoeken naar {person.name}",
            "sql": json.dumps([{"query": f"email = '{person.email}'"}]),
        }
    )
    cast.at(profile, "session", "sql")


@plant
def opened_windows(cast):
    """Windows that were made for her."""
    person = cast.person
    window = cast.env["ir.actions.act_window"].create(
        {
            "name": f"Alles van {person.name}",
            "res_model": "crm.lead",
            "domain": repr([("email_from", "=", person.email)]),
            "context": repr({"default_contact_name": person.name}),
            "help": f"<p>{person.former}</p>",
        }
    )
    cast.at(window, "name", "domain", "context", "help")
    menu = cast.env["ir.ui.menu"].create({"name": f"Van {person.name}", "action": f"ir.actions.act_window,{window.id}"})
    cast.at(menu, "name")
    team = cast.env["crm.team"].create(
        {"name": f"Team {person.name}", "assignment_domain": repr([("email_from", "=", person.email)])}
    )
    cast.at(team, "name", "assignment_domain")
    tags = [
        cast.env["crm.tag"].create({"name": f"Via {person.name}"}),
        cast.env["res.partner.category"].create({"name": f"Vrienden van {person.name}"}),
        cast.env["utm.source"].create({"name": f"Website {person.name}"}),
        cast.env["crm.lost.reason"].create({"name": f"Ruzie met {person.name}"}),
    ]
    for tag in tags:
        cast.at(tag, "name")
