"""Keys of sources: a public part to look them up by, and a secret part of which only a hash is kept.

The secret has 256 random bits, so that one round of SHA-256 is enough: there is no password to guess (OWASP, API keys).
"""

import hashlib
import hmac
import re
import secrets

_KEY = re.compile(r"li_([0-9a-f]{16})_([A-Za-z0-9_-]{43})", re.ASCII)
_NOBODY = hashlib.sha256(secrets.token_bytes(32)).hexdigest()


def generate():
    """Return a new ``(key, prefix, digest)``; the key itself is to be shown once and forgotten."""
    prefix, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    return f"li_{prefix}_{secret}", prefix, _digest(secret)


def prefix_of(key):
    """The public part of a key, or None if this is no key."""
    match = _KEY.fullmatch(key) if isinstance(key, str) else None
    return match and match[1]


def matches(key, digest):
    """Tell in constant time whether a digest is that of a key, also where there is none to compare with."""
    match = _KEY.fullmatch(key) if isinstance(key, str) else None
    same = hmac.compare_digest(_digest(match[2] if match else ""), digest or _NOBODY)
    return bool(match) and bool(digest) and same


def _digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()
