"""The address of a team, which leads are sent to by mail, on both sides of the benchmark of the intake.

Run by ``setup/odoo shell``, which provides ``env``.
"""

from tests.bench.intake_bodies import MAIL_DOMAIN, TEAM


def prepare(env):
    """Make what is missing."""
    Domain = env["mail.alias.domain"]
    domain = Domain.search([("name", "=", MAIL_DOMAIN)]) or Domain.create({"name": MAIL_DOMAIN})
    env["res.company"].search([]).alias_domain_id = domain
    env.ref("sales_team.team_sales_department").alias_name = TEAM
    env.cr.commit()


prepare(env)  # noqa: F821 (the shell's)
