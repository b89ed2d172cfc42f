"""What other systems are told."""

from ..engine.treatments import SCRUB, keep
from .base import Configuration, Plain


class CrmWebhookDelivery(Plain):
    """A copy of what the records say, or said: what was sent is a log, what waits would tell it anew. Both go."""

    model = "crm.webhook.delivery"
    own_links = ("res_id",)
    fields = {
        "payload": SCRUB,
        "error": SCRUB,
        "uuid": keep("a random number"),
    }
    is_exported = False  # told with the records


class CrmWebhook(Configuration):
    """Where things are sent. Secrets are random. What the server said of a filter may quote what is filtered by."""

    model = "crm.webhook"
    fields = {
        "secret": keep("a random number"),
        "former_secret": keep("a random number"),
        "problem": SCRUB,
    }
