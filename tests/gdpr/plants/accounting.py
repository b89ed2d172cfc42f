"""Invoices posted and not, payments, and what the bank tells."""

from odoo import Command, fields

from tests.gdpr.cast import plant


def _invoice(cast, kind, **values):
    line = {"product_id": cast.product.id, "quantity": 1, "price_unit": 100, "tax_ids": [Command.clear()]}
    return cast.env["account.move"].create(
        {
            "move_type": kind,
            "partner_id": cast.partner.id,
            "invoice_date": fields.Date.to_date("2026-02-10"),
            "invoice_line_ids": [Command.create({**line, "name": values.pop("line", "Stenen")})],
            **values,
        }
    )


@plant
def posted_invoice(cast):
    """Posted, printed and sent: what the law keeps."""
    person = cast.person
    invoice = cast.invoice = _invoice(cast, "out_invoice", line=f"Stenen voor {person.name}", ref=f"PO {person.last}")
    invoice.narration = f"<p>T.a.v. mevrouw {person.last}</p>"
    invoice.action_post()
    cast.commit()
    wizard = (
        cast.env["account.move.send.wizard"]
        .with_context(active_model="account.move", active_ids=invoice.ids, force_report_rendering=True)
        .create({"move_id": invoice.id, "sending_methods": ["email", "manual"]})
    )
    wizard.action_send_and_print()
    cast.at(invoice, "invoice_partner_display_name", "ref", "narration")
    cast.at(invoice.invoice_line_ids, "name")
    assert invoice.invoice_pdf_report_id.raw.startswith(b"%PDF")
    cast.at(invoice.invoice_pdf_report_id, "raw")
    cast.at(wizard, "mail_attachments_widget") if person.last in str(wizard.mail_attachments_widget) else None


@plant
def payments(cast):
    """Money that came, and the lines of the bank."""
    person = cast.person
    wizard = (
        cast.env["account.payment.register"]
        .with_context(active_model="account.move", active_ids=cast.invoice.ids)
        .create({"communication": f"{cast.invoice.name} {person.name}", "amount": 40})
    )
    cast.at(wizard, "communication")
    payment = wizard._create_payments()
    cast.at(payment, "memo")
    journal = cast.env["account.journal"].search([("type", "=", "bank")], limit=1)
    line = cast.env["account.bank.statement.line"].create(
        {
            "journal_id": journal.id,
            "date": "2026-02-20",
            "amount": 60,
            "payment_ref": f"Overboeking {person.former} inzake verbouwing",
            "partner_name": person.reversed_name,
            "account_number": "NL57RABO0318264759",
            "transaction_details": {"debtor": {"name": person.name, "iban": person.iban}},
        }
    )
    cast.at(line, "payment_ref", "partner_name", "account_number", "transaction_details")
    cast.at(line.move_id.line_ids, "name")


@plant
def bank_rule(cast):
    """A rule by which the bank's lines are matched to her."""
    person = cast.person
    rule = cast.env["account.reconcile.model"].create(
        {
            "name": f"Betalingen van {person.name}",
            "match_label": "contains",
            "match_label_param": person.name,
            "line_ids": [
                Command.create({"account_id": cast.invoice.line_ids[0].account_id.id, "label": f"Huur {person.former}"})
            ],
        }
    )
    cast.at(rule, "name", "match_label_param")
    cast.at(rule.line_ids, "label")


@plant
def unposted_moves(cast):
    """A draft, a bill of hers and a credit note."""
    person = cast.person
    draft = _invoice(cast, "out_invoice", line=f"Tegels {person.former}", ref=f"Nog niet: {person.last}")
    cast.at(draft, "invoice_partner_display_name", "ref")
    cast.at(draft.invoice_line_ids, "name")
    cancelled = _invoice(cast, "out_invoice", ref=f"Vergissing {person.name}")
    cancelled.button_cancel()
    cast.at(cancelled, "invoice_partner_display_name", "ref")
    bill = _invoice(cast, "in_invoice", ref=f"Factuur {person.last} 7", invoice_source_email=person.email)
    bill.action_post()
    cast.at(bill, "invoice_source_email", "ref")
    reversal = cast.env["account.move.reversal"].create(
        {
            "move_ids": [Command.set(cast.invoice.ids)],
            "reason": f"Klacht van {person.name}",
            "journal_id": cast.invoice.journal_id.id,
        }
    )
    cast.at(reversal, "reason")
    credit = cast.env["account.move"].browse(reversal.refund_moves()["res_id"])
    credit.action_post()
    cast.at(credit, "ref", "invoice_partner_display_name")
    cast.kept_moves = cast.invoice | bill | credit


@plant
def costs(cast):
    """An account for the costs of her project."""
    person = cast.person
    plan = cast.env["account.analytic.plan"].search([], limit=1)
    account = cast.env["account.analytic.account"].create(
        {"name": f"Project {person.name}", "plan_id": plan.id, "partner_id": cast.partner.id}
    )
    cast.at(account, "name")
    line = cast.env["account.analytic.line"].create(
        {"name": f"Uren bij {person.name}", "account_id": account.id, "amount": 9, "ref": person.former}
    )
    cast.at(line, "name", "ref")


@plant
def letter(cast):
    """An invoice that was sent on paper."""
    person = cast.person
    sent = cast.env["snailmail.letter"].create(
        {
            "model": "account.move",
            "res_id": cast.invoice.id,
            "partner_id": cast.partner.id,
            "report_template": cast.env.ref("account.account_invoices").id,
        }
    )
    sent.info_msg = f"<p>{person.street} is not known</p>"
    sent.state = "sent"
    cast.at(sent, "street", "street2", "info_msg")
