import base64

from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .test_ledger import LedgerCase


class TestReplay(LedgerCase):
    """A backup that is restored is what a rolled back savepoint leaves: records and log as they were before."""

    def _lose(self, act):
        """Do something, take the ledger away, and restore what was before; returns the ledger."""
        with self.env.cr.savepoint() as savepoint:
            act()
            self.env.flush_all()
            kept = base64.b64encode(self._export())
            savepoint.rollback()
        self.env.invalidate_all()
        return kept

    def _anonymise(self, *records):
        """What the engine notes when it has anonymised somebody."""
        for record in records:
            self.log._append("carried_out", record, {record._name: 1})

    def _open(self, kept, user=None):
        wizard = self.env["crm.gdpr.replay"].with_user(user or self.officer).create({"file": kept})
        wizard.action_read()
        return wizard

    def test_who_was_anonymised_after_the_backup_is_found_and_nobody_else(self):
        before, since, archived, other = (self._make_contact(name) for name in ("Before", "Since", "Archived", "Other"))
        archived.active = False
        self._anonymise(before)
        wizard = self._open(self._lose(lambda: self._anonymise(since, archived)))
        self.assertEqual(wizard.partner_ids, since + archived)
        self.assertEqual((wizard.record_count, wizard.unknown_count, wizard.problems), (2, 2, ""))
        self.assertNotIn(other, wizard.partner_ids)

    def test_they_are_handed_over_to_be_anonymised_and_that_is_noted(self):
        contact = self._make_contact()
        wizard = self._open(self._lose(lambda: self._anonymise(contact)))
        action = wizard.action_apply()
        request = self.env["crm.gdpr.request"].browse(action["res_id"])
        self.assertEqual((request.reason, request.line_ids.partner_id), ("replay", contact))
        entry = self.log.search([("event", "=", "replayed")], limit=1)
        self.assertEqual((entry.event, entry.counts["res.partner"]), ("replayed", 1))
        self.assertEqual(entry.subjects, self.log._get_fingerprints(contact))

    def test_leads_without_a_contact_come_along(self):
        lead = self.env["crm.lead"].create({"name": "Deal", "contact_name": "Jane Doe"})
        wizard = self._open(self._lose(lambda: self._anonymise(lead)))
        self.assertEqual((wizard.lead_count, wizard.record_count), (1, 1))
        request = self.env["crm.gdpr.request"].browse(wizard.action_apply()["res_id"])
        self.assertEqual(request.sudo().line_ids.lead_id, lead)

    def test_the_whole_way_from_the_engine_to_the_backup_and_back(self):
        contact = self._make_contact("Jane Zuiderhoek", email="jane@zuiderhoek.example")
        kept = self._lose(lambda: self._carry_out(contact))
        self.assertEqual(contact.name, "Jane Zuiderhoek")
        request = self.env["crm.gdpr.request"].browse(self._open(kept).action_apply()["res_id"])
        self._finish(request)
        self.assertNotIn("Zuiderhoek", contact.name)
        self.assertEqual(contact.gdpr_state, "anonymised")
        self.assertFalse(self._open(kept).partner_ids, "a second time there is nobody left")

    def _carry_out(self, contact):
        self._finish(self.env["crm.gdpr.request"].with_user(self.officer)._make(contact))

    def _finish(self, request):
        request.action_preview()
        request.sudo().line_ids._carry_out()
        self.assertEqual(request.line_ids.mapped("state"), ["done"])

    def test_who_was_anonymised_already_again_is_left_out(self):
        contact = self._make_contact()
        kept = self._lose(lambda: self._anonymise(contact))
        contact.gdpr_state = "anonymised"
        wizard = self._open(kept)
        self.assertFalse(wizard.partner_ids)
        with self.assertRaisesRegex(UserError, "nobody"):
            wizard.action_apply()

    def test_holds_that_the_backup_lost_are_named(self):
        held, released, again = (self._make_contact(name) for name in ("Held", "Released", "Again"))

        def act():
            holds = self.env["crm.gdpr.hold"].create(
                [{"partner_id": contact.id, "reason": "Case"} for contact in (held, released, again)]
            )
            holds[1].action_release()

        kept = self._lose(act)
        self.env["crm.gdpr.hold"].create({"partner_id": again.id, "reason": "Case"})
        self.assertEqual(self._open(kept).held_ids, held)

    def test_who_has_another_hold_is_held_when_one_of_them_ends(self):
        twice, kept_row = self._make_contact("Twice"), self._make_contact("Kept")
        before = self.env["crm.gdpr.hold"].create({"partner_id": twice.id, "reason": "Old", "kind": "fiscal"})

        def act():
            holds = self.env["crm.gdpr.hold"].create(
                [
                    {"partner_id": twice.id, "reason": "Case"},
                    {"partner_id": twice.id, "reason": "Tax", "date_to": "2099-01-01"},
                    {"partner_id": kept_row.id, "reason": "Case"},
                ]
            )
            holds[0].action_release()
            before.action_release()
            self.log._append("released", kept_row, {"rows": 1})

        kept = self._lose(act)
        before.action_release()
        self.assertEqual(self._open(kept).held_ids, twice + kept_row)

    def test_a_log_with_another_key_is_refused_with_the_reason(self):
        contact = self._make_contact()
        kept = self._lose(lambda: self._anonymise(contact))
        self._use_option("gdpr_key", "c" * 40)
        with self.assertRaisesRegex(UserError, "another key"):
            self._open(kept)

    def test_contacts_of_companies_that_are_not_selected_are_counted(self):
        other = self.env["res.company"].create({"name": "Other"})
        contact = self._make_contact(company_id=other.id)
        wizard = self._open(self._lose(lambda: self._anonymise(contact)))
        self.assertEqual((wizard.record_count, wizard.elsewhere_count), (0, 1))

    def test_a_log_that_was_changed_is_told_and_its_changed_entries_are_not_used(self):
        first, second, victim = (self._make_contact(name) for name in ("First", "Second", "Victim"))
        kept = base64.b64decode(self._lose(lambda: self._anonymise(first, second)))
        theirs, victims = self.log._get_fingerprints(second + victim)
        forged = kept.replace(theirs.encode(), victims.encode())
        wizard = self._open(base64.b64encode(forged))
        self.assertEqual(wizard.partner_ids, first)
        self.assertIn("is not what was written", wizard.problems)

    def test_only_privacy_officers_do_it(self):
        contact = self._make_contact()
        kept = self._lose(lambda: self._anonymise(contact))
        for user in self.others:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._open(kept, user)

    def test_thousands_of_contacts_are_looked_through_in_few_queries(self):
        self.env["res.partner"].create([{"name": f"Contact {number}"} for number in range(2000)])
        [subject] = self.log._get_fingerprints(self._make_contact())
        subjects = {bytes.fromhex(subject): "2999-12-31T00:00:00"}
        with self.assertQueryCount(3):
            found, newer = self.log._find_records("res.partner", subjects)
        self.assertEqual((len(found), len(newer)), (1, 0))

    def test_who_only_got_the_number_of_an_anonymised_contact_is_left_alone(self):
        """A backup takes the numbering of contacts back as well."""
        old, new, held = (self._make_contact(name) for name in ("Old", "New", "Held"))
        lead = self.env["crm.lead"].create({"name": "New", "contact_name": "Jane Doe"})

        def act():
            self._anonymise(old, new, lead)
            self.env["crm.gdpr.hold"].create({"partner_id": held.id, "reason": "Case"})

        kept = self._lose(act)
        for record in (new, held, lead):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET create_date = create_date + interval '1 minute' WHERE id = %s",
                    SQL.identifier(record._table),
                    record.id,
                )
            )
        self.env.invalidate_all()
        wizard = self._open(kept)
        self.assertEqual((wizard.partner_ids, wizard.lead_count, wizard.newer_count), (old, 0, 2))
        self.assertFalse(wizard.held_ids)
