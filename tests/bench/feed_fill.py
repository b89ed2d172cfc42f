"""A user with as many appointments and follow-ups as ``BENCH_SIZE`` says, for the benchmark of the calendar feed.

Run by ``setup/odoo shell``, which provides ``env``, on a database that prepare.py has prepared. The secret address is
left in a system parameter.
"""

import os
from datetime import timedelta

from odoo import Command, fields

PARAMETER = "bench.feed"
LOGIN = "manager"


def fill(env, size):
    """Nine in ten are appointments, from three hundred days ago on; a third of these are on a project."""
    if env["ir.config_parameter"].get_param(PARAMETER):
        return
    user = env["res.users"].search([("login", "=", LOGIN)])
    env = env(context={**env.context, "no_mail_to_attendees": True, "dont_notify": True, "mail_create_nolog": True})
    lead = env["crm.lead"].create({"name": "Bench Project", "type": "opportunity", "user_id": user.id})
    start = fields.Datetime.now().replace(microsecond=0) - timedelta(days=300)
    events = [event(user, lead, start + number * timedelta(hours=2), number) for number in range(size * 9 // 10)]
    for begin in range(0, len(events), 500):
        env["calendar.event"].create(events[begin : begin + 500])
    call = env.ref("mail.mail_activity_data_call")
    today = fields.Date.today()
    env["mail.activity"].create(
        [
            {
                "res_model_id": env["ir.model"]._get_id("crm.lead"),
                "res_id": lead.id,
                "activity_type_id": call.id,
                "summary": f"Call {number}",
                "note": "<p>About it</p>",
                "user_id": user.id,
                "date_deadline": today + timedelta(days=number),
            }
            for number in range(size - len(events))
        ]
    )
    address = user.with_user(user).action_make_calendar_feed()["context"]["default_address"]
    env["ir.config_parameter"].set_param(PARAMETER, address[address.index("/crm/") :])
    env.cr.commit()


def event(user, lead, start, number):
    return {
        "name": f"Visit number {number}",
        "start": start,
        "stop": start + timedelta(hours=1),
        "allday": number % 10 == 0,
        "location": f"Main street {number}",
        "description": f"<p>Organized by <b>Jonas</b><br/>with <i>the customer</i> about offer {number}</p>",
        "user_id": user.id,
        "partner_ids": [Command.set(user.partner_id.ids)],
        "opportunity_id": lead.id if number % 3 == 0 else False,
    }


if "env" in globals():
    fill(env, int(os.environ["BENCH_SIZE"]))  # noqa: F821
