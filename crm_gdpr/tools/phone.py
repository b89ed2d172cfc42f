"""The country's part of a phone number."""

try:
    import phonenumbers
except ImportError:  # Odoo itself does without it
    phonenumbers = None


def calling_code(number: str) -> str:
    """ "+31" of a number in international notation, empty where it is none."""
    if phonenumbers and number.strip().startswith("+"):
        try:
            return f"+{phonenumbers.parse(number, None).country_code}"
        except phonenumbers.NumberParseException:
            return ""
    return ""
