from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CampaignCase

# The query of figures may cost this much, whatever the size.
BUDGET = 15


class SuccessCase(CampaignCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mail = cls.env.ref("utm.utm_medium_email")
        cls.phone = cls.env.ref("utm.utm_medium_phone")
        cls.interested = cls.env.ref("crm_campaign.crm_choice_campaign_result_interested")
        cls.not_interested = cls.env.ref("crm_campaign.crm_choice_campaign_result_not_interested")

    def _send(self, step, members, status, **values):
        """What Odoo's own traces tell of e-mails."""
        mailing = step.mailing_id or step._make_mailing() or step.mailing_id
        traces = self.env["mailing.trace"].sudo()
        for member in members:
            traces |= traces.create(
                {
                    "model": member._name,
                    "res_id": member.id,
                    "mass_mailing_id": mailing.id,
                    "email": f"{member.id}@example.com",
                    "trace_status": status,
                    **values,
                }
            )
        for member, trace in zip(members, traces, strict=True):
            self._make_dispatches(step, member, state="sent", trace_id=trace.id)

    def _tell(self):
        """A story: ten people, seven e-mails of which five arrived, calls with two, leads of members and others."""
        self.people = self._make_members(self._make_people(10))
        step = self._make_step("mail")
        self._send(step, self.people[0], "reply")
        self._send(step, self.people[1], "open", links_click_datetime="2026-01-01 10:00:00")
        self._send(step, self.people[2], "open")
        self._send(step, self.people[3:5], "sent")
        self._send(step, self.people[5], "bounce")
        self._send(step, self.people[6], "error")
        self._make_dispatches(step, self.people[7], state="left_out", reason="no_email")
        call = self._make_step("phone")
        self._make_dispatches(call, self.people[4], state="sent", result_id=self.interested.id)
        self._make_dispatches(call, self.people[7], state="sent", result_id=self.not_interested.id)
        self._make_dispatches(call, self.people[8])
        self._make_members(self.customer, state="left_out", reason="blacklisted")
        make = self._make_campaign_lead
        self.open_project = make(self.people[0], medium_id=self.mail.id, expected_revenue=700)
        self.won = make(self.people[1], medium_id=self.mail.id, expected_revenue=900)
        self._close(self.won, "order", actual_revenue=1000)
        self.lead = make(self.people[4], type="lead", medium_id=self.phone.id, expected_revenue=50)
        self.lost = make(self.people[4], expected_revenue=300)
        self._close(self.lost, "lost")
        self.website = self._make_contact(1, campaign_id=self.campaign.id, email_from="else@example.com")
        self.others_won = self._make_campaign_lead(None, expected_revenue=200)
        self._close(self.others_won, "order", actual_revenue=250)
        self.env.flush_all()

    def _make_campaign_lead(self, member, **values):
        partner = member.partner_id if member else self._make_person(77)
        defaults = {"partner_id": partner.id, "campaign_id": self.campaign.id, "company_id": self.home.id}
        return self._make_lead(**{**defaults, **values})

    def _success(self, user=None, campaign=None):
        return self._as(user or self.manager, campaign or self.campaign).success

    def _funnel(self, **kwargs):
        return {row["key"]: row["count"] for row in self._success(**kwargs)["funnel"]}

    def _opened(self, *args, user=None, **kwargs):
        action = self._as(user or self.manager, self.campaign).action_open_success(*args, **kwargs)
        records = self._as(user or self.manager, self.env[action["res_model"]])
        return records.with_context(**action["context"]).search(action["domain"])


@tagged("post_install", "-at_install")
class TestSuccess(SuccessCase):
    def test_the_funnel_tells_how_many_came_how_far(self):
        self._tell()
        self.assertEqual(
            self._funnel(),
            {
                "group": 10,
                "addressed": 8,
                "delivered": 6,
                "opened": 3,
                "reacted": 3,
                "leads": 4,
                "projects": 3,
                "won": 1,
            },
        )

    def test_each_number_is_a_part_of_the_one_before_and_of_the_group(self):
        self._tell()
        rows = {row["key"]: row for row in self._success()["funnel"]}
        shares = {key: (row["of_before"], row["of_group"]) for key, row in rows.items()}
        self.assertEqual(shares["group"], (None, None))
        self.assertEqual(shares["addressed"], (80.0, 80.0))
        self.assertEqual(shares["delivered"], (75.0, 60.0))
        self.assertEqual(shares["opened"], (60.0, 30.0), "Of the five e-mails that arrived")
        self.assertEqual(shares["reacted"], (50.0, 30.0))
        self.assertEqual(shares["won"], (33.3, 10.0))
        self.assertEqual([key for key, row in rows.items() if row["is_unreliable"]], ["opened"])

    def test_every_number_opens_exactly_what_it_counts(self):
        self._tell()
        success = self._success()
        asked = 0
        for row in success["funnel"]:
            who = {"who": "members"} if row["others"] is not None else {}
            found = self._opened(row["key"], **who)
            self.assertEqual(len(found), row["count"], row["key"])
            asked += 1
            if row["others"] is not None:
                self.assertEqual(len(self._opened(row["key"], who="others")), row["others"], row["key"])
        for channel in success["channels"]:
            for key in ("addressed", "delivered", "opened", "reacted", "leads", "projects", "won"):
                if channel[key] is not None:
                    found = self._opened(key, channel=channel["key"])
                    self.assertEqual(len(found), channel[key], (channel["key"], key))
                    asked += 1
        for result in success["results"]:
            self.assertEqual(len(self._opened("result", value=result["key"])), result["count"])
        for reason in success["left_out"]:
            self.assertEqual(len(self._opened("left_out", value=reason["key"])), reason["count"])
        self.assertGreater(asked, 20)
        self.assertEqual(self._opened("projected"), self.open_project)
        self.assertEqual(self._opened("won"), self.won | self.others_won)

    def test_it_tells_channels_results_and_reasons_apart(self):
        self._tell()
        success = self._success()
        channels = {row["key"]: row for row in success["channels"]}
        self.assertEqual(list(channels), ["mail", "phone", "other"])
        keys = ("addressed", "delivered", "opened", "reacted", "leads", "projects", "won")
        self.assertEqual([channels["mail"][key] for key in keys], [7, 5, 3, 2, 2, 2, 1])
        self.assertEqual([channels["phone"][key] for key in keys], [2, 2, None, 1, 1, 0, 0])
        self.assertEqual((channels["mail"]["projected"], channels["mail"]["value"]), (700, 1000))
        results = [(row["key"], row["count"]) for row in success["results"]]
        self.assertEqual(results, [(self.interested.id, 1), (self.not_interested.id, 1)])
        self.assertEqual([(row["key"], row["count"]) for row in success["left_out"]], [("blacklisted", 1)])

    def test_values_of_members_and_others_stand_against_the_cost(self):
        self._tell()
        values = self._success()["values"]
        self.assertEqual((values["projected"], values["won"], values["return"]), (700, 1250, None))
        self.campaign.cost_planned = 2500
        values = self._success()["values"]
        self.assertEqual((values["cost"], values["is_cost_planned"], values["return"]), (2500, True, -50.0))
        self.campaign.cost_actual = 500
        values = self._success()["values"]
        self.assertEqual((values["cost"], values["is_cost_planned"], values["return"]), (500, False, 150.0))

    def test_an_empty_campaign_divides_by_nothing(self):
        success = self._success()
        self.assertEqual(set(self._funnel().values()), {0})
        self.assertEqual((success["channels"], success["results"], success["left_out"]), ([], [], []))

    def test_it_costs_the_same_for_many_as_for_few(self):
        self._tell()
        self._success()
        counts = []
        for more in (0, 60):
            if more:
                members = self._make_members(self._make_people(more, start=3000))
                self._send(self._make_step("mail", is_repeat=True), members, "sent")
                for member in members[:20]:
                    self._make_campaign_lead(member)
            campaign = self._as(self.manager, self.campaign)
            before = self.env.cr.sql_log_count
            campaign.success  # noqa: B018 to read it is the test
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], BUDGET)

    def test_who_was_addressed_stays_in_the_group_whatever_comes_later(self):
        self._tell()
        self.people[0].sudo().write({"state": "left_out", "reason": "anonymised"})
        self.assertEqual((self._funnel()["group"], self._funnel()["addressed"]), (10, 8))
        self.assertEqual(len(self._opened("group")), 10)

    def test_leads_of_who_was_addressed_or_reacted_stay_theirs_whatever_comes_later(self):
        self._tell()
        self.people[9].result_lead_id = self._make_campaign_lead(self.people[9])
        before = self._funnel()
        self.people.sudo().write({"state": "left_out", "reason": "archived"})
        self.env.flush_all()
        after = self._funnel()
        self.assertEqual([after[key] for key in ("leads", "projects", "won")], [5, 4, 1])
        self.assertEqual(before["leads"], 5)
        self.assertEqual(len(self._opened("leads", who="members")), 5)

    # ------------------------------------------------------------
    # Members and others
    # ------------------------------------------------------------

    def test_leads_of_the_same_company_or_address_are_the_members_and_all_else_is_others(self):
        company = self._make_person(1, is_company=True)
        contact = self._make_person(2, parent_id=company.id)
        person = self._make_person(3)
        enquiry = self._make_contact(4)
        self._make_members(company | person)
        self._make_members(enquiry)
        cases = [
            ({"partner_id": company.id}, True),
            ({"partner_id": contact.id}, True),
            ({"partner_id": False, "email_from": "Person <PERSON3@example.com>"}, True),
            ({"partner_id": False, "email_from": enquiry.email_from}, True),
            ({"partner_id": False, "email_from": "somebody@example.com"}, False),
            ({"partner_id": False, "email_from": False}, False),
        ]
        for values, is_members in cases:
            lead = self._make_lead(**{"campaign_id": self.campaign.id, "company_id": self.home.id, **values})
            with self.subTest(values=values):
                self.assertEqual(bool(lead.campaign_as_member_id), is_members)
                self.assertEqual(lead in self._opened("leads", who="members"), is_members)
                self.assertEqual(lead in self._opened("leads", who="others"), not is_members)

    def test_members_of_one_campaign_are_others_in_the_next(self):
        person, other = self._make_person(1), self._make_campaign("Autumn")
        self._make_members(person)
        lead = self._make_lead(partner_id=person.id, campaign_id=other.id, company_id=self.home.id)
        self.assertFalse(lead.campaign_as_member_id)

    def test_what_a_reply_makes_natively_counts_as_well(self):
        member = self._make_members(self._make_person(1))
        alias = self.env["mail.alias"].create(
            {
                "alias_name": "fairleads",
                "alias_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "alias_defaults": repr({"campaign_id": self.campaign.id, "company_id": self.home.id}),
            }
        )
        alias.alias_domain_id = self.env["mail.alias.domain"].create({"name": "fair.example"})
        lead_id = self.env["mail.thread"].message_process(
            "crm.lead",
            f"From: <{member.email}>\nTo: fairleads@fair.example\nSubject: I come\n"
            "Message-Id: <native1@example.com>\n\nSee you",
        )
        self.assertIn(self.env["crm.lead"].browse(lead_id), self._opened("leads", who="members"))

    # ------------------------------------------------------------
    # Companies, currencies, rights
    # ------------------------------------------------------------

    def test_leads_of_other_companies_are_not_counted_and_those_of_none_are(self):
        person = self._make_person(1)
        self._make_members(person)
        self.team.company_id = False
        base = {"partner_id": person.id, "campaign_id": self.campaign.id, "team_id": False, "user_id": False}
        self._make_lead(**base, company_id=self.away.id)
        self._make_lead(**base, company_id=False)
        self._make_lead(**base, company_id=self.home.id)
        self.assertEqual(self._funnel()["leads"], 2)
        self.assertEqual(len(self._opened("leads")), 2)

    def test_amounts_of_other_currencies_count_at_the_rate_of_their_day(self):
        pounds = self.env.ref("base.GBP")
        pounds.active = True
        pounds.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            [
                {"currency_id": pounds.id, "name": "2020-01-01", "rate": 0.5, "company_id": self.home.id},
                {"currency_id": pounds.id, "name": "2024-01-01", "rate": 0.25, "company_id": self.home.id},
                {"currency_id": pounds.id, "name": "2020-01-01", "rate": 0.5, "company_id": self.away.id},
                {"currency_id": pounds.id, "name": "2024-01-01", "rate": 0.25, "company_id": self.away.id},
            ]
        )
        self.env["res.currency.rate"].search([("currency_id", "=", self.home.currency_id.id)]).unlink()
        self.away.currency_id = pounds
        self.manager.company_ids = [Command.link(self.away.id)]
        campaign = self._make_campaign("Everywhere", company_id=False)
        base = {"campaign_id": campaign.id, "user_id": False}
        self._make_lead(**base, expected_revenue=100, company_id=self.home.id)
        self._make_lead(**base, expected_revenue=100, company_id=self.away.id, team_id=False)
        won = self._make_lead(**base, expected_revenue=100, company_id=self.away.id, team_id=False)
        won.action_set_won()
        won.date_closed = "2021-06-01 12:00:00"
        self.env.flush_all()
        both = self._as(self.manager, campaign).with_context(allowed_company_ids=[self.home.id, self.away.id])
        values = both.success["values"]
        self.assertEqual(both.success["currency_id"], self.home.currency_id.id)
        self.assertEqual((values["projected"], values["won"]), (500, 200))

    def test_a_project_that_is_not_on_a_process_is_worth_what_was_expected_of_it(self):
        lead = self._make_native_lead(campaign_id=self.campaign.id, expected_revenue=640, company_id=self.home.id)
        lead.action_set_won()
        self.assertEqual(self._success()["values"]["won"], 640)

    def test_a_project_that_one_may_not_see_is_in_no_number_and_in_no_list(self):
        self._tell()
        projected = self._success()["values"]["projected"]
        self._as(self.sales, self.open_project).is_restricted = True
        for user in (self.manager, self.marketing):
            with self.subTest(user=user.login):
                self.assertEqual(self._funnel(user=user)["leads"], 3)
                values = self._success(user=user)["values"]
                self.assertEqual(values["projected"], projected - self.open_project.expected_revenue)
        seen = self._opened("leads", who="members")
        self.assertEqual((len(seen), self.open_project in seen), (3, False))

    def test_who_sees_their_own_leads_alone_is_told_of_no_others_and_of_no_return(self):
        self._tell()
        self.marketing.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        own = self._opened("leads", who="members", user=self.marketing)
        self.assertEqual(self._funnel(user=self.marketing)["leads"], len(own))
        self.assertLess(len(own), self._funnel()["leads"])
        self.assertIsNone(self._success(user=self.marketing)["values"]["return"])

    def test_marketing_sees_the_numbers_and_no_leads(self):
        self._tell()
        success = self._success(user=self.marketing)
        self.assertEqual(success["may_open"], {"members": True, "leads": False})
        self.assertEqual(self._funnel(user=self.marketing), self._funnel())
        self.assertEqual(len(self._opened("reacted", user=self.marketing)), 3)
        with self.assertRaises(AccessError):
            self._opened("leads", user=self.marketing)

    def test_salespeople_are_not_shown_the_success(self):
        with self.assertRaises(AccessError):
            self._as(self.sales, self.campaign).read(["success"])

    def test_merging_keeps_what_a_reaction_became(self):
        member = self._make_members(self._make_person(1))
        lead = self._make_campaign_lead(member)
        member.result_lead_id = lead
        kept = self._make_campaign_lead(member, name="Older")
        merged = (kept | lead).merge_opportunity()
        self.assertEqual(member.result_lead_id, merged)
        member.result_lead_id = kept.exists() or lead.exists()
        further = self._make_campaign_lead(member, name="Third")
        self.assertEqual(member.result_lead_id, (further | merged).merge_opportunity())
