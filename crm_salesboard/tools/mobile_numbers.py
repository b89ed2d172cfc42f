"""Which phone numbers take text messages."""

try:
    from phonenumbers import NumberParseException, PhoneNumberType, number_type, parse
except ImportError:  # As in Odoo: without the library numbers are not judged.
    parse = None
else:
    # In North America a number does not tell whether it is a mobile one.
    MOBILE_TYPES = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def is_mobile(number: str) -> bool:
    """Whether a text message can be sent there.

    :param number: with its country (E.164), as Odoo normalizes it; that takes four times as long as this
    """
    if parse is None:
        return True
    try:
        return number_type(parse(number)) in MOBILE_TYPES
    except NumberParseException:
        return False
