"""What counts as a dealing beside Odoo's CRM: calls, orders, invoices and mailings, with all of these installed."""

from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.crm_gdpr.tests.age_case import NEVER, AgeCase, ago


@tagged("post_install", "-at_install")
class TestCalls(AgeCase):
    def _call(self, **values):
        return self.env["crm.call"].create({"partner_id": self.contact.id, "number": "+31205550100", **values})

    def test_a_call_counts_when_they_called_or_took_it(self):
        for direction, result, counts in (
            ("out", "answered", True),
            ("out", False, True),
            ("out", "missed", False),
            ("out", "busy", False),
            ("out", "voicemail", False),
            ("in", "missed", True),
            ("in", "voicemail", True),
        ):
            with self.subTest(direction=direction, result=result):
                call = self._call(direction=direction, result=result, start=ago(days=30))
                self.assertEqual(self._age(), (ago(days=30), "call") if counts else (NEVER, "created"))
                call.unlink()
                self.assertEqual(self._age(), (NEVER, "created"))

    def test_a_call_that_is_assigned_later_counts_for_whom_it_was(self):
        call = self._call(partner_id=False, start=ago(days=30))
        self.assertEqual(self._age(), (NEVER, "created"))
        call.lead_id = self._make_lead(self.contact, NEVER)
        self.assertEqual(self._age(), (ago(days=30), "call"))
        other = self._make_old("John Doe")
        call.partner_id = other
        self.assertEqual(self._age(), (NEVER, "project"))
        self.assertEqual(self._age(other), (ago(days=30), "call"))


