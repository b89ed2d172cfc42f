from odoo.tests import tagged

from .inbox_case import InboxCase

JANE = {"email": "jane@example.com", "contact_name": "Jane Doe"}


@tagged("post_install", "-at_install")
class TestSecondLook(InboxCase):
    """What was refused as a duplicate is looked at anew when it gets new content, or is no longer rejected."""

    def setUp(self):
        super().setUp()
        self.source.duplicate_action = "reject"
        self.partner = self.env["res.partner"].create({"name": "Jane Doe", "email": "jane@example.com"})
        self.lead = self._send({"external_id": "A", **JANE}).lead_id
        self.row = self._send({"external_id": "B", **JANE})
        self.assertEqual((self.row.state, self.row.lead_id, self.row.partner_id), ("rejected", self.lead, self.partner))

    def _undo(self):
        self.row.with_user(self.officer).action_undo_reject()

    def _assert_new_lead(self):
        self.assertEqual((self.row.state, self.row.action), ("done", "created"))
        self.assertTrue(self.row.lead_id)
        self.assertNotEqual(self.row.lead_id, self.lead)

    def test_once_the_other_lead_is_lost_it_is_a_lead(self):
        self.lead.action_set_lost()
        self._undo()
        self._assert_new_lead()

    def test_as_long_as_the_other_lead_is_open_it_is_refused_again(self):
        self._undo()
        self.assertEqual((self.row.state, self.row.action, self.row.lead_id), ("rejected", "rejected", self.lead))

    def test_with_the_content_of_somebody_else_it_is_their_lead(self):
        self._send({"external_id": "B", "email": "bob@example.com"})
        self._assert_new_lead()
        self.assertEqual((self.row.lead_id.email_from, self.lead.email_from), ("bob@example.com", JANE["email"]))
        self.assertFalse(self.row.partner_id)

    def test_new_content_of_the_same_person_is_a_lead_once_the_other_one_is_lost(self):
        self.lead.action_set_lost()
        self._send({"external_id": "B", **JANE, "city": "Breda"})
        self._assert_new_lead()

    def test_rejected_for_another_reason_it_is_nobody_s_duplicate(self):
        self._send({"external_id": "B", **JANE, "value": "a lot"})
        self.assertEqual((self.row.state, self.row.lead_id.ids, self.row.partner_id.ids), ("failed", [], []))
        self.row.with_user(self.officer).action_reject()
        self.assertEqual((self.row.action, self.row.lead_id.ids), ("rejected", []))

    def test_no_longer_rejected_and_then_to_be_corrected_it_is_nobody_s_duplicate(self):
        self._map("contact_name", "expected_revenue")
        self._undo()
        self.assertEqual((self.row.state, self.row.lead_id.ids, self.row.partner_id.ids), ("failed", [], []))

    def test_a_row_that_waits_and_names_a_lead_is_not_the_duplicate_of_that_one_unseen(self):
        self.lead.action_set_lost()
        self.row.write({"state": "new", "action": False})
        self.env.flush_all()
        self.row._process_waiting()
        self._assert_new_lead()


@tagged("post_install", "-at_install")
class TestSecondContent(InboxCase):
    """What is sent of a lead that is there adds to it, and takes nothing from what became of it."""

    def _told(self):
        [told] = self.Inbox._get_status(self.source.id, ["A"])
        return told["state"]

    def test_a_lead_is_told_as_what_it_is_while_an_update_of_it_waits_and_after_one_was_rejected(self):
        row = self._send({"external_id": "A", **JANE})
        lead = row.lead_id
        lead.action_set_won()
        self._send({"external_id": "A", "email": "nobody"})
        self.assertEqual((row.state, self._told()), ("failed", "won"))
        row.with_user(self.officer).action_reject()
        self.assertEqual((row.state, self._told()), ("rejected", "won"))
        lead.unlink()
        self.env.flush_all()
        self.assertEqual(self._told(), "rejected")

    def test_a_lead_is_told_as_what_it_is_after_an_update_of_it_has_expired(self):
        row = self._send({"external_id": "A", **JANE})
        self._send({"external_id": "A", "email": "nobody"})
        before = self._told()
        row._empty_content()
        self.assertEqual(row.state, "rejected")
        self.assertEqual(self._told(), before)
        self.assertIn(before, ("open", "promoted"))

    def test_what_was_refused_is_told_as_rejected_whatever_becomes_of_the_other_lead(self):
        self.source.duplicate_action = "reject"
        lead = self._send({"external_id": "other", **JANE}).lead_id
        self._send({"external_id": "A", **JANE})
        lead.action_set_won()
        self.assertEqual(self._told(), "rejected")

    def test_tags_that_are_sent_again_are_added_to_those_that_people_have_set(self):
        sent, typed, later = self.env["crm.tag"].create([{"name": f"Intake {name}"} for name in ("A", "B", "C")])
        self.source.duplicate_action = "update"
        lead = self._send({"external_id": "A", **JANE, "tags": [sent.name]}).lead_id
        self.assertEqual(lead.tag_ids, sent)
        lead.tag_ids += typed
        for external_id in ("A", "of the same person"):
            with self.subTest(external_id):
                lead.tag_ids -= later
                self._send({"external_id": external_id, **JANE, "tags": [later.name]})
                self.assertEqual(lead.tag_ids, sent | typed | later)
