"""Years of CRM made with Odoo alone, as a company has them that comes to these addons late."""

import random
from datetime import datetime, timedelta

from odoo import Command
from odoo.tools import SQL, split_every

BATCH = 500
YEARS = 6
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_notify_force_send": False,
    "no_reset_password": True,
    "no_mail_to_attendees": True,
    "mail_activity_quick_update": True,
}
# Of a hundred leads so many are won, lost, lost by hand, put away while open, and leads that nobody has qualified.
SHARES = {"won": 22, "lost": 25, "archived": 8, "lead": 15, "open": 30}


def fill(env, leads, seed=1):
    """Make a company's past.

    :param env: the superuser's environment on a database with Odoo's CRM, in which none of ours is installed
    :param int leads: how many leads and opportunities
    :param int seed: the same number makes the same past
    """
    assert "crm.process" not in env, "the past is made before our addons come"
    env = env(context={**env.context, **QUIET})
    past = Past(env, random.Random(seed))
    past.make_leads(leads)
    past.make_what_hangs_on_them()
    env.flush_all()
    past.spread_over_years()
    env.cr.execute("ANALYZE")


class Past:
    """Who sold, in which companies and teams, to whom; then what."""

    def __init__(self, env, chance):
        self.env, self.chance = env, chance
        self.companies = env.company | self._make_companies()
        self.sellers = self._make_sellers()
        self.teams = self._make_teams()
        self.stages_of = {team: self._open_stages(team) for team in self.teams}
        self.customers = self._make_customers(60)
        self._make_portal_users()
        self.tags = env["crm.tag"].create([{"name": f"Branch {number}"} for number in range(8)])
        self.campaigns = env["utm.campaign"].create([{"title": f"Fair {number}"} for number in range(6)])
        self.sources = env["utm.source"].create([{"name": f"Shop {number}"} for number in range(4)])
        self.reasons = env["crm.lost.reason"].create([{"name": f"Lost for reason {number}"} for number in range(5)])
        self.leads = env["crm.lead"]

    # ------------------------------------------------------------
    # Who
    # ------------------------------------------------------------

    def _make_companies(self):
        currencies = self.env["res.currency"].with_context(active_test=False)
        made = [{"name": "North BV", "currency": "EUR"}, {"name": "South Ltd", "currency": "GBP"}]
        for values in made:
            currency = currencies.search([("name", "=", values.pop("currency"))])
            currency.active = True
            values["currency_id"] = currency.id
        return self.env["res.company"].create(made)

    def _make_sellers(self):
        groups = [Command.link(self.env.ref(f"sales_team.group_sale_{name}").id) for name in ("salesman", "manager")]
        return self.env["res.users"].create(
            [
                {
                    "name": f"Seller {number}",
                    "login": f"seller-{number}",
                    "email": f"seller-{number}@life.example",
                    "group_ids": [groups[number % 5 == 0]],
                    "company_id": self.companies[number % 3].id,
                    "company_ids": [Command.set(self.companies.ids)],
                    "active": number != 9,
                }
                for number in range(10)
            ]
        )

    def _make_teams(self):
        """A team per company with stages of its own, and one of all companies with the shared ones."""
        teams = self.env["crm.team"].create(
            [{"name": f"Team {company.name}", "company_id": company.id} for company in self.companies]
            + [{"name": "Team of all", "company_id": False}, {"name": "Team that was", "active": False}]
        )
        for team in teams[:3]:
            self.env["crm.stage"].create(
                [
                    {
                        "name": f"{name} ({team.name})",
                        "team_ids": [Command.set(team.ids)],
                        "sequence": sequence,
                        "is_won": name == "Sold",
                    }
                    for sequence, name in enumerate(("Call", "Visit", "Parked", "Sold"))
                ]
            )
        return teams

    def _open_stages(self, team):
        return self.env["crm.stage"].search(
            [("is_won", "=", False), "|", ("team_ids", "=", False), ("team_ids", "in", team.ids)]
        )

    def _make_customers(self, count):
        companies = [*self.companies.ids, False]
        firms = self.env["res.partner"].create(
            [
                {
                    "name": f"Customer {number}",
                    "is_company": True,
                    "email": f"info@customer{number}.example",
                    "phone": f"+32 2 555 {number:04d}",
                    "company_id": companies[number % 4],
                    "comment": f"<p>Since {2015 + number % 9}</p>",
                    "active": bool(number % 12),
                }
                for number in range(count)
            ]
        )
        people = self.env["res.partner"].create(
            [
                {"name": f"Person {firm.id}", "parent_id": firm.id, "email": f"person{firm.id}@customer.example"}
                for firm in firms
            ]
        )
        return firms | people

    def _make_portal_users(self):
        portal = self.env.ref("base.group_portal")
        people = self.customers.filtered("parent_id")[:5]
        self.env["res.users"].create(
            [
                {"partner_id": person.id, "login": person.email, "group_ids": [Command.set(portal.ids)]}
                for person in people
            ]
        )

    # ------------------------------------------------------------
    # What
    # ------------------------------------------------------------

    def make_leads(self, count):
        """Make leads in all states, a state after the other."""
        kinds, shares = zip(*SHARES.items(), strict=True)
        chosen = self.chance.choices(kinds, shares, k=count)
        for kind in kinds:
            for numbers in split_every(BATCH, range(chosen.count(kind))):
                leads = self.env["crm.lead"].create([self._lead(kind, number) for number in numbers])
                self._close(kind, leads)
                self.leads |= leads
        self.env.flush_all()

    def _lead(self, kind, number):
        chance = self.chance
        team = chance.choice(self.teams)
        customer = chance.choice(self.customers)
        company = team.company_id or chance.choice(self.companies)
        if customer.company_id not in (company, self.env["res.company"]):
            customer = self.customers.browse()
        name = f"{kind.capitalize()} {number}"
        return {
            "name": name,
            "type": "lead" if kind == "lead" else "opportunity",
            "team_id": team.id,
            "company_id": company.id,
            "user_id": chance.choice([*self.sellers.ids, False]),
            "partner_id": customer.id,
            "partner_name": False if customer else f"Firm of {name}",
            "contact_name": False if customer else f"Contact of {name}",
            "email_from": customer.email or f"{kind}{number}@else.example",
            "expected_revenue": chance.randrange(0, 200_000, 250),
            "date_deadline": str((datetime.now() + timedelta(days=chance.randrange(-900, 300))).date()),
            "tag_ids": [Command.set(chance.sample(self.tags.ids, 2))],
            "campaign_id": chance.choice([*self.campaigns.ids, False, False]),
            "source_id": chance.choice([*self.sources.ids, False]),
            "priority": chance.choice("0123"),
            "description": f"<p>What {name} is about</p>",
            **self._stage(team, kind),
        }

    def _stage(self, team, kind):
        if kind == "lead":
            return {}
        weight = {"probability": self.chance.choice((10, 25, 42.5))} if not self.chance.randrange(3) else {}
        return {"stage_id": self.chance.choice(self.stages_of[team].ids), **weight}

    def _close(self, kind, leads):
        if kind == "won":
            leads.action_set_won()
            leads[::10].active = False  # some put orders away
        elif kind == "lost":
            for start in range(len(self.reasons)):
                leads[start :: len(self.reasons)].action_set_lost(lost_reason_id=self.reasons[start].id)
        elif kind == "archived":
            leads.active = False

    def make_what_hangs_on_them(self):
        """Make activities, appointments, messages and notes of leads and customers."""
        at = datetime.now()
        leads = self.leads.filtered("active")
        todo = self.env["mail.activity.type"].search([("res_model", "=", False)])
        self.env["mail.activity"].create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                    "res_id": lead.id,
                    "activity_type_id": self.chance.choice(todo.ids),
                    "user_id": self.chance.choice(self.sellers.filtered("active").ids),
                    "date_deadline": at.date() + timedelta(days=self.chance.randrange(-60, 60)),
                    "summary": "Follow up",
                }
                for lead in leads[::5]
            ]
        )
        self.env["mail.activity"].search([], limit=len(leads) // 20, order="id desc").action_feedback("Done")
        self.env["calendar.event"].create(
            [
                {
                    "name": f"Visit about {lead.name}",
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "opportunity_id": lead.id,
                    "user_id": self.sellers[0].id,
                    "partner_ids": [Command.set(lead.partner_id.ids)],
                }
                for lead in leads[::15]
                for start in [at - timedelta(days=self.chance.randrange(-60, 1500))]
            ]
        )
        for record in [*self.leads[::8], *self.customers[::6]]:
            record.message_post(body=f"About {record.name}", subtype_xmlid="mail.mt_note")

    def spread_over_years(self):
        """Date what was made back, as its days cannot be chosen: by SQL, so before our addons are there to see it."""
        cr = self.env.cr
        days = 365 * YEARS
        for table, columns in (
            ("crm_lead", ("create_date", "date_open", "date_last_stage_update")),
            ("mail_message", ("create_date", "date")),
        ):
            for column in columns:
                cr.execute(
                    SQL(
                        """
                        UPDATE %(table)s
                           SET %(column)s = %(column)s - make_interval(days => mod(id::bigint * 7919, %(days)s)::int)
                        """,
                        table=SQL.identifier(table),
                        column=SQL.identifier(column),
                        days=days,
                    )
                )
        cr.execute(
            """
            UPDATE crm_lead SET date_closed = LEAST(create_date + make_interval(days => id % 90), date_closed)
             WHERE date_closed IS NOT NULL
            """
        )
        self.env.invalidate_all()