@tagged("post_install", "-at_install")
class TestTrade(AgeCase):
    def test_an_order_counts_when_it_is_confirmed_and_no_more_when_it_is_cancelled(self):
        order = self.env["sale.order"].create({"partner_id": self.contact.id})
        self.assertEqual(self._age(), (NEVER, "created"))
        order.action_confirm()
        self.assertEqual(self._age(), (order.date_order, "order"))
        order.date_order = ago(days=70)
        self.assertEqual(self._age(), (ago(days=70), "order"))
        order._action_cancel()
        self.assertEqual(self._age(), (NEVER, "created"))

    def test_an_order_of_a_person_makes_their_company_young(self):
        company = self._make_old("Acme", is_company=True)
        self.contact.parent_id = company
        order = self.env["sale.order"].create({"partner_id": self.contact.id})
        order.action_confirm()
        self.assertEqual(self._age(company), (order.date_order, "order"))

    def test_an_invoice_counts_by_its_date_when_it_is_posted(self):
        invoice = self._make_invoice(ago(days=60).date())
        self.assertEqual(self._age(), (NEVER, "created"))
        invoice.action_post()
        found, kind = self._age()
        self.assertEqual((found.date(), kind), (invoice.invoice_date, "invoice"))
        invoice.button_draft()
        self.assertEqual(self._age(), (NEVER, "created"))

    def _make_invoice(self, day: date, **values):
        journal = self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.env.company.id)], limit=1
        ) or self.env["account.journal"].create({"name": "Sales", "code": "GDPR", "type": "sale"})
        account = self.env["account.account"].search([("account_type", "=", "income")], limit=1)
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.contact.id,
                "journal_id": journal.id,
                "invoice_date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Machine",
                            "quantity": 1,
                            "price_unit": 100,
                            "account_id": account.id,
                            "tax_ids": False,
                        }
                    )
                ],
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestMailings(AgeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mailing = cls.env["mailing.mailing"].create(
            {"subject": "News", "mailing_model_id": cls.env["ir.model"]._get("res.partner").id}
        )

    def _trace(self, record, **values):
        return self.env["mailing.trace"].create(
            {
                "mass_mailing_id": self.mailing.id,
                "model": record._name,
                "res_id": record.id,
                "trace_type": "mail",
                "trace_status": "sent",
                "sent_datetime": ago(days=20),
                **values,
            }
        )

    def test_a_click_and_a_reply_count_and_a_mail_that_was_opened_does_not(self):
        trace = self._trace(self.contact, email="jane@example.com")
        trace.set_opened()
        self.assertEqual(self._age(), (NEVER, "created"))
        trace.links_click_datetime = ago(days=15)
        self.assertEqual(self._age(), (ago(days=15), "click"))
        trace.set_replied()
        self.assertEqual(self._age(), (ago(), "reply"))

    def test_it_counts_for_the_customer_of_a_lead(self):
        lead = self._make_lead(self.contact, NEVER)
        self._trace(lead, links_click_datetime=ago(days=15))
        self.assertEqual(self._age(), (ago(days=15), "click"))
        lead.partner_id = False
        self.assertEqual(self._age(), (NEVER, "created"))

    def test_whoever_is_on_a_mailing_list_is_known_by_their_address(self):
        self.contact.email = "Jane Doe <jane@Example.com>"
        on_list = self.env["mailing.contact"].create({"name": "Jane", "email": "jane@example.com"})
        trace = self._trace(on_list, email="jane@example.com")
        self._settle()
        trace.links_click_datetime = ago(days=15)
        self.assertEqual(self._age(), (ago(days=15), "click"))
        self.contact.email = "other@example.com"
        self.assertEqual(self._age(), (NEVER, "created"))

    def test_a_mailing_that_is_deleted_takes_its_clicks_along(self):
        self._trace(self.contact, links_click_datetime=ago(days=15))
        self.assertEqual(self._age(), (ago(days=15), "click"))
        self.mailing.unlink()
        self.assertEqual(self._age(), (NEVER, "created"))


@tagged("post_install", "-at_install")
class TestTickets(AgeCase):
    def test_a_complaint_and_what_is_written_on_it_make_younger(self):
        company = self._make_old("Doe Ltd")
        self.contact.parent_id = company
        ticket = self.env["crm.ticket"].create(
            {"name": "Broken", "partner_id": company.id, "contact_id": self.contact.id}
        )
        self.assertEqual(self._age(), (ticket.create_date.replace(microsecond=0), "ticket"))
        self.assertEqual(self._age(company)[1], "ticket")
        ticket.contact_id = False
        self.assertEqual(self._age(), (NEVER, "created"))
        ticket.contact_id = self.contact
        self.env.cr.execute("UPDATE crm_ticket SET create_date = %s WHERE id = %s", [ago(days=300), ticket.id])
        self.contact._date_anew()
        self.assertEqual(self._age(), (ago(days=300), "ticket"))
        self._write(self.contact, ago(days=15), "email", model="crm.ticket", res_id=ticket.id)
        self.assertEqual(self._age(), (ago(days=15), "message"))
        ticket.unlink()
        self.assertEqual(self._age(), (NEVER, "created"))


@tagged("post_install", "-at_install")
class TestEverything(AgeCase):
    def test_all_sources_are_known_but_what_is_not_made_yet(self):
        kinds = {dealing.kind for dealing in self.pending._get_dealings()}
        expected = set(dict(self.env["res.partner"]._fields["last_dealing_kind"].selection))
        self.assertEqual(expected - kinds, set() if "crm.ticket" in self.env else {"ticket"})

    def test_dated_anew_they_are_as_the_upkeep_has_dated_them(self):
        order = self.env["sale.order"].create({"partner_id": self.contact.id})
        order.action_confirm()
        order.date_order = ago(days=70)
        self._settle()
        everybody = self.env["res.partner"].with_context(active_test=False).search([])
        names = ["last_dealing_date", "last_dealing_kind"]
        before = everybody.read(names)
        self.env.cr.execute("UPDATE res_partner SET last_dealing_date = NULL, last_dealing_kind = NULL")
        self.env.invalidate_all()
        self.pending._add_all()
        self._settle()
        self.assertEqual(everybody.read(names), before)

    def test_every_source_finds_the_rows_of_a_contact_by_an_index(self):
        """Else each contact would cost a walk through a whole table. With sequential scans forbidden none is left."""
        from odoo.addons.crm_gdpr.tools.dealings import newest

        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for dealing in self.pending._get_dealings():
            query = newest([dealing], ago())
            self.env.cr.execute(f"EXPLAIN WITH contact AS MATERIALIZED (SELECT 1 AS id) {query.code}", query.params)
            plan = "\n".join(line for (line,) in self.env.cr.fetchall())
            with self.subTest(kind=dealing.kind):
                self.assertNotIn("Seq Scan", plan)

    def test_an_accountant_neither_sees_nor_touches(self):
        accountant = self._make_user("age_accountant", "account.group_account_manager")
        contact = self.contact.with_user(accountant)
        for call in (lambda: contact.read(["last_dealing_date"]), lambda: contact.touch("Mine")):
            self.assertRaises(AccessError, call)

    def test_a_thousand_orders_are_dated_in_the_queries_of_one(self):
        contacts = self.env["res.partner"].create([{"name": f"Buyer {number}"} for number in range(1000)])
        orders = self.env["sale.order"].create([{"partner_id": contact.id} for contact in contacts])
        self.env.flush_all()
        self._settle()
        orders.write({"state": "sale", "date_order": ago(days=2) + timedelta(seconds=1)})
        self.env.flush_all()
        with self.assertQueryCount(8):
            self.env.cr.precommit.run()
            self.assertEqual(self.pending._date_batch(), 1000)
        self.assertEqual(set(contacts.mapped("last_dealing_kind")), {"order"})
