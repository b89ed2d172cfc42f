"""What a payment provider was told."""

import logging
from functools import partial

from odoo import api

from ..engine.columns import Columns
from ..engine.treatments import EMPTY, SCRUB, keep
from .base import Handler

_logger = logging.getLogger(__name__)
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
        """Archive them by SQL: Odoo would tell the provider at once, also of what fails or is a rehearsal."""
        stored = self._read_active(run, [row_id for row_id, row in rows.items() if row.is_own])
        run.write(self.model, {row_id: {"active": False} for row_id in stored})
        if stored and not run.is_rehearsal:
            run.after_commit.append(partial(_tell_providers, run.env.registry, run.env.uid, stored))
        run.rewrite(self.model, rows)

    def _read_active(self, run, ids):
        """What the provider knows them by: ``{id: {column: value}}``."""
        tokens = run.env[self.model].sudo().browse(ids).filtered("active")
        return {
            row_id: {**values, "active": True}
            for row_id, values in run._read(self.model, run.policy.get_treated(self.model), tokens.ids)
        }


def _tell_providers(registry, uid, stored):
    """Have the providers forget tokens that are not used any more.

    They are told by what the tokens were known by, which is not in the database any more. So each is told in a
    transaction of its own that sees the token as it was, and of which nothing is kept.

    :param stored: ``{token id: {column: value}}``
    """
    for token_id, values in stored.items():
        with registry.cursor() as cr:
            env = api.Environment(cr, uid, {}, su=True)
            try:
                Columns(env).update(env[PaymentToken.model]._table, list(values), [{"id": token_id, **values}])
                env[PaymentToken.model].browse(token_id)._handle_archiving()
            except Exception as error:  # noqa: BLE001  whatever a provider answers, the others are told
                # without its message, which may quote what it was about
                _logger.warning("the provider of payment token %s was not told: %s", token_id, type(error).__name__)
            finally:
                env.invalidate_all(flush=False)
                cr.rollback()
