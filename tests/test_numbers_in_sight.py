"""No number tells of what its reader may not see: it is the same before and after something hidden is there."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.crm_salesboard.tests.common import SalesBoardCase
from odoo.addons.crm_salesboard.tests.test_restricted import SECRET, RestrictedCase

from tests.rights.numbers import computed_numbers, read_numbers

LOGGERS = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
# What has to change for whoever sees what was hidden: else the test would look at nothing.
SEEN = ("board", "funnel", "export", "customer page", "groups of crm.lead", "groups of crm.note", "groups of crm.call")


class NumbersCase:
    """Compares numbers of users before and after."""

    @classmethod
    def _read_each(cls, users, records):
        with mute_logger(*LOGGERS):
            return {user: read_numbers(user, records) for user in users}

    def _assert_same(self, before, after):
        for user, numbers in after.items():
            self.assertTrue(numbers, user.login)
            for what in numbers.keys() | before[user].keys():
                with self.subTest(user=user.login, what=what):
                    self.assertEqual(numbers.get(what), before[user].get(what))

    def _assert_changed(self, before, after, names):
        """For a user who sees it."""
        changed = {what for what, number in after.items() if number != before.get(what)}
        self.assertFalse(set(names) - changed)


@tagged("post_install", "-at_install")
class TestNumbersOfRestrictedProjects(NumbersCase, RestrictedCase):
    @classmethod
    def _hang_things_on(cls, lead):
        """Numbers are read before the project is there, too."""
        lead.unlink()
        cls.colleagues = cls.outsiders - cls.portal
        cls.in_sight = [cls.partner, cls._make_lead(name="In sight", user_id=cls.manager.id), cls.process, cls.team]
        cls.before = cls._read_each(cls.colleagues | cls.sales, cls.in_sight)
        cls.lead = cls._make_lead(name=SECRET, expected_revenue=4242, email_from="z@zanzibar.example")
        super()._hang_things_on(cls.lead)
        cls.order_of_lead.unlink()  # which stays in sight

    def test_nobody_elses_numbers_change(self):
        self._assert_same(self.before, self._read_each(self.colleagues, self.in_sight))

    def test_those_of_who_sees_it_do(self):
        after = self._read_each(self.sales, self.in_sight)[self.sales]
        self._assert_changed(self.before[self.sales], after, SEEN)

    def test_there_are_numbers_on_customers_and_projects(self):
        of_customer, of_project = set(computed_numbers(self.partner)), set(computed_numbers(self.lead))
        self.assertLessEqual({"note_count", "call_count", "letter_count", "ticket_count"}, of_customer)
        self.assertLessEqual({"note_count", "call_count", "document_count"}, of_project)


@tagged("post_install", "-at_install")
class TestNumbersOfPrivateCustomers(NumbersCase, SalesBoardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_allow_export").user_ids |= cls.sales | cls.other | cls.all_leads | cls.manager
        cls.env["crm.private.customers"]._switch(True, "everybody")
        cls.colleagues = cls.sales | cls.all_leads | cls.outsider
        cls.in_sight = [cls.partner, cls._make_lead(user_id=cls.sales.id), cls.process, cls.team]
        cls.before = cls._read_each(cls.colleagues | cls.other, cls.in_sight)
        owned = {"user_id": cls.other.id}
        theirs = cls.env["res.partner"].create({"name": "Theirs", "is_company": True, **owned})
        lead = cls._make_lead(partner_id=theirs.id, **owned)
        cls.env["crm.note"].create({"partner_id": theirs.id, "lead_id": lead.id, "text": "<p>x</p>"})
        cls.env["crm.call"].create({"partner_id": theirs.id, "lead_id": lead.id, "number": "+31205550100", **owned})
        cls.env["crm.lead.contact"].create({"lead_id": lead.id, "name": "Somebody"})
        cls.env["crm.letter"].create({"partner_id": theirs.id, "subject": "x", "body": "<p>x</p>", **owned})
        cls.env["crm.ticket"].create({"name": "x", "partner_id": theirs.id, **owned})
        lead.write({"board_column_id": cls._column("status", cls.offer).id})

    def test_nobody_elses_numbers_change(self):
        self._assert_same(self.before, self._read_each(self.colleagues, self.in_sight))

    def test_those_of_the_owner_do(self):
        after = self._read_each(self.other, self.in_sight)[self.other]
        seen = {*SEEN, "groups of res.partner", "groups of crm.letter", "groups of crm.ticket"} - {"customer page"}
        self._assert_changed(self.before[self.other], after, seen)
