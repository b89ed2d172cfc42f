from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .inbox_case import InboxCase

BAD = {"external_id": "A-1", "company": "Acme", "email": "jane(at)acme.example"}


@tagged("post_install", "-at_install")
class TestCorrecting(InboxCase):
    def test_a_corrected_lead_is_made(self):
        row = self._send(BAD)
        self.assertEqual((row.state, row.problems[0]["rule"]), ("failed", "format"))
        wizard = self._open_correction(row)
        lines = {line.name: line for line in wizard.line_ids}
        self.assertEqual(set(lines), {"company", "email"})
        self.assertIn("jane(at)acme.example is not one e-mail address", lines["email"].problem)
        self.assertFalse(lines["company"].problem)
        lines["email"].value = "jane@acme.example"
        wizard.action_apply()
        self.assertEqual((row.state, row.lead_id.email_from), ("done", "jane@acme.example"))

    def test_a_field_is_added_and_another_left_out(self):
        row = self._send({"external_id": "A-2", "colour": "red"})
        with Form(self._open_correction(row)) as form:
            form.line_ids.remove(0)
            with form.line_ids.new() as line:
                line.name, line.value = "subject", "Chairs"
        form.record.action_apply()
        self.assertEqual((row.state, row.lead_id.name, row._get_values()), ("done", "Chairs", {"subject": "Chairs"}))

    def test_the_sender_s_repetition_is_the_same_lead_after_a_correction(self):
        row = self._send(BAD)
        sent_hash = row.content_hash
        wizard = self._open_correction(row)
        wizard.line_ids.filtered(lambda line: line.name == "email").value = "jane@acme.example"
        wizard.action_apply()
        self.assertEqual((row.external_id, row.content_hash), ("A-1", sent_hash))
        self.assertEqual(self._send(BAD), row)
        self.assertEqual((row.state, row.lead_id.email_from), ("done", "jane@acme.example"))
        self.assertEqual(self.env["crm.lead"].search_count([("intake_source_id", "=", self.source.id)]), 1)

    def test_the_sender_s_own_correction_updates_the_lead_that_a_person_made(self):
        row = self._send(BAD)
        wizard = self._open_correction(row)
        wizard.line_ids.filtered(lambda line: line.name == "email").value = "jane@acme.example"
        wizard.action_apply()
        lead = row.lead_id
        self.assertEqual(self._send(BAD | {"email": "jane.doe@acme.example"}), row)
        self.assertEqual((row.lead_id, lead.email_from), (lead, "jane.doe@acme.example"))

    def test_without_an_external_id_too_a_corrected_lead_is_made_once(self):
        bad = {"company": "Acme", "email": "nobody"}
        row = self._send(bad)
        wizard = self._open_correction(row)
        wizard.line_ids.filtered(lambda line: line.name == "email").value = "jane@acme.example"
        wizard.action_apply()
        self.assertEqual(self._send(bad), row)
        self.assertEqual(self.env["crm.lead"].search_count([("intake_source_id", "=", self.source.id)]), 1)

    def test_a_wrong_value_of_many_leads_is_corrected_once(self):
        self._map("Land", "country_id")
        rows = self._send(
            *[{"external_id": f"B-{n}", "company": f"Shop {n}", "Land": "Holand"} for n in range(5)],
            {"external_id": "B-9", "company": "Shop 9", "Land": "Atlantis"},
            {"external_id": "B-10", "company": "Shop 10", "colour": "red"},
        )
        self.assertEqual(set(rows.mapped("state")), {"failed"})
        wizard = self._open_correction(rows)
        lines = {(line.name, line.old_value): line for line in wizard.line_ids}
        self.assertEqual(
            {key: line.row_count for key, line in lines.items()},
            {
                ("Land", "Holand"): 5,
                ("Land", "Atlantis"): 1,
                ("colour", "red"): 1,
            },
        )
        lines["Land", "Holand"].value = "NL"
        lines["colour", "red"].is_left_out = True
        wizard.action_apply()
        self.assertEqual(rows[:5].mapped("state"), ["done"] * 5)
        self.assertEqual(rows[:5].lead_id.country_id.code, "NL")
        self.assertEqual(rows[5].state, "failed", "what nobody has corrected goes on waiting")
        self.assertEqual((rows[6].state, rows[6]._get_values()), ("done", {"company": "Shop 10"}))

    def test_a_list_stays_a_list_and_what_is_not_touched_stays_what_it_was(self):
        row = self._send({"external_id": "C", "company": "Acme", "tags": ["Hot", "New"], "value": 12.5, "email": "x"})
        wizard = self._open_correction(row)
        wizard.line_ids.filtered(lambda line: line.name == "email").value = "jane@acme.example"
        wizard.line_ids.filtered(lambda line: line.name == "tags").value = "Hot\nOld"
        wizard.action_apply()
        self.assertEqual(row._get_values()["tags"], ["Hot", "Old"])
        self.assertEqual(row._get_values()["value"], 12.5)

    def test_what_is_still_wrong_waits_with_the_new_reason(self):
        row = self._send(BAD)
        wizard = self._open_correction(row)
        wizard.line_ids.filtered(lambda line: line.name == "email").value = "still wrong"
        action = wizard.action_apply()
        self.assertEqual(row.state, "failed")
        self.assertIn("still wrong is not one e-mail address", row.reason)
        self.assertEqual(action["params"]["type"], "warning")

    def test_content_that_the_sender_has_changed_meanwhile_is_not_overwritten(self):
        row = self._send(BAD)
        wizard = self._open_correction(row)
        self._send(BAD | {"email": "also wrong"})
        with self.assertRaisesRegex(UserError, "changed in the meantime"):
            wizard.action_apply()
        self.assertEqual(row._get_values()["email"], "also wrong")

    def test_a_person_cannot_type_what_no_door_takes(self):
        row = self._send(BAD)
        wizard = self._open_correction(row)
        wizard.line_ids = [(0, 0, {"name": "external_id", "value": "other"})]
        with self.assertRaises(UserError):
            wizard.action_apply()
        self.assertEqual((row.state, row.external_id), ("failed", "A-1"))

    def test_the_history_says_who_corrected_which_field_and_no_value(self):
        row = self._send(BAD)
        wizard = self._open_correction(row)
        wizard.line_ids.filtered(lambda line: line.name == "email").value = "jane@acme.example"
        wizard.action_apply()
        message = row.message_ids.filtered(lambda message: "Corrected" in message.body)
        self.assertEqual(message.author_id, self.officer.partner_id)
        self.assertIn("email", message.body)
        self.assertNotIn("acme", "".join(row.message_ids.mapped("body")))

    def test_only_what_waits_can_be_corrected(self):
        row = self._send({"external_id": "D", "company": "Acme"})
        with self.assertRaises(UserError):
            row.with_user(self.officer).action_correct()


