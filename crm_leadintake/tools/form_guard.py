"""Who may send a form, and what keeps programs that fill in every form they find away from the leads."""

import hashlib
import hmac
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

# Nobody fills in a form in less; whoever takes longer sends it from a page that may have changed since.
MIN_SECONDS, MAX_SECONDS = 3, 24 * 3600
SENT_PER_MINUTE = 10  # from one address
TRAP, STAMP = "homepage", "form_stamp"  # names that no field of a form has


class ByForm:
    """A visitor of a website who sends a form, from an internet address.

    :param FormConfig form: what was opened
    :param origin: where the page was that it was sent from, or None where the browser does not say
    :param str own_host: the host that this page itself is served from
    """

    def __init__(self, form, address, origin, own_host):
        self.form, self.address, self.origin, self.own_host = form, address, origin, own_host
        self._config = None

    def admit(self, env):
        """The configuration of the source; a form is counted once, however often it is asked for.

        :raise IntakeRefusal: the form is closed, comes from elsewhere, or is one too many
        """
        if self._config is None:
            self._config = env["crm.intake.source"]._admit_form(self)
        return self._config

    def is_from_allowed_page(self):
        """Tell whether the form was sent from one of the pages that it is meant to stand on, or from its own."""
        if not self.form.origins:
            return True
        origin = origin_of(self.origin or "")
        return bool(origin) and (origin in self.form.origins or urlsplit(origin).netloc == self.own_host.lower())


def origin_of(address):
    """The origin of a web address, as browsers name it (``https://www.example.com``), or None if it is none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" if port in (None, default) else f"{parts.scheme}://{host}:{port}"


def parse_origins(text):
    """Read origins, one per line or separated by commas.

    :raise ValueError: with the entry that is none
    """
    origins = []
    for part in (text or "").replace(",", " ").split():
        origin = origin_of(part)
        # what goes into a header is made of the characters of names of hosts, and of nothing else
        if not origin or not origin.isascii() or any(char in origin for char in "*;'\"\\"):
            raise ValueError(part)
        origins.append(origin)
    return tuple(origins)


def stamp(secret, public_id, now):
    """The time at which a form was shown, signed, for the form to carry."""
    return f"{int(now)}.{_sign(secret, 'stamp', public_id, str(int(now)))}"


def age_of(secret, public_id, text, now):
    """The seconds since a form was shown, or None where the stamp is not ours."""
    shown, _dot, signature = text.partition(".")
    if not shown.isascii() or not shown.isdigit() or len(shown) > 12 or not signature.isascii():
        return None
    if not hmac.compare_digest(signature, _sign(secret, "stamp", public_id, shown)):
        return None
    return max(0, now - int(shown))


def bucket_of(secret, address):
    """What an address is counted under: nobody can read it back; of IPv6 it is the network, which is one connection."""
    with suppress(ValueError):
        parsed = ip_address(address or "")
        if parsed.version == 6:
            parsed = parsed.ipv4_mapped or (int(parsed) >> 64)
        address = str(parsed)
    return _sign(secret, "address", str(address))[:32]


def _sign(secret, *parts):
    text = "\0".join(("crm_leadintake", *parts))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
