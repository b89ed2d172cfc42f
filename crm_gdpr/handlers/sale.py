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


class SaleOrderLine(Handler):
    model = "sale.order.line"
    has_documents = False
    fields = {
        "virtual_id": keep("a number of the page"),
        "linked_virtual_id": keep("a number of the page"),
        "analytic_distribution": keep("shares of accounts"),
    }
