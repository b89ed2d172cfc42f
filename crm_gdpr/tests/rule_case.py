"""Old contacts and leads, and rules about them alone, for the tests of rules."""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from .anonymise_case import AnonymiseCase


class RuleCase(AnonymiseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._make_user("privacy_second", "crm_gdpr.group_privacy_officer")
        cls.now = fields.Datetime.now()

    def _rule(self, user=None, **values):
        """A rule for contacts of this test, which has a reference, that were made more than 3 years ago."""
        return (
            self.env["crm.gdpr.rule"]
            .with_user(user or self.officer)
            .create(
                {
                    "name": "Old ones",
                    "contact_date": "create_date",
                    "domain": "[('ref', '=', 'old')]",
                    "share_limit": 100,
                    "number_limit": 100000,
                    **values,
                }
            )
        )

    def _lead_rule(self, **values):
        return self._rule(
            **{
                "model": "crm.lead",
                "domain": "[('referred', '=', 'old')]",
                "lead_date": "create_date",
                "delay": 2,
                **values,
            }
        )

    def _contact(self, name="Old One", years=4, **values):
        return self._age(self._make_contact(name, **{"ref": "old", **values}), years)

    def _leads(self, number=1, years=4, **values):
        leads = self.env["crm.lead"].create(
            [
                {"name": f"Roof {n}", "contact_name": f"Person No{n}", "referred": "old", "type": "lead", **values}
                for n in range(number)
            ]
        )
        return self._age(leads, years)

    def _age(self, records, years, column="create_date"):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = ANY(%s)",
                SQL.identifier(records._table),
                SQL.identifier(column),
                self.now - timedelta(days=years * 366),
                records.ids,
            )
        )
        self.env.invalidate_all()
        return records

    def _found(self, rule):
        """Whom the list shows."""
        return self.env[rule.model].with_context(active_test=False).search([("gdpr_rule_id", "=", rule.id)])

    def _numbers(self, rule):
        told = rule._count()
        return told["number"], told["along"], told["left_out"]

    def _in_test_mode(self):
        return self.enter_registry_test_mode()

    def _job(self):
        """What the job does, with its commits undone at the end of the test."""
        self.env.flush_all()
        with self._in_test_mode(), self.env.registry.cursor() as cr:
            self.env["crm.gdpr.rule"].with_env(self.env(cr=cr, su=True))._cron_run_rules()
        self.env.invalidate_all()

    def _switch_on_and_run(self, rule):
        rule.action_switch_on()
        self._job()
        return rule.run_ids[:1]