@tagged("post_install", "-at_install")
class TestProcessingAgain(InboxCase):
    def test_what_waited_for_a_mapping_is_processed_again(self):
        rows = self._send({"external_id": "A", "Firma": "Acme"}, {"external_id": "B", "Firma": "Bolt"})
        self.assertEqual(set(rows.mapped("state")), {"failed"})
        self._map("Firma", "partner_name")
        action = rows.with_user(self.officer).action_process_again()
        self.assertEqual(rows.mapped("state"), ["done", "done"])
        self.assertEqual(action["params"]["message"], "Lead: 2")

    def test_many_are_handed_to_the_job(self):
        rows = self._send(*[{"external_id": str(n), "Firma": f"Shop {n}"} for n in range(501)])
        self._map("Firma", "partner_name")
        action = rows.with_user(self.officer).action_process_again()
        self.assertIn("501", action["params"]["message"])
        self.assertEqual(set(rows.mapped("state")), {"new"})
        self.assertTrue(
            self.env["ir.cron.trigger"].search_count(
                [("cron_id", "=", self.env.ref("crm_leadintake.ir_cron_crm_lead_inbox").id)]
            )
        )
        rows._process_waiting()
        self.assertEqual(set(rows.mapped("state")), {"done"})

    def test_what_is_done_is_not_done_again(self):
        row = self._send({"external_id": "A", "company": "Acme"})
        lead = row.lead_id
        row.with_user(self.officer).action_process_again()
        self.assertEqual((row.state, row.lead_id, row.attempts), ("done", lead, 1))

    def test_a_rejection_is_undone(self):
        row = self._send(BAD)
        row.with_user(self.officer).action_reject()
        self.assertEqual((row.state, row.action), ("rejected", "rejected"))
        self.assertIn("rejected by hand", row.reason)
        row.with_user(self.officer).action_undo_reject()
        self.assertEqual(row.state, "failed")
        self.assertEqual([problem["rule"] for problem in row.problems], ["format"])

    def test_a_duplicate_that_was_refused_is_taken_once_the_source_says_so(self):
        self.source.duplicate_action = "reject"
        first = self._send({"external_id": "A", "email": "jane@acme.example"})
        row = self._send({"external_id": "B", "email": "jane@acme.example"})
        self.assertEqual(row.state, "rejected")
        self.source.duplicate_action = "link"
        row.with_user(self.officer).action_undo_reject()
        self.assertEqual((row.state, row.lead_id), ("duplicate", first.lead_id))

    def test_who_does_not_see_the_inbox_changes_nothing_in_it(self):
        row = self._send(BAD)
        outsider = new_test_user(self.env, "intake_salesman", "sales_team.group_sale_salesman")
        for action in ("action_correct", "action_process_again", "action_reject", "action_undo_reject"):
            with self.assertRaises(AccessError, msg=action):
                getattr(row.with_user(outsider), action)()
        self.assertEqual(row.state, "failed")

    def test_rows_are_written_by_no_one_but_these_actions(self):
        row = self._send(BAD)
        for user in (self.officer, self.manager):
            with self.assertRaises(AccessError):
                row.with_user(user).write({"state": "done"})
            with self.assertRaises(AccessError):
                row.with_user(user).unlink()

    def test_somebody_else_s_correction_is_not_opened(self):
        wizard = self._open_correction(self._send(BAD))
        with self.assertRaises(AccessError):
            wizard.with_user(self.manager).action_apply()


