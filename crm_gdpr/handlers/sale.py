"""Orders: what was sold stays; who signed goes."""

from ..engine.treatments import EMPTY, keep
from .base import Handler


class SaleOrder(Handler):
    model = "sale.order"
    is_owned_by_document = False
    fields = {
        "signature": EMPTY,
        "signed_by": EMPTY,
        "access_token": EMPTY,
        "name": keep("the number of the order"),
    }
    export_links = ("partner_id", "partner_invoice_id")
    export_fields = (
        "name", "state", "date_order", "commitment_date", "client_order_ref", "amount_untaxed", "amount_tax",
        "amount_total", "payment_term_id", "signed_by", "signed_on", "user_id", "note",
    )  # fmt: skip
    export_lines = {"order_line": ("name", "product_uom_qty", "price_unit", "discount", "price_total")}
    export_involved = ("name", "date_order")


class SaleOrderLine(Handler):
    model = "sale.order.line"
    has_documents = False
    fields = {
        "virtual_id": keep("a number of the page"),
        "linked_virtual_id": keep("a number of the page"),
        "analytic_distribution": keep("shares of accounts"),
    }
    is_exported = False  # told with the order
