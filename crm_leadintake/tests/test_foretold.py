"""What is inserted with a lead, so that Odoo need not compute it afterwards, is what Odoo would have computed."""

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..models.crm_lead_foretold import BY_PROBABILITY

LEAN = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
    "intake_keep_customer": True,
}
WHEN = ("id", "create_date", "write_date")


@tagged("post_install", "-at_install")
class TestForetold(TransactionCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nl, cls.de = cls.env.ref("base.nl"), cls.env.ref("base.de")
        cls.team = cls.env["crm.team"].create({"name": "Intake", "company_id": cls.env.company.id})
        cls.stage = cls.env["crm.stage"].create({"name": "Foretold", "team_ids": cls.team.ids})
        cls.customer = cls.env["res.partner"].create(
            {"name": "Ann", "email": "ann@x.example", "phone": "+31612345679", "lang": "en_US", "city": "Utrecht"}
        )
        cls.tag = cls.env["crm.tag"].create({"name": "Foretold"})
        cls.plain = {
            "name": "Lead",
            "type": "lead",
            "company_id": cls.env.company.id,
            "user_id": cls.env.ref("base.user_admin").id,
            "team_id": cls.team.id,
            "stage_id": cls.stage.id,
        }
        cls.env["crm.lead.scoring.frequency"].search([]).unlink()

    def variants(self):
        """Leads as they may come in."""
        yield from (
            {},
            {"email_from": "jane@x.example"},
            {"email_from": '"Jane" <jane@x.example>'},
            {"email_from": "JANE.Doe+x@GMAIL.com"},
            {"email_from": "a@b.example, c@d.example"},
            {"email_from": "jäne@x.example"},
            {"email_from": "nonsense"},
            {"phone": "0612345678", "country_id": self.nl.id},
            {"phone": "0612345678"},
            {"phone": "+49 1512 2526161"},
            {"phone": "123", "country_id": self.nl.id},
            {"phone": "+32 470 12 34 56", "country_id": self.de.id, "email_from": "jane@x.example"},
            {"expected_revenue": 1234.555},
            {"user_id": False},
            {"team_id": False},
            {"type": "opportunity", "date_deadline": "2026-12-31", "priority": "2"},
            {"tag_ids": [(6, 0, self.tag.ids)], "contact_name": "Jane", "partner_name": "X", "function": "CEO"},
            {"lang_id": self.env["res.lang"].search([], limit=1).id, "street": "A", "zip": "1", "city": "B"},
        )

    def assertStoredAlike(self, variants):
        values = [{**self.plain, **variant} for variant in variants]
        leads = self.env["crm.lead"].with_context(**LEAN)
        with freeze_time("2026-11-25 12:00:00"):
            usual = leads.concat(*(leads.create(dict(vals)) for vals in values))
            foretold = leads.with_context(intake_batch=True).create([dict(vals) for vals in values])
        for variant, one, other in zip(variants, self.stored(usual), self.stored(foretold), strict=True):
            with self.subTest(variant=variant):
                self.assertEqual(one, other)

    def stored(self, leads):
        self.env.flush_all()
        fields = self.env["crm.lead"]._fields
        left_out = (*WHEN, *self._get_chances())
        names = [name for name, field in fields.items() if field.store and field.column_type and name not in left_out]
        columns = SQL(", ").join(map(SQL.identifier, names))
        self.env.cr.execute(SQL("SELECT %s FROM crm_lead WHERE id IN %s ORDER BY id", columns, leads._ids))
        return self.env.cr.dictfetchall()

    def _get_chances(self):
        """Where another addon scores, Odoo does so for the batch, and invents the chances of all but the first."""
        return () if "probability" in self.env["crm.lead"]._get_foretold_names() else BY_PROBABILITY

    def learn(self, *frequencies):
        self.env["crm.lead.scoring.frequency"].create(
            [
                {"variable": variable, "value": value, "won_count": won, "lost_count": lost, "team_id": team}
                for variable, value, won, lost in frequencies
                for team in (False, self.team.id)
            ]
        )

    def test_a_lead_of_a_batch_is_stored_as_odoo_stores_it(self):
        self.assertStoredAlike(list(self.variants()))

    def test_its_chance_is_what_odoo_has_learned(self):
        self.env["ir.config_parameter"].set_param("crm.pls_fields", "country_id,phone_state,email_state,tag_ids")
        first_stage = self.env["crm.stage"].search([("team_ids", "=", False)], limit=1)
        self.learn(
            ("stage_id", str(first_stage.id), 10, 20),
            ("stage_id", str(self.stage.id), 9, 12),
            ("email_state", "correct", 8, 9),
            ("email_state", "incorrect", 1, 7),
            ("phone_state", "correct", 5, 2),
            ("phone_state", "incorrect", 1, 7),
            ("country_id", str(self.nl.id), 6, 2),
            ("country_id", str(self.de.id), 1, 9),
            ("tag_id", str(self.tag.id), 60, 20),
        )
        self.assertStoredAlike(list(self.variants()))
        if self._get_chances():
            return
        chances = {row["probability"] for row in self.stored(self.env["crm.lead"].search([("name", "=", "Lead")]))}
        self.assertGreater(len(chances), 3)

    def test_leads_of_customers_are_left_to_odoo(self):
        self.assertStoredAlike([{"partner_id": self.customer.id}])
        self.assertStoredAlike([{"partner_id": self.customer.id, "email_from": "x@y.example", "phone": "0612345678"}])

    def test_a_given_chance_and_a_won_stage_are_left_to_odoo(self):
        self.assertStoredAlike([{"probability": 30.0, "expected_revenue": 50.0}])
        self.stage.is_won = True
        self.assertStoredAlike([{}])

    def test_what_another_addon_computes_its_own_way_is_left_to_it(self):
        Lead = type(self.env["crm.lead"])

        def compute(leads):
            leads.email_domain_criterion = "@elsewhere"

        self.patch(Lead, "_compute_email_domain_criterion", compute)
        leads = self.env["crm.lead"].with_context(intake_batch=True, **LEAN)
        lead = leads.create({**self.plain, "email_from": "a@b.nl"})
        self.assertEqual(lead.email_domain_criterion, "@elsewhere")

    def test_a_batch_is_still_refused_for_a_record_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.team.company_id = other
        values = [dict(self.plain, team_id=team) for team in (False, self.team.id, False)]
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(Exception, "company inconsistencies"):
            self.env["crm.lead"].with_context(intake_batch=True, **LEAN).create(values)
