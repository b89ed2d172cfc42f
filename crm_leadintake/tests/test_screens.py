from odoo.tests import HttpCase, new_test_user, tagged

from ..tools import desk
from .inbox_case import ByHand


class IntakeScreen(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(
            cls.env,
            "intake_manager",
            "sales_team.group_sale_salesman_all_leads,crm_leadintake.group_intake_manager",
            tz="UTC",
        )
        cls.env["crm.lead.inbox"].search([]).unlink()
        cls.source = cls.env["crm.intake.source"].create({"name": "Tour partner"})

    def _send(self, *records):
        self.env.flush_all()
        desk.submit(self.env.registry, ByHand(self.source), list(records), "json")
        self.env.invalidate_all()
        return self.env["crm.lead.inbox"].search([("source_id", "=", self.source.id)])

    def _tour(self, name, timeout=90):
        self.start_tour("/odoo/crm", name, login="intake_manager", timeout=timeout)


@tagged("post_install", "-at_install")
class TestScreens(IntakeScreen):
    def test_a_key_is_shown_once_renewed_and_withdrawn(self):
        self._tour("crm_leadintake_key")
        self.assertEqual(sorted(self.source.key_ids.mapped("state")), ["ending", "withdrawn"])

    def test_a_test_lead_is_sent_looked_at_and_deleted(self):
        self._tour("crm_leadintake_test_lead")
        self.assertFalse(self.env["crm.lead.inbox"].search([("source_id", "=", self.source.id)]))
        self.assertFalse(self.env["crm.lead"].search([("intake_source_id", "=", self.source.id)]))

    def test_wrong_values_are_corrected_in_bulk_and_one_by_one(self):
        rows = self._send(
            *[{"external_id": f"T-{n}", "company": f"Tour shop {n}", "country": "Holand"} for n in (1, 2, 3)],
            {"external_id": "T-9", "company": "Tour shop 9", "email": "nobody"},
        )
        self._tour("crm_leadintake_correct")
        self.assertEqual(set(rows.mapped("state")), {"done"})
        self.assertEqual(set(rows.lead_id.mapped("country_id.code")), {"NL"})

    def test_what_came_in_is_seen_by_source_and_day(self):
        self._send(
            {"external_id": "T-1", "company": "Tour shop 1"},
            {"external_id": "T-2", "company": "Tour shop 2", "email": "nobody"},
        )
        self._tour("crm_leadintake_came_in")


@tagged("post_install", "-at_install")
class TestWhatCameIn(IntakeScreen):
    def test_accepted_duplicate_rejected_and_waiting_are_counted_by_source_and_day_without_tests(self):
        self.source.duplicate_action = "reject"
        self._send(
            {"external_id": "T-1", "email": "jane@shop.example"},
            {"external_id": "T-2", "email": "john@shop.example"},
        )
        self._send({"external_id": "T-3", "email": "jane@shop.example"}, {"external_id": "T-4", "email": "nobody"})
        self.source.duplicate_action = "link"
        self._send({"external_id": "T-5", "email": "john@shop.example"})
        self.source.action_send_test()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_leadintake.crm_lead_inbox_action_came_in")
        groups = (
            self.env["crm.lead.inbox"]
            .with_user(self.env.ref("base.user_admin"))
            ._read_group(
                [("is_test", "=", False), ("source_id", "=", self.source.id)],
                ["source_id", "received_at:day", "state"],
                ["__count", "processing_seconds:avg"],
            )
        )
        self.assertEqual(
            {state: count for _source, _day, state, count, _seconds in groups},
            {
                "done": 2,
                "rejected": 1,
                "failed": 1,
                "duplicate": 1,
            },
        )
        self.assertEqual(action["domain"], '[("is_test", "=", False)]')
        self.assertTrue(all(seconds > 0 for *_rest, state, _count, seconds in groups if state == "done"))
