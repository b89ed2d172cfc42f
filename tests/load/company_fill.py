"""A company with people at their boards, a campaign, and persons to be forgotten; made within Odoo's shell."""

import datetime

from odoo import Command

from tests.load.fill import keep_jobs, make_sources

CARDS = 20
MONEY = ("expected_revenue", "prorated_revenue", "actual_revenue")
KINDS = ("status", "order", "lost")
JOBS = ("mail.ir_cron_mail_scheduler_action", "mass_mailing.ir_cron_mass_mailing_queue")
TEXT = '<div><p>Dear <t t-out="object.name"/>, come to the fair.</p></div>'


def fill(env, addons, wanted):
    """
    :param list addons: ours, whose jobs run
    :param dict wanted: ``users``, ``customers`` and ``persons``, numbers; ``mail_port`` of the mail server; ``address``
        that leads may be sent from
    :return: dict of what was made, see below
    """
    own = env["ir.model.data"].search([("model", "=", "ir.cron"), ("module", "in", addons)])
    keep_jobs(env, *JOBS, *own.mapped("complete_name"))
    make_mail_server(env, wanted["mail_port"])
    manager = make_user(env, "manager", "sales_team.group_sale_manager", "mass_mailing.group_mass_mailing_user")
    people = make_people(env, manager, wanted["users"])
    return {
        "sources": make_sources(env, allowed_addresses=wanted["address"]),
        "people": people,
        "columns": [
            {"id": column.id, "kind": column.kind}
            for column in env.ref("crm_salesboard.crm_process_standard").column_ids
            if column.kind in KINDS
        ],
        "reason": env.ref("crm.lost_reason_1").id,
        "manager": manager.id,
        "step": make_step(env, manager, wanted["customers"]).id,
        **make_request(env, wanted["persons"]),
    }


def make_mail_server(env, port):
    env["mail.alias.domain"].create({"name": "company.example"})
    env.company.email = "office@company.example"
    env["ir.mail_server"].search([]).active = False
    env["ir.mail_server"].create(
        {"name": "Test", "smtp_host": "127.0.0.1", "smtp_port": port, "smtp_encryption": "none", "sequence": 0}
    )


def make_user(env, login, *groups):
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": login.capitalize(),
                "login": login,
                "password": login,
                "email": f"{login}@company.example",
                "group_ids": [Command.set([env.ref(group).id for group in ("base.group_user", *groups)])],
            }
        )
    )


def make_people(env, manager, number):
    """Salespeople, each with projects of their own.

    :return: list of ``{"id", "login", "cards": [{"id", "column", "value"}]}``
    """
    users = env["res.users"].union(
        *(make_user(env, f"seller{n}", "sales_team.group_sale_salesman") for n in range(number))
    )
    team = env.ref("sales_team.team_sales_department")
    team.member_ids = users | manager
    process = env.ref("crm_salesboard.crm_process_standard")
    team.process_id = process
    today = datetime.date.today()
    leads = (
        env["crm.lead"]
        .with_context(tracking_disable=True)
        .create(
            [
                {
                    "name": f"Project {n} of {user.name}",
                    "type": "opportunity",
                    "user_id": user.id,
                    "team_id": team.id,
                    "stage_id": process.status_ids[n % len(process.status_ids)].id,
                    "expected_revenue": 1000 + n,
                    "date_deadline": today + datetime.timedelta(days=n * 7),
                }
                for user in users
                for n in range(CARDS)
            ]
        )
    )
    return [
        {
            "id": user.id,
            "login": user.login,
            "cards": [
                {"id": lead.id, "column": lead.board_column_id.id, "value": lead.expected_revenue} for lead in of_user
            ],
        }
        for user, of_user in leads.grouped("user_id").items()
    ]


def make_step(env, manager, number):
    """An e-mail to as many customers, which is not started yet."""
    env = env(user=manager.id)
    campaign = env["utm.campaign"].create({"title": "Fair", "user_id": manager.id})
    partners = env["res.partner"].create(
        [{"name": f"Customer {n}", "email": f"customer{n}@customers.example"} for n in range(number)]
    )
    env["crm.campaign.member"]._add(campaign, partners)
    step = env["crm.campaign.step"].create(
        {"campaign_id": campaign.id, "name": "Invitation", "channel": "mail", "user_id": manager.id}
    )
    step._make_mailing()
    step.mailing_id.sudo().write({"body_arch": TEXT, "body_html": TEXT, "subject": "Fair, {{ object.name }}"})
    return step


def make_request(env, number):
    """As many persons to be anonymised, previewed.

    :return: dict of the ids of the ``officer`` and the ``request``
    """
    officer = make_user(env, "officer", "crm_gdpr.group_privacy_officer")
    partners = env["res.partner"].create(
        [
            {"name": f"Forgotten {n}", "email": f"forgotten{n}@gone.example", "phone": f"+4915155{n:06d}"}
            for n in range(number)
        ]
    )
    for partner in partners:
        partner.message_post(body=f"Called {partner.name}, {partner.email}")
    env.cr.commit()
    request = env["crm.gdpr.request"].with_user(officer)._make(partners.with_user(officer))
    request.action_preview()
    if request.state == "previewing":
        env.cr.commit()
        env["crm.gdpr.request"]._cron_preview()
        env.invalidate_all()
    assert set(request.line_ids.mapped("state")) == {"planned"}, request.line_ids.mapped("problem")
    return {"officer": officer.id, "request": request.id}


def begin(env, made):
    """Start the campaign, and have the persons forgotten; both are work of jobs."""
    env["crm.campaign.step"].with_user(made["manager"]).browse(made["step"]).action_start()
    env["crm.gdpr.request"].with_user(made["officer"]).browse(made["request"]).action_carry_out()


def compare_totals(env, logins):
    """What boards show, beside the sums of the records themselves.

    :return: ``[[login, column, what the board shows, what it is]]`` where these are not the same
    """
    wrong = []
    for user in env["res.users"].search([("login", "in", logins)]):
        leads = env["crm.lead"].with_user(user).with_context(active_test=False)
        shown = {
            column: [figures["count"], *(round(figures[name], 2) for name in ("projected", "weighted", "actual"))]
            for column, figures in leads.get_salesboard([])["columns"].items()
        }
        summed = {
            column.id: [len(of_column), *(round(sum(of_column.mapped(name)), 2) for name in MONEY)]
            for column, of_column in leads.search([("board_column_id", "!=", False)]).grouped("board_column_id").items()
        }
        wrong += [
            [user.login, column, shown.get(column), summed.get(column)]
            for column in shown | summed
            if shown.get(column) != summed.get(column)
        ]
    return wrong
