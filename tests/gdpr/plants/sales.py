"""Quotations and orders, also signed in the portal; payments over the web."""

import base64

from odoo import Command

from tests.gdpr.cast import plant


def order(cast, partner, **values):
    line = {"product_id": cast.product.id, "product_uom_qty": 2, "price_unit": 100}
    return cast.as_colleague("sale.order").create(
        {
            "partner_id": partner.id,
            "order_line": [Command.create(line)],
            "require_signature": True,
            "require_payment": False,
            **values,
        }
    )


@plant
def quotations(cast):
    """A draft with her name wherever one can write."""
    person = cast.person
    draft = order(cast, cast.partner, opportunity_id=cast.lead.id, client_order_ref=f"Bestelling {person.last}")
    draft.write(
        {"note": f"<p>Levering aan {person.name}, {person.other_street}</p>", "origin": f"Beurs {person.former}"}
    )
    draft.order_line.name = f"Stenen voor {person.name}"
    draft.partner_shipping_id = cast.children[0]
    draft.order_line.create({"order_id": draft.id, "display_type": "line_note", "name": f"Bellen: {person.mobile}"})
    cast.at(draft, "client_order_ref", "note", "origin")
    cast.at(draft.order_line, "name")
    draft.sudo().customizable_pdf_form_fields = {"header": {"1": {"naam": person.name}}}
    cast.at(draft, "customizable_pdf_form_fields")
    cast.draft_order = draft


@plant
def signed_order(cast):
    """Signed in the portal, by her, with her hand; Odoo posts the printed order on it."""
    person = cast.person
    signed = cast.order = order(cast, cast.partner)
    signed.action_quotation_sent()
    token = signed.sudo()._portal_ensure_token()
    signature = base64.b64encode(person.signature).decode()
    answer = cast.call(
        f"/my/orders/{signed.id}/accept", access_token=token, name=f"{person.first} {person.last}", signature=signature
    )
    assert answer.get("force_refresh"), answer
    cast.env.invalidate_all()
    assert signed.state == "sale"
    cast.at(signed.with_env(cast.env), "signed_by", "signature")
    printed = signed.with_env(cast.env).message_ids.filtered(lambda message: "signed by" in message.body)
    cast.at(printed, "body")
    cast.at(printed.attachment_ids, "raw")


@plant
def orders_of_others(cast):
    """An order of another customer that was hers first, and a line that is engraved with her name."""
    person = cast.person
    other = order(cast, cast.partner)
    cast.commit()
    other.partner_id = cast.customer
    cast.env.flush_all()
    cast.env.cr.precommit.run()
    tracked = other.sudo().message_ids.tracking_value_ids.filtered(lambda value: value.field_id.name == "partner_id")
    cast.at(tracked, "old_value_char")
    value = cast.env["product.template.attribute.value"].search([("is_custom", "=", True)], limit=1)
    engraved = cast.env["product.attribute.custom.value"].create(
        {
            "custom_product_template_attribute_value_id": value.id,
            "sale_order_line_id": cast.draft_order.order_line[0].id,
            "custom_value": f"Voor {person.name}",
        }
    )
    cast.at(engraved, "custom_value")
    prices = cast.env["product.pricelist"].create({"name": f"Prijzen {person.name}"})
    cast.at(prices, "name")


@plant
def supplier(cast):
    """She sells too: a price of hers."""
    price = cast.env["product.supplierinfo"].create(
        {
            "partner_id": cast.partner.id,
            "product_tmpl_id": cast.product.product_tmpl_id.id,
            "product_name": f"Steen {cast.person.last}",
        }
    )
    cast.at(price, "product_name")


@plant
def web_payments(cast):
    """What the payment provider was told, and a card that is remembered."""
    person = cast.person
    provider = cast.env["payment.provider"].search([], limit=1)
    method = cast.env["payment.method"].with_context(active_test=False).search([], limit=1)
    common = {"provider_id": provider.id, "payment_method_id": method.id, "partner_id": cast.partner.id}
    token = cast.env["payment.token"].create(
        {**common, "provider_ref": "tok_1", "payment_details": f"{person.last} 4242"}
    )
    cast.at(token, "payment_details")
    transaction = cast.env["payment.transaction"].create(
        {
            **common,
            "reference": f"{cast.order.name}-{person.last}",
            "amount": 10,
            "currency_id": cast.order.currency_id.id,
            "token_id": token.id,
            "partner_phone": person.landline,
            "sale_order_ids": [Command.set(cast.order.ids)],
            "state_message": f"Card of {person.name} was declined",
            "landing_route": f"/my/orders/{cast.order.id}?name={person.first}",
        }
    )
    transaction.write({"partner_address": person.street, "partner_email": person.email, "partner_name": person.name})
    cast.at(transaction, "reference", "partner_name", "partner_email", "partner_address", "partner_phone")
    cast.at(transaction, "state_message", "landing_route")
