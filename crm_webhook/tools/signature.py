"""How a receiver knows that a request is ours, unchanged, and of now."""

import hashlib
import hmac
import secrets

PREFIX = "X-CRM-Webhook-"


def generate():
    """A new secret: 256 random bits."""
    return f"whsec_{secrets.token_urlsafe(32)}"


def sign(body, keys, timestamp):
    """The value of the header with the signature.

    :param bytes body: what is sent
    :param keys: secrets that are valid now, as text; while one is replaced there are two
    :param int timestamp: seconds since 1970
    """
    signed = b"%d.%b" % (timestamp, body)
    digests = [hmac.new(key.encode(), signed, hashlib.sha256).hexdigest() for key in keys]
    return ",".join([f"t={timestamp}", *(f"v1={digest}" for digest in digests)])


def headers(delivery_id, event, attempt, signature):
    """What goes along with a body."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "crm-webhook/1",
        "Accept": "*/*",
        f"{PREFIX}Id": delivery_id,
        f"{PREFIX}Event": event,
        f"{PREFIX}Attempt": str(attempt),
        f"{PREFIX}Signature": signature,
    }
