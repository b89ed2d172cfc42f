"""A source, and people who see what came in of it, for the tests of the screens behind them."""

from odoo import Command
from odoo.tests import TransactionCase, new_test_user

from ..tools import desk


class ByHand:
    """A sender who is let in without a key, as keys are tested elsewhere."""

    def __init__(self, source):
        self.source_id = source.id

    def admit(self, env):
        return env["crm.intake.source"]._get_config(self.source_id)


class InboxCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = new_test_user(
            cls.env, "intake_officer", "sales_team.group_sale_salesman,crm_leadintake.group_intake_officer"
        )
        cls.manager = new_test_user(
            cls.env, "intake_manager", "sales_team.group_sale_salesman,crm_leadintake.group_intake_manager"
        )
        cls.source = cls.env["crm.intake.source"].create({"name": "Partner"})
        cls.Inbox = cls.env["crm.lead.inbox"]

    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()

    def _send(self, *records, source=None, door="json"):
        """Hand in records, and return their rows."""
        self.env.flush_all()
        answers = desk.submit(self.env.registry, ByHand(source or self.source), list(records), door)
        self.env.invalidate_all()
        references = [answer["reference"] for answer in answers]
        rows = self.Inbox.search([("reference", "in", references)])
        return rows.sorted(lambda row: references.index(row.reference))

    def _map(self, external_name, field, values=None):
        self.env["crm.intake.mapping"].create(
            {
                "source_id": self.source.id,
                "external_name": external_name,
                "field_id": self.env["ir.model.fields"]._get("crm.lead", field).id,
                "value_ids": [
                    Command.create({"external_value": theirs, "value": ours}) for theirs, ours in (values or {}).items()
                ],
            }
        )

    def _open_correction(self, rows, user=None):
        action = rows.with_user(user or self.officer).action_correct()
        return self.env["crm.lead.inbox.correct"].with_user(user or self.officer).browse(action["res_id"])
