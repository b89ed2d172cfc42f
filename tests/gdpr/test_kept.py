"""What the law keeps of anonymised contacts: posted invoices, for as long as it says, and no longer."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.crm_gdpr.tests.anonymise_case import EMAIL, NAME, AnonymiseCase
from odoo.addons.crm_gdpr.tools.identity import Identity
from odoo.addons.crm_gdpr.tools.indexes import INDEXES

IBAN = "NL91ABNA0417164300"
PDF = b"%PDF-1.4 not a real one"


class KeptCase(AnonymiseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env.company
        cls.company.country_id = cls.env.ref("base.de")
        cls.accountant = cls._make_user("privacy_accountant", "account.group_account_user")

    @classmethod
    def _make_invoice(cls, partner, day="2026-03-10", *, post=True, **values):
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": day,
                "date": day,
                "narration": f"<p>As agreed with {NAME}</p>",
                "invoice_line_ids": [Command.create({"name": f"Roof of {NAME}", "price_unit": 100})],
                **values,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    def _kept(self, partner):
        return self.env["crm.gdpr.kept"].search([("partner_id", "=", partner.id), ("released_at", "=", False)])

    def _print(self, invoice):
        return self.env["ir.attachment"].create(
            {"name": f"{NAME}.pdf", "raw": PDF, "mimetype": "application/pdf", "res_model": "account.move",
             "res_id": invoice.id}
        )  # fmt: skip

    def _search_for(self, request, person):
        """What the job does afterwards: the search of everything."""
        request.sudo()._search_remains({request.line_ids.id: Identity(names={NAME}, emails={EMAIL})})
        self.env.invalidate_all()

    def _pay(self, person, account):
        payment = self.env["account.payment"].create(
            {"partner_id": person.id, "amount": 5, "payment_type": "outbound", "partner_type": "customer",
             "partner_bank_id": account.id, "date": "2026-01-01"}
        )  # fmt: skip
        payment.action_post()
        return payment

    def _is_named(self, invoice):
        row = self._columns(invoice, "invoice_partner_display_name", "narration")
        line = self._columns(invoice.invoice_line_ids[0], "name")
        return [NAME in (text or "") for text in (*row, *line)]


@tagged("post_install", "-at_install")
class TestKept(KeptCase):
    def test_a_posted_invoice_stays_as_it_is_and_is_listed_until_the_law_lets_it_go(self):
        person = self._make_person()
        invoice = self._make_invoice(person)
        copy = self._print(invoice)
        request = self._anonymise(person)
        self.assertEqual(self._is_named(invoice), [True] * 3)
        self.assertEqual(copy.raw, PDF)
        self.assertEqual(
            self._columns(person, "name", "email", "gdpr_state"), ("Anonymised contact", None, "restricted")
        )
        # eight years in Germany, from the end of the year of the invoice
        kept = self._kept(person)
        self.assertEqual(set(kept.mapped("until")), {date(2034, 12, 31)})
        self.assertEqual(set(kept.mapped("why")), {"posted", "printed_copy"})
        self.assertIn(invoice.name, kept.mapped("record_name"))
        self.assertIn("Posted entry", request.line_ids.reason)

    def test_the_period_counts_from_the_last_entry_and_is_the_companys_where_it_says_so(self):
        person = self._make_person()
        self._make_invoice(person, "2024-05-01")
        self._make_invoice(person, "2026-05-01")
        self.company.gdpr_retention_years = 3
        self._anonymise(person)
        self.assertEqual(set(self._kept(person).mapped("until")), {date(2029, 12, 31)})

    def test_an_invoice_of_long_ago_keeps_nobody(self):
        person = self._make_person()
        invoice = self._make_invoice(person, "2015-03-10")
        self._print(invoice)
        self._anonymise(person)
        self.assertFalse(self._kept(person))
        self.assertEqual(self._is_named(invoice), [False] * 3)
        self.assertEqual(person.gdpr_state, "anonymised")

    def test_a_draft_is_no_entry_yet(self):
        person = self._make_person()
        invoice = self._make_invoice(person, post=False)
        self._anonymise(person)
        self.assertEqual(self._is_named(invoice), [False] * 3)
        self.assertFalse(self._kept(person))

    def test_an_invoice_that_nobody_printed_is_printed_first(self):
        person = self._make_person()
        invoice = self._make_invoice(person)
        request = self._request(person)
        request.action_preview()
        self.assertFalse(self._copies(invoice))
        self.assertIn("printed first", request.report)
        request.action_carry_out()
        self._carry_out(request)
        [copy] = self._copies(invoice)
        self.assertIn(NAME, copy.raw.decode())
        self.assertIn(copy.id, self._kept(person).mapped("res_id"))

    def _copies(self, invoice):
        return self.env["ir.attachment"].search([("res_model", "=", "account.move"), ("res_id", "=", invoice.id)])

    def test_what_a_run_asks_of_large_tables_has_an_index(self):
        questions = [
            f"SELECT FROM {index.table} WHERE {index.expression or index.column} = ANY(%s)" for index in INDEXES
        ]
        questions.append(
            "SELECT FROM res_partner_bank account JOIN account_bank_statement_line line ON"
            r" regexp_replace(line.account_number, '\W', '', 'g') = account.sanitized_acc_number"
            " WHERE account.id = ANY(%s) AND line.partner_id IS NULL"
        )
        # of tables that are as small as here the database would read all
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for index, question in zip([*INDEXES, INDEXES[7]], questions, strict=True):
            is_number = index.column.endswith("_id") or "account.id" in question
            with self.subTest(question=question):
                self.env.cr.execute(f"EXPLAIN {question}", [[1, 2] if is_number else ["a", "b"]])
                self.assertIn(index.name, " ".join(line for (line,) in self.env.cr.fetchall()))

    def _make_token(self, person):
        provider = self.env["payment.provider"].search([], limit=1)
        method = self.env["payment.method"].with_context(active_test=False).search([], limit=1)
        return self.env["payment.token"].create(
            {"provider_id": provider.id, "payment_method_id": method.id, "partner_id": person.id,
             "provider_ref": "tok_1", "payment_details": "4242"}
        )  # fmt: skip

    def _listen(self, error=None):
        """Be the provider: what is told, with whether the token is still one that is used."""
        told = []

        def handle(tokens):
            told.extend(tokens.mapped(lambda token: (token.provider_ref, token.payment_details, token.active)))
            if error:
                raise error

        self.startPatcher(patch.object(self.registry["payment.token"], "_handle_archiving", handle))
        return told

    def _commit(self):
        """What is done when the transaction is committed."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.cr.postcommit.run()
        self.env.invalidate_all()

    def test_a_provider_is_told_of_a_saved_card_when_it_is_committed_and_not_in_a_preview(self):
        person = self._make_person()
        token, told = self._make_token(person), self._listen()
        request = self._request(person)
        request.action_preview()
        self._commit()
        self.assertEqual(told, [])
        self.assertEqual(self._columns(token, "active", "provider_ref"), (True, "tok_1"))
        request.action_carry_out()
        self._carry_out(request)
        self.assertEqual(told, [])
        self.assertEqual(self._columns(token, "active", "provider_ref"), (False, "…"))
        self._commit()
        self.assertEqual(told, [("tok_1", "4242", True)])
        self.assertEqual(self._columns(token, "active", "provider_ref", "payment_details"), (False, "…", None))

    def test_a_provider_is_told_nothing_of_somebody_who_was_left(self):
        person = self._make_person()
        token, told = self._make_token(person), self._listen()
        request = self._request(person)
        request.action_preview()
        person.street = "Elsewhere 1"
        request.action_carry_out()
        self._carry_out(request)
        self.assertEqual(request.line_ids.state, "changed")
        self._commit()
        self.assertEqual(told, [])
        self.assertEqual(self._columns(token, "active", "provider_ref"), (True, "tok_1"))

    def test_a_provider_that_fails_keeps_nobody_and_its_answer_is_not_in_the_log(self):
        person = self._make_person()
        token, told = self._make_token(person), self._listen(UserError(f"{NAME} tok_1"))
        self._anonymise(person)
        with self.assertLogs("odoo.addons.crm_gdpr.handlers.payment", "WARNING") as logs:
            self._commit()
        self.assertEqual(len(told), 1)
        self.assertNotIn("tok_1", "".join(logs.output))
        self.assertNotIn(NAME, "".join(logs.output))
        self.assertEqual(self._columns(token, "active", "provider_ref"), (False, "…"))

    def test_the_card_of_somebody_else_that_names_the_person_stays_one(self):
        person = self._make_person()
        token, told = self._make_token(self._make_contact(name="Bouwbedrijf Berg")), self._listen()
        token.payment_details = f"{NAME} {EMAIL}"
        self._anonymise(person)
        self._commit()
        self.assertEqual(told, [])
        self.assertTrue(token.active)
        self.assertNotIn("Dalen", token.payment_details or "")

    def test_everything_else_goes_now(self):
        person = self._make_person()
        invoice = self._make_invoice(person)
        lead = self._make_lead(person)
        note = self._post(invoice, f"{NAME} ({EMAIL}) has paid")
        self._anonymise(person)
        self.assertEqual(self._columns(lead, "contact_name", "email_from"), (None, None))
        self.assertNotIn("Dalen", note.body)
        self.assertNotIn(EMAIL, note.body)

    def test_a_restricted_contact_is_found_by_accountants_and_officers_alone(self):
        person = self._make_person()
        self._make_invoice(person)
        self._anonymise(person)
        found = {}
        for user in (self.manager, self.employee, self.accountant, self.officer):
            contacts = self.env["res.partner"].with_user(user).with_context(active_test=False)
            found[user] = person in contacts.search([("id", "=", person.id)])
        self.assertEqual(list(found.values()), [False, False, True, True])

    def test_the_bank_account_of_a_posted_payment_stays_and_any_other_goes(self):
        person = self._make_person()
        used, other = self.env["res.partner.bank"].create(
            [{"partner_id": person.id, "acc_number": number} for number in (IBAN, "NL02ABNA0123456789")]
        )
        self._pay(person, used)
        self._anonymise(person)
        self.assertEqual((bool(used.exists()), bool(other.exists())), (True, False))
        self.assertIn("bank_account", self._kept(person).mapped("why"))


