"""What a payment provider was told."""

from ..engine.treatments import EMPTY, SCRUB, keep
from .base import Handler

SNAPSHOT = ("partner_name", "partner_email", "partner_address", "partner_zip", "partner_city", "partner_phone")


class PaymentTransaction(Handler):
    model = "payment.transaction"
    own_links = ("partner_id",)
    fields = {
        **dict.fromkeys(SNAPSHOT, (EMPTY, SCRUB)),
        "reference": SCRUB,
        "provider_reference": keep("the number of the payment at the provider"),
        "landing_route": SCRUB,
    }
    export_fields = (
        "reference", "provider_id", "provider_reference", "amount", "state", "state_message", "last_state_change",
        *SNAPSHOT, "create_date",
    )  # fmt: skip


class PaymentToken(Handler):
    """A saved card or account is not used again."""

    model = "payment.token"
    own_links = ("partner_id",)
    fields = {"payment_details": EMPTY, "provider_ref": EMPTY}
    export_fields = ("provider_id", "payment_details", "create_date")

    def erase(self, run, rows):
        if not run.is_rehearsal:
            # archiving tells the provider, which SQL would not, and which has to know still what to forget
            run.env[self.model].sudo().browse(rows).filtered("active").write({"active": False})
            run.env.flush_all()
        run.rewrite(self.model, rows)
