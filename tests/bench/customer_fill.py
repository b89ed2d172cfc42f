"""One customer with as many records as ``BENCH_SIZE`` says, and 50 contact persons, for the benchmark of its page.

Run by ``setup/odoo shell``, which provides ``env``, on a database that prepare.py has prepared. Without our addons
there are the same records but for notes and calls, which Odoo does not have.
"""

import os
from datetime import timedelta

from odoo import Command, fields

PARAMETER = "bench.customer"
CONTACTS = 50
# How much of a thousand records is of which kind; the contact persons are the rest.
SHARES = {"crm.lead": 100, "mail.activity": 200, "calendar.event": 100, "ir.attachment": 100, "mail.message": 200}
OTHER_SHARES = {"sale.order": 50, "crm.note": 100, "crm.call": 100}


def fill(env, size):
    """Make the customer, and leave its id in a system parameter."""
    if env["ir.config_parameter"].get_param(PARAMETER):
        return
    env = env(context={**env.context, "tracking_disable": True, "mail_create_nosubscribe": True, "dont_notify": True})
    env.user.tz = "UTC"
    count = {model: share * size // 1_000 for model, share in {**SHARES, **OTHER_SHARES}.items() if model in env}
    values = {"name": "Bench Customer", "is_company": True, "email": "bench@example.com", "phone": "+49 30 1234567"}
    company = env["res.partner"].create(values)
    contacts = [{"name": f"Contact {number}", "parent_id": company.id} for number in range(CONTACTS)]
    partners = company | env["res.partner"].create(contacts)
    leads = env["crm.lead"].create([lead(env, partners, number) for number in range(count["crm.lead"])])
    for number, closed in enumerate(leads[: len(leads) // 3]):
        reason = env.ref("crm.lost_reason_1")
        closed.action_set_won() if number % 2 else closed.action_set_lost(lost_reason_id=reason.id)
    documents = [(record._name, record.id) for record in [*partners, *leads]]
    makers = {
        "mail.activity": activity,
        "calendar.event": event,
        "ir.attachment": attachment,
        "mail.message": message,
        "sale.order": order,
        "crm.note": note,
        "crm.call": call,
    }
    made = {}
    for model, make in makers.items():
        vals_list = [
            make(env, partners[number % len(partners)], documents[number % len(documents)], number)
            for number in range(count.get(model, 0))
        ]
        made[model] = env[model].with_context(no_mail_to_attendees=True).create(vals_list) if vals_list else None
    activities = made["mail.activity"]
    activities[: len(activities) // 2].action_feedback("Done")
    env["ir.config_parameter"].set_param(PARAMETER, company.id)
    env.cr.commit()


def lead(env, partners, number):
    team = env.ref("sales_team.team_sales_department")
    return {
        "name": f"Project {number}",
        "type": "opportunity",
        "partner_id": partners[number % len(partners)].id,
        "user_id": env["res.users"].search([("login", "=", f"seller{number % 4 + 1}")]).id,
        "team_id": team.id,
        "expected_revenue": 1_000 + number,
        "date_deadline": fields.Date.today() + timedelta(days=number),
    }


def activity(env, partner, document, number):
    return {
        "res_model_id": env["ir.model"]._get_id(document[0]),
        "res_id": document[1],
        "activity_type_id": env.ref("mail.mail_activity_data_call").id,
        "summary": f"Activity {number}",
        "user_id": env.uid,
        "date_deadline": fields.Date.today() + timedelta(days=number - 50),
    }


def event(env, partner, document, number):
    start = fields.Datetime.now() + timedelta(days=number - 50)
    values = {"start": start, "stop": start + timedelta(hours=1)}
    return {**values, "name": f"Visit {number}", "partner_ids": [Command.set(partner.ids)]}


def attachment(env, partner, document, number):
    return {"name": f"File {number}.txt", "raw": b"%d" % number, "res_model": document[0], "res_id": document[1]}


def message(env, partner, document, number):
    return {
        "model": document[0],
        "res_id": document[1],
        "body": f"<p>Message {number}</p>",
        "message_type": "comment",
        "subtype_id": env.ref("mail.mt_note").id,
        "author_id": env.user.partner_id.id,
    }


def order(env, partner, document, number):
    products = env["product.product"]
    product = products.search([("name", "=", "Bench")]) or products.create({"name": "Bench"})
    return {"partner_id": partner.id, "order_line": [Command.create({"product_id": product.id, "price_unit": 100})]}


def note(env, partner, document, number):
    return {"partner_id": partner.id, "text": f"<p>Note {number}</p>"}


def call(env, partner, document, number):
    return {"partner_id": partner.id, "number": "+49 30 1234567", "duration": number}


fill(env, int(os.environ["BENCH_SIZE"]))  # noqa: F821 (the shell's)
