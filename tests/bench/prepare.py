"""Users, stages and, with our addons, the process: what a benchmark's database has before its projects are loaded.

Run by ``setup/odoo shell``, which provides ``env``. Six stages, the last one won, on both sides: with our addons they
are the statuses of the process Standard, by which the team sells then.
"""

import json

from odoo import Command

SALESPEOPLE = 20
OPEN_STAGES = ["New", "Qualified", "Demonstration", "Proposition", "Negotiation"]
# What load.sql asks for.
PARAMETERS = "bench.base"


def prepare(env):
    """Make what is missing, and leave in a system parameter what the projects are made of."""
    with_ours = "crm.process" in env
    team = env.ref("sales_team.team_sales_department")
    users = salespeople(env) | manager(env)
    team.member_ids = users
    stages = statuses_of_standard(env, team) if with_ours else native_stages(env)
    env["ir.config_parameter"].set_param(
        PARAMETERS,
        json.dumps(
            {
                "team": team.id,
                "stages": stages.ids,
                "tags": tags(env).ids,
                "lost_reasons": [env.ref(f"crm.lost_reason_{number}").id for number in (1, 2, 3)],
            }
        ),
    )
    all_deals_action(env)
    env.cr.commit()


def salespeople(env):
    """Each sees the own projects only."""
    return make_users(env, [f"seller{number}" for number in range(1, SALESPEOPLE + 1)], "group_sale_salesman")


def manager(env):
    return make_users(env, ["manager"], "group_sale_manager")


def make_users(env, logins, group):
    users = env["res.users"].with_context(no_reset_password=True)
    known = users.search([("login", "in", logins)])
    return known | users.create(
        [
            {
                "name": login.capitalize(),
                "login": login,
                "password": login,
                "email": f"{login}@example.com",
                "tz": "Europe/Berlin",
                "group_ids": [Command.link(env.ref(f"sales_team.{group}").id)],
            }
            for login in logins
            if login not in known.mapped("login")
        ]
    )


def tags(env):
    names = ["Website", "Licences", "Support", "Training", "Migration", "Audit"]
    known = env["crm.tag"].search([("name", "in", names)])
    missing = [name for name in names if name not in known.mapped("name")]
    return known | known.create([{"name": name, "color": 1 + names.index(name)} for name in missing])


def native_stages(env):
    stages = env["crm.stage"]
    known = {stage.name: stage for stage in stages.search([])}
    for sequence, name in enumerate(OPEN_STAGES, start=1):
        stage = known.get(name) or stages.create({"name": name})
        stage.sequence = sequence
        stages |= stage
    return stages | known["Won"]


def statuses_of_standard(env, team):
    """As many open statuses as there are stages natively, so that the board has as many columns."""
    process = env.ref("crm_salesboard.crm_process_standard")
    missing = len(OPEN_STAGES) - len(process.status_ids)
    env["crm.stage"].create([{"name": name, "process_id": process.id} for name in OPEN_STAGES[-missing:][:missing]])
    team.process_id = process
    return process.status_ids.sorted() | process.won_stage_id


def all_deals_action(env):
    """Odoo's own pipeline without its filter "My Pipeline", which a manager would have to take off by hand."""
    if not env["ir.actions.act_window"].search_count([("path", "=", "bench-all")]):
        pipeline = env.ref("crm.crm_lead_action_pipeline")
        action = pipeline.copy({"name": "All Deals", "path": "bench-all"})
        action.context = {"default_type": "opportunity", "show_user_team_stages": 1}
        for view in pipeline.view_ids:
            view.copy({"act_window_id": action.id})


prepare(env)  # noqa: F821 (the shell's)
