"""What opens something to whoever knows it, by what it is called."""

import re
from typing import Any

SECRET = re.compile(
    r"token|passw|secret|api_?key|private_?key|credential|session|uuid|totp|(^|_)otp|hash(ed)?($|_)|_key$|signup_"
    r"|oauth|checksum|fingerprint|nonce|(^|_)salt|landing_route",
    re.IGNORECASE,
)


def is_secret(name: str) -> bool:
    """Tell whether a field or a key in JSON is called like a password, a key or the like."""
    return bool(SECRET.search(name))


def without_secrets(value: Any) -> Any:
    """What JSON was parsed to, without what is secret."""
    if isinstance(value, dict):
        return {key: without_secrets(item) for key, item in value.items() if not is_secret(str(key))}
    if isinstance(value, list):
        return [without_secrets(item) for item in value]
    return value
