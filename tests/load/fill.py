"""What a database of the load tests holds before anybody is at work, made within Odoo's shell."""

import json
from datetime import datetime, timedelta

from odoo import Command


def tell(made):
    """Let whoever started the shell know."""
    print("MADE " + json.dumps(made))


def make_sources(env, **values):
    """Partners, how the leads of each are made, and the user whose API key each sends with.

    :return: ``{name: {"id", "key", "user_id", "api_key"}}``
    """
    made = {}
    group = env.ref("crm_leadintake.group_intake_program")
    for name in ("now", "later"):
        user = env["res.users"].create({"name": name, "login": name, "group_ids": [Command.set(group.ids)]})
        source = env["crm.intake.source"].create(
            {
                "name": name,
                "processing": name,
                "duplicate_action": "link",
                "request_limit": 0,
                "api_user_ids": [Command.set(user.ids)],
                **values,
            }
        )
        key, _record = env["crm.intake.key"]._generate(source)
        keys = env["res.users.apikeys"].with_user(user)
        api_key = keys._generate("rpc", name, datetime.now() + timedelta(days=1))
        made[name] = {"id": source.id, "key": key, "user_id": user.id, "api_key": api_key}
    return made


def keep_jobs(env, *xml_ids):
    """Switch off all jobs but these."""
    jobs = env["ir.cron"].union(*map(env.ref, xml_ids))
    env["ir.cron"].search([("id", "not in", jobs.ids)]).active = False
