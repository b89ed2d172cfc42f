import threading
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, api, fields, modules
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestPrepareAtOnce(TransactionCase):
    """Two users press the button in the same moment, in transactions that are committed as on a server."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(modules.module, "current_test", None))
        self.made = []
        self.addCleanup(self._remove)
        with self.registry.cursor() as cr:
            env = self._env(cr)
            customer = self._make(env, "res.partner", name="At Once")
            product = self._make(env, "product.product", name="At Once", list_price=10)
            line = {"product_id": product.id, "quantity": 4, "price_unit": 10, "tax_ids": [Command.clear()]}
            invoice = self._make(
                env,
                "account.move",
                move_type="out_invoice",
                partner_id=customer.id,
                invoice_date=fields.Date.today(),
                invoice_line_ids=[Command.create(line)],
            )
            invoice.action_post()
            measures = {
                kind: env.ref(f"crm_serviceticket.crm_choice_ticket_measure_{name}").id
                for kind, name in (("order", "exchange"), ("credit_note", "return"))
            }
            values = {"name": "At Once", "partner_id": customer.id, "product_id": product.id, "invoice_id": invoice.id}
            self.tickets = {
                kind: [self._make(env, "crm.ticket", **values, measure_id=measure).id for _number in range(2)]
                for kind, measure in measures.items()
            }

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "mail_create_nosubscribe": True})

    def _make(self, env, model, **values):
        record = env[model].create(values)
        self.made.append((model, record.id))
        return record

    def _remove(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            ids = [ticket_id for ids in self.tickets.values() for ticket_id in ids]
            for model in ("sale.order", "account.move"):
                env[model].search([("ticket_id", "in", ids)]).unlink()
            invoices = env["account.move"].browse([row_id for model, row_id in self.made if model == "account.move"])
            invoices.button_draft()
            invoices.with_context(force_delete=True).unlink()
            for model, row_id in reversed(self.made):
                env[model].browse(row_id).exists().unlink()

    def _prepare_at_once(self, kind, ticket_ids, quantity=1):
        """Have two servers prepare, both of whom have looked before either has written.

        :return: ids of what each got, or what it was told in place of it
        """
        barrier, results = threading.Barrier(2, timeout=20), [None, None]

        def work(number):
            def once():
                ticket = env["crm.ticket"].browse(ticket_ids[number])
                if not seen[number]:
                    # from here on the transaction sees the database as it is now
                    seen[number] = not ticket._find_prepared(kind)
                    barrier.wait()
                if kind == "order":
                    rows = [{"product_id": ticket.product_id.id, "product_uom_qty": quantity}]
                    return ticket._prepare_order(rows).id
                return ticket._prepare_credit_note({ticket.invoice_id.invoice_line_ids: quantity}).id

            with self.registry.cursor() as cr:
                env = self._env(cr)
                try:
                    results[number] = retrying(once, env)
                except Exception as error:  # noqa: BLE001 - told to who asked, as on a server
                    results[number] = str(error)

        seen = [False, False]
        threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        return results

    def test_of_one_ticket_both_get_the_same(self):
        for kind, (ticket_id, _other) in self.tickets.items():
            with self.subTest(kind):
                first, second = self._prepare_at_once(kind, (ticket_id, ticket_id))
                self.assertIsInstance(first, int)
                self.assertEqual(first, second)

    def test_of_two_tickets_of_one_invoice_no_more_is_credited_than_there_is(self):
        results = self._prepare_at_once("credit_note", self.tickets["credit_note"], quantity=3)
        made = [result for result in results if isinstance(result, int)]
        [told] = [result for result in results if not isinstance(result, int)]
        self.assertEqual(len(made), 1)
        self.assertIn("1 left to credit", told)
