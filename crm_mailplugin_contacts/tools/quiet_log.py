"""What Odoo's own connection logs as a fault of its own, with all that Microsoft said, and is none."""

import logging
import threading
from contextlib import contextmanager

import requests


@contextmanager
def expected_answers(logger):
    """Have what Microsoft refuses told in one line, as information: that it asks to wait, or that a token is over, is
    everyday, whoever asked deals with it, and Microsoft's words may quote a contact.

    Of this thread alone: others may be asking for calendars meanwhile.

    :param str logger: the name of the one that Odoo tells it to
    """
    log, thread = logging.getLogger(logger), threading.get_ident()

    def tell_less(record):
        error = record.exc_info and record.exc_info[1]
        if record.thread != thread or not isinstance(error, requests.HTTPError):
            return True
        record.levelno, record.levelname, record.exc_info = logging.INFO, "INFO", None
        record.msg, record.args = "Microsoft answered %s", (error.response.status_code,)
        return log.isEnabledFor(logging.INFO)

    log.addFilter(tell_less)
    try:
        yield
    finally:
        log.removeFilter(tell_less)
