from odoo.tests import tagged

from .common import SalesBoardCase

LINKS = ["crm.call", "crm.lead.contact", "crm.lead.user", "crm.note"]
# of a merge of two projects with nothing on them, with all addons of this repository installed
MERGE_BUDGET = 108


@tagged("post_install", "-at_install")
class TestLinkedRecords(SalesBoardCase):
    """What hangs on projects is found by one query, for all addons."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second = cls._make_lead(name="First"), cls._make_lead(name="Second")
        cls.leads = cls.first | cls.second

    def _make_linked(self, lead, user):
        """One of each kind on a project."""
        values = {"lead_id": lead.id}
        return [
            self.env["crm.call"].create({**values, "direction": "in", "number": "+31 6 11111111", "user_id": False}),
            self.env["crm.lead.contact"].create({**values, "name": f"Bo of {lead.name}"}),
            self.env["crm.lead.user"].create({**values, "user_id": user.id}),
            self.env["crm.note"].create({**values, "partner_id": self.partner.id, "summary": "A word"}),
        ]

    def _found(self, leads):
        found = leads._find_linked(leads._get_merge_links())
        return {model: ids for (model, _field), ids in found.items() if model in LINKS}

    def test_all_kinds_are_found_by_one_query_in_the_order_of_the_projects(self):
        of_first = self._make_linked(self.first, self.other)
        of_second = self._make_linked(self.second, self.other)
        of_third = self._make_linked(self._make_lead(name="Third"), self.other)
        self.assertEqual([record._name for record in of_third], LINKS)
        self.env.flush_all()
        with self.assertQueryCount(1):
            found = self._found(self.second | self.first)
        in_order = zip(of_second, of_first, strict=True)
        self.assertEqual(found, {one._name: [one.id, other.id] for one, other in in_order})

    def test_what_was_changed_just_now_is_found_where_it_is(self):
        note = self._make_linked(self.first, self.other)[-1]
        note.lead_id = self.second
        self.assertNotIn("crm.note", self._found(self.first))
        self.assertEqual(self._found(self.second), {"crm.note": note.ids})

    def test_all_of_it_follows_a_merge(self):
        records = self._make_linked(self.first, self.other) + self._make_linked(self.second, self.all_leads)
        merged = self.leads.with_user(self.manager).merge_opportunity()
        self.env.invalidate_all()
        self.assertEqual(len(records), 2 * len(LINKS))
        for record in records:
            self.assertEqual(record.lead_id, merged, record._name)

    def test_merging_takes_a_query_for_all_addons(self):
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(MERGE_BUDGET):
            self.leads.merge_opportunity()
            self.env.flush_all()

    def test_thousands_of_links_take_as_many_queries_to_find_as_one(self):
        call = {"direction": "in", "number": "+31 6 11111111", "user_id": False}
        calls = self.env["crm.call"].create([{**call, "lead_id": lead.id} for lead in self.leads for _ in range(1000)])
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertEqual(self._found(self.leads), {"crm.call": calls.ids})
