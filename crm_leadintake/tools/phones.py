"""Phone numbers, read once for all that is to be known of them: reading one is the dearest thing about a lead."""

from odoo.exceptions import UserError

from odoo.addons.phone_validation.tools import phone_validation


def standard(number, country_code):
    """The number in E.164 as Odoo would store it, or None where it is not a valid one.

    :param str number: as it came in
    :param country_code: ISO code of the country for numbers without one, or None
    """
    try:
        return phone_validation.phone_format(number, country_code, None, force_format="E164", raise_exception=True)
    except UserError:
        return None


class PhoneBook:
    """What was found out of numbers, for as long as they are needed."""

    def __init__(self):
        self._known = {}

    def standard(self, number, country_code):
        """As :func:`standard`."""
        key = number, country_code
        if key not in self._known:
            self._known[key] = standard(number, country_code)
        return self._known[key]


def book_of(cr):
    """The phone book of a transaction."""
    return cr.cache.setdefault("crm_leadintake.phones", PhoneBook())
