"""Campaigns in transactions that are committed, as servers have them, with a mail server that takes what is sent."""

import threading
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, api, modules
from odoo.service.model import retrying
from odoo.tests import TransactionCase
from odoo.tools import SQL

from odoo.addons.crm_salesboard.tests.mail_server import MailServer

DOMAIN = "campaigns.example"


class CommittedCase(TransactionCase):
    """A company of its own with its campaign, who makes it, and customers; all of it goes at the end."""

    def setUp(self):
        super().setUp()
        # As on a server: what commits there, commits here, and what is sent is sent.
        self.startPatcher(patch.object(modules.module, "current_test", None))
        self.mail_server = MailServer()
        self.mail_server.start()
        self.addCleanup(self.mail_server.stop)
        self.made = []
        self.addCleanup(self._remove)
        self._in_transaction(self._build)

    # ------------------------------------------------------------
    # Transactions
    # ------------------------------------------------------------

    def _env(self, cr, user_id=SUPERUSER_ID):
        return api.Environment(cr, user_id, {"tracking_disable": True, "mail_create_nosubscribe": True})

    def _in_transaction(self, call, user_id=SUPERUSER_ID):
        """
        :return: what the call returns, ids of records
        """
        with self.registry.cursor() as cr:
            env = self._env(cr, user_id)
            env = env(context={**env.context, **({"allowed_company_ids": [self.company]} if self.made else {})})
            result = call(env)
            env.flush_all()
            return result

    def _as_request(self, call, user_id=None):
        """In a transaction that Odoo repeats when another one was in its way, as it does for requests."""
        with self.registry.cursor() as cr:
            env = self._env(cr, user_id or self.manager)
            env = env(context={**env.context, "allowed_company_ids": [self.company]})
            return retrying(lambda: call(env), env)

    def _at_once(self, *calls):
        """Call several at the same moment, each in a thread; fails if one of them fails."""
        errors, gate = [], threading.Barrier(len(calls))

        def run(call):
            gate.wait()
            try:
                call()
            except Exception as error:  # noqa: BLE001  the test shows it
                errors.append(error)

        threads = [threading.Thread(target=run, args=(call,)) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertFalse(errors)

    def _rows(self, query, *params):
        """What is committed at this moment."""
        with self.registry.cursor() as cr:
            cr.execute(SQL(query, *params))
            return cr.fetchall()

    # ------------------------------------------------------------
    # The cast
    # ------------------------------------------------------------

    def _build(self, env):
        domain = env["mail.alias.domain"].create({"name": DOMAIN})
        company = env["res.company"].create(
            {
                "name": "Campaigning Ltd",
                "email": f"office@{DOMAIN}",
                "country_id": env.ref("base.de").id,
                "alias_domain_id": domain.id,
                "iap_enrich_auto_done": True,
            }
        )
        manager = self._make_manager(env, company)
        server = env["ir.mail_server"].create(
            {
                "name": "Loopback",
                "smtp_host": "127.0.0.1",
                "smtp_port": self.mail_server.port,
                "smtp_encryption": "none",
                "sequence": 0,
            }
        )
        campaign = env["utm.campaign"].create(
            {
                "name": "Committed Fair",
                "title": "Committed Fair",
                "company_id": company.id,
                "user_id": manager.id,
                "stage_id": env.ref("crm_campaign.utm_stage_planned").id,
            }
        )
        self.company, self.manager, self.campaign = company.id, manager.id, campaign.id
        self.made += [campaign, server, manager, company, domain]
        env.flush_all()

    def _make_manager(self, env, company):
        groups = ("base.group_user", "sales_team.group_sale_manager", "mass_mailing.group_mass_mailing_user")
        return (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Carla Campaign",
                    "login": f"committed_{self.id()}",
                    "email": f"carla@{DOMAIN}",
                    "company_ids": [Command.set(company.ids)],
                    "company_id": company.id,
                    "group_ids": [Command.set([env.ref(group).id for group in groups])],
                }
            )
        )

    def _make_members(self, number, start=0, **values):
        """Customers in the group.

        :return: ids of their members
        """

        def make(env):
            partners = env["res.partner"].create(
                [
                    {
                        "name": f"Customer {n}",
                        "email": f"customer{n}@customers.example",
                        "phone": f"+4915123{n:06d}",
                        "country_id": env.ref("base.de").id,
                        **values,
                    }
                    for n in range(start, start + number)
                ]
            )
            self.made.insert(0, partners)
            members = env["crm.campaign.member"].create(
                [
                    {"campaign_id": self.campaign, "company_id": self.company, "partner_id": partner.id}
                    for partner in partners
                ]
            )
            return members.ids

        return self._in_transaction(make)

    def _make_step(self, channel="mail", text='<p>Dear <t t-out="object.name"/>, come to the fair.</p>', **values):
        """
        :return: id of a step whose message is written
        """

        def make(env):
            step = env["crm.campaign.step"].create(
                {
                    "campaign_id": self.campaign,
                    "name": "Invitation",
                    "channel": channel,
                    "user_id": self.manager,
                    **values,
                }
            )
            step._make_mailing()
            if channel == "mail":
                step.mailing_id.sudo().write(
                    {"body_arch": text, "body_html": text, "subject": "Fair, {{ object.name }}"}
                )
            else:
                step.mailing_id.sudo().body_plaintext = text
            return step.id

        return self._in_transaction(make, self.manager)

    # ------------------------------------------------------------
    # What happens
    # ------------------------------------------------------------

    def _call(self, step, method, user_id=None):
        return self._as_request(lambda env: getattr(env["crm.campaign.step"].browse(step), method)(), user_id)

    def _run(self, model, method, **context):
        """A job of Odoo's, in a transaction of its own."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, context)
            getattr(env[model], method)()
            env.flush_all()
            cr.commit()

    def _make_mails(self):
        self._run("mailing.mailing", "_process_mass_mailing_queue")

    def _send_mails(self):
        """Odoo's mail queue; of this campaign alone, not of the demo data."""
        filters = [("mailing_id.campaign_id", "=", self.campaign)]
        self._run("mail.mail", "process_email_queue", filters=filters)

    def _finish(self):
        self._run("crm.campaign.step", "_finish_over")

    def _send_all(self):
        self._make_mails()
        self._send_mails()
        self._finish()

    def _state(self, step):
        return self._rows("SELECT state FROM crm_campaign_step WHERE id = %s", step)[0][0]

    def _states(self, step, name="state"):
        query = f"SELECT {name} FROM crm_campaign_dispatch WHERE step_id = %s ORDER BY member_id"
        return [state for (state,) in self._rows(query, step)]

    def _assert_each_once(self, numbers):
        addresses = [f"customer{number}@customers.example" for number in numbers]
        self.assertEqual(self.mail_server.counts, dict.fromkeys(addresses, 1))

    def _remove(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            cr.execute(SQL("SELECT id FROM mailing_mailing WHERE campaign_id = %s", self.campaign))
            mailings = env["mailing.mailing"].browse([row[0] for row in cr.fetchall()])
            env["mail.mail"].search([("mailing_id", "in", mailings.ids)]).unlink()
            env["sms.sms"].search([("mailing_id", "in", mailings.ids)]).unlink()
            env["link.tracker"].search([("campaign_id", "=", self.campaign)]).unlink()
            members = env["crm.campaign.member"].search([("campaign_id", "=", self.campaign)])
            leads = env["crm.lead"].with_context(active_test=False).search([("campaign_id", "=", self.campaign)])
            env["mail.message"].search([("model", "=", members._name), ("res_id", "in", members.ids)]).unlink()
            members.unlink()
            mailings.unlink()
            leads.unlink()
            env.flush_all()
            for records in self.made:
                here = records.with_env(env).exists()
                partners = here.partner_id if here._name in ("res.users", "res.company") else env["res.partner"]
                if here._name == "mail.alias.domain":
                    # The first domain of a database becomes that of everything that has none.
                    for table in ("mail_alias", "res_company"):
                        cr.execute(
                            SQL(
                                "UPDATE %s SET alias_domain_id = NULL WHERE alias_domain_id = %s",
                                SQL.identifier(table),
                                here.id,
                            )
                        )
                    env.invalidate_all()
                here.unlink()
                env.flush_all()
                partners.exists().unlink()
                env.flush_all()