@tagged("post_install", "-at_install")
class TestReading(InboxCase):
    def test_a_row_says_who_it_is_about_whatever_the_sender_calls_it(self):
        self._map("Firma", "partner_name")
        sent = {"external_id": "A", "Firma": "Acme", "contact_name": "Jane Doe", "email": "jane@acme.example"}
        row = self._send(sent)
        self.assertEqual(row.summary, "Jane Doe, Acme, jane@acme.example")
        self.assertEqual(self.Inbox.search([("summary", "ilike", "acme.exam")]), row)

    def test_quotes_and_accents_are_found(self):
        row = self._send({"external_id": "A", "company": 'Café "Zürich"'})
        self.assertEqual(self.Inbox.search([("summary", "ilike", 'café "z')]), row)

    def test_reasons_are_found(self):
        row = self._send(BAD)
        self.assertEqual(self.Inbox.search([("reason", "ilike", "jane(at)acme")]), row)

    def test_each_field_stands_beside_what_is_wrong_with_it(self):
        row = self._send(BAD | {"company": "<b>Acme</b><script>alert(1)</script>"})
        content = row.with_user(self.officer).content
        self.assertIn("is not one e-mail address", content)
        self.assertNotIn("<script", content)
        self.assertIn("&lt;b&gt;Acme", content)

    def test_a_list_of_rows_costs_as_many_queries_as_one(self):
        rows = self._send(*[{"external_id": str(n), "company": f"Shop {n}", "email": "x"} for n in range(40)])
        names = ["summary", "reason", "state", "source_id", "lead_id"]
        self.env.invalidate_all()
        with self.assertQueryCount(9):
            rows.with_user(self.officer).read(names)
