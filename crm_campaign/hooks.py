"""Removal from a database that is in use."""

from odoo import Command
from odoo.tools import SQL

from odoo.addons.crm_salesboard.tools.uninstall import clean_up

from .models.mailing_mailing import MEMBER


def uninstall_hook(env):
    """Leave campaigns with their stages, and what was sent in them, to Odoo's own e-mail marketing."""
    _leave_mailings(env)
    menu = env.ref("mass_mailing.menu_email_campaigns", raise_if_not_found=False)
    if menu:
        menu.group_ids = [Command.unlink(env.ref("mass_mailing.group_mass_mailing_user").id)]
    clean_up(env, "crm_campaign")


def _leave_mailings(env):
    """Let what was sent to members have been sent to the customers and leads that they stand for.

    Odoo has PostgreSQL delete mailings, and what became of them, with the model of their recipients. What was not sent
    is a draft from now on, to nobody until somebody says to whom.
    """
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            UPDATE mailing_trace
               SET model = CASE WHEN member.partner_id IS NULL THEN 'crm.lead' ELSE 'res.partner' END,
                   res_id = COALESCE(member.partner_id, member.lead_id)
              FROM crm_campaign_member member
             WHERE mailing_trace.model = %(member)s AND mailing_trace.res_id = member.id
            """,
            member=MEMBER,
        )
    )
    env.cr.execute(
        SQL(
            """
            UPDATE mailing_mailing
               SET mailing_model_id = %(partner)s, mailing_domain = %(nobody)s,
                   state = CASE WHEN state = 'done' THEN state ELSE 'draft' END
             WHERE mailing_model_id = %(member)s
            """,
            partner=env["ir.model"]._get_id("res.partner"),
            member=env["ir.model"]._get_id(MEMBER),
            nobody="[(0, '=', 1)]",
        )
    )
    env.invalidate_all()
