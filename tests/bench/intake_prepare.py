"""Sources with keys, for the benchmark of the intake: what a database with our addon has before it is measured.

Run by ``setup/odoo shell``, which provides ``env``. The leads of one source are made before the answer, of another one
later; of a third they are made before it as well, and salespeople are told by e-mail; a fourth looks for duplicates by
all rules. All go to four salespeople in turn, and all else is as a new source has it.
"""

import json
from datetime import datetime, timedelta

from odoo import Command

from tests.bench.intake_bodies import FORM_FIELDS, SOURCE

PARAMETER = "bench.intake"


def prepare(env):
    """Make what is missing, and leave the keys in a system parameter."""
    if env["ir.config_parameter"].get_param(PARAMETER):
        return
    sellers = env["res.users"].search([("login", "in", [f"seller{number}" for number in range(1, 5)])])
    program = make_program(env)
    keys = {"program": api_key(env, program)}
    for name in ("now", "later", "told", "all"):
        source = env["crm.intake.source"].create(
            {
                "name": f"Bench {name}",
                "duplicate_by_company": name == "all",
                "duplicate_by_name": name == "all",
                "processing": "later" if name == "later" else "now",
                "notify": name == "told",
                "request_limit": 0,
                "team_id": env.ref("sales_team.team_sales_department").id,
                "rule_ids": [Command.create({"name": "In turn", "target": "turns", "user_ids": sellers.ids})],
            }
        )
        keys[name] = env["crm.intake.key"]._generate(source)[0]
        if name == "now":
            source.api_user_ids = program
            source.alias_name = SOURCE
            source.form_field_ids = [Command.clear(), *(Command.create({"field": field}) for field in FORM_FIELDS)]
            source.form_enabled = True
            keys["form"] = source.public_id
    env["ir.config_parameter"].set_param(PARAMETER, json.dumps(keys))
    announce = env.ref("crm_leadintake.ir_cron_crm_lead_announce")
    env["ir.cron"].search([("id", "!=", announce.id)]).active = False
    env.cr.commit()


def make_program(env):
    """A user who may hand in leads over Odoo's own API, and nothing else."""
    group = env.ref("crm_leadintake.group_intake_program")
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create({"name": "Program", "login": "bench-program", "group_ids": [Command.set(group.ids)]})
    )


def api_key(env, user):
    expiry = datetime.now() + timedelta(days=90)
    return env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "Bench", expiry)


prepare(env)  # noqa: F821 (the shell's)
