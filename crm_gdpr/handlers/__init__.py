from functools import cache

from .base import HANDLERS, SWEEP, Handler, Plain, Reason, UnknownModel


@cache
def _unknown(model):
    return UnknownModel(model)


def get_handler(model) -> Handler:
    """What is known of a model; the safe default where nothing is."""
    return HANDLERS.get(model) or _unknown(model)


from . import (  # noqa: E402
    account,
    calendar,
    crm_calendar_feed,
    crm,
    crm_salesboard,
    crm_gdpr,
    crm_leadintake,
    crm_webhook,
    crm_letter,
    crm_serviceticket,
    crm_campaign,
    crm_mailplugin_contacts,
    hr,
    ir,
    mail,
    blacklist,
    mailing,
    payment,
    res,
    sale,
    sms,
    survey,
)