@tagged("post_install", "-at_install")
class TestRelease(KeptCase):
    def _restricted(self):
        person = self._make_person()
        invoice = self._make_invoice(person)
        copy = self._print(invoice)
        self._anonymise(person)
        return person, invoice, copy

    def _years_later(self, person):
        """As if the period had passed."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move SET date = date - 4000 WHERE partner_id = %s", [person.id])
        self.env.invalidate_all()
        self._kept(person).sudo().until = fields.Date.today() - timedelta(days=1)

    def _release(self):
        kept = self.env["crm.gdpr.kept"]
        kept._log_released(kept._release(kept._find_due(0)))
        self.env.invalidate_all()

    def test_when_the_period_ends_nothing_is_left(self):
        person, invoice, copy = self._restricted()
        self._years_later(person)
        self._release()
        self.assertEqual(self._is_named(invoice), [False] * 3)
        self.assertFalse(copy.exists())
        self.assertFalse(self._kept(person))
        self.assertEqual(person.gdpr_state, "anonymised")
        self.assertTrue(self.env["crm.gdpr.log"].search([("event", "=", "released")]))
        self.assertTrue(invoice.exists())

    def test_before_it_ends_nothing_happens(self):
        person, invoice, copy = self._restricted()
        self._release()
        self.assertEqual(self._is_named(invoice), [True] * 3)
        self.assertTrue(copy.exists())
        self.assertEqual(person.gdpr_state, "restricted")

    def test_a_longer_period_holds_what_was_due(self):
        person, invoice, _copy = self._restricted()
        self._kept(person).sudo().until = fields.Date.today() - timedelta(days=1)
        self._release()
        self.assertEqual(self._is_named(invoice), [True] * 3)
        self.assertEqual(set(self._kept(person).mapped("until")), {date(2034, 12, 31)})

    def test_another_customers_invoice_that_names_the_person_keeps_its_own_time(self):
        person = self._make_person()
        self._make_invoice(person)
        other = self._make_invoice(
            self._make_contact(name="Bouwbedrijf Berg"), narration=False, invoice_line_ids=[
                Command.create({"name": f"Training for {NAME}", "price_unit": 100})
            ]
        )  # fmt: skip
        request = self._anonymise(person)
        self._search_for(request, person)
        [row] = self._kept(person).filtered(lambda row: row.res_id == other.invoice_line_ids[0].id)
        self.assertEqual((row.res_model, row.until), ("account.move.line", date(2034, 12, 31)))
        (self._kept(person) - row).sudo().until = fields.Date.today() - timedelta(days=1)
        self.env.cr.execute("UPDATE account_move SET date = date - 4000 WHERE partner_id = %s", [person.id])
        self.env.invalidate_all()
        self._release()
        self.assertEqual(self._kept(person), row)
        self.assertEqual(self._columns(other.invoice_line_ids[0], "name"), (f"Training for {NAME}",))
        self.assertEqual(person.gdpr_state, "restricted")
        row.sudo().until = fields.Date.today() - timedelta(days=1)
        self._release()
        self.assertNotIn("Dalen", self._columns(other.invoice_line_ids[0], "name")[0] or "")
        self.assertEqual(person.gdpr_state, "anonymised")

    def test_a_second_request_forgets_nothing_of_what_is_kept(self):
        person = self._make_person()
        invoice = self._make_invoice(person)
        request = self._anonymise(person)
        before = {(row.res_model, row.res_id): row.field_names for row in self._kept(person)}
        again = self._anonymise(person)
        self.assertEqual(again.line_ids.state, "done")
        self.assertEqual({(row.res_model, row.res_id): row.field_names for row in self._kept(person)}, before)
        self.assertIn("name", before["account.move.line", invoice.invoice_line_ids[0].id])
        self.assertNotEqual(request, again)

    def test_a_bank_account_is_erased_and_its_number_is_told_nowhere(self):
        person = self._make_person()
        account = self.env["res.partner.bank"].create({"partner_id": person.id, "acc_number": IBAN})
        payment = self._pay(person, account)
        self._anonymise(person)
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move SET date = date - 4000 WHERE id = %s", [payment.move_id.id])
        self.env.cr.execute("UPDATE account_payment SET date = date - 4000 WHERE id = %s", [payment.id])
        self.env.invalidate_all()
        self._kept(person).sudo().until = fields.Date.today() - timedelta(days=1)
        messages = self.env["mail.message"].search([], order="id desc", limit=1)
        self._release()
        self.assertEqual(
            self._columns(account, "acc_number", "sanitized_acc_number", "acc_holder_name"), ("…", None, None)
        )
        self.assertFalse(self._kept(person))
        new = self.env["mail.message"].search([("id", ">", messages.id)])
        self.assertNotIn(IBAN, " ".join(new.mapped("body")))

    def test_one_whose_release_fails_does_not_keep_the_others(self):
        persons = self._make_person() + self._make_person(name="Jan Pieters", email="jan@pieters.example", phone=False)
        for person in persons:
            self._make_invoice(person)
        self._anonymise(persons)
        for person in persons:
            self._years_later(person)
        kept = self.registry["crm.gdpr.kept"]
        erase = kept._erase

        def fail(rows):
            if persons[0] in rows.partner_id:
                raise UserError("not this one")
            return erase(rows)

        with patch.object(kept, "_erase", fail), self.assertLogs("odoo.addons.crm_gdpr", "WARNING"):
            self._release()
        self.assertEqual(persons.mapped("gdpr_state"), ["restricted", "anonymised"])
        self._release()
        self.assertEqual(persons.mapped("gdpr_state"), ["anonymised", "anonymised"])

    def test_a_hold_keeps_it_also_then(self):
        person, invoice, _copy = self._restricted()
        self._years_later(person)
        self.env["crm.gdpr.hold"].create({"partner_id": person.id, "reason": "audit"})
        self._release()
        self.assertEqual(self._is_named(invoice), [True] * 3)
