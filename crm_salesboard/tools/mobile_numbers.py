"""Which phone numbers take text messages."""

from odoo.addons.phone_validation.tools import phone_validation
from odoo.exceptions import UserError

try:
    from phonenumbers import PhoneNumberType, number_type
except ImportError:  # As in Odoo: without the library numbers are not judged.
    MOBILE_TYPES = ()
else:
    # In North America a number does not tell whether it is a mobile one.
    MOBILE_TYPES = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def is_mobile(number: str) -> bool:
    """Whether a text message can be sent there.

    :param number: with its country (E.164)
    """
    try:
        parsed = phone_validation.phone_parse(number, None)
    except UserError:
        return False
    return not parsed or number_type(parsed) in MOBILE_TYPES
