"""The desk that all doors hand in at: who may, what is kept, what is answered. A door only decodes and encodes."""

import logging
from contextlib import contextmanager

import psycopg2

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .refusal import IntakeRefusal
from .transactions import is_outage, own_transaction

_logger = logging.getLogger(__name__)

MAX_LEADS = 1000
# The jobs that make leads of what waits, and that tell people of new ones.
MAKE, ANNOUNCE = "crm_leadintake.ir_cron_crm_lead_inbox", "crm_leadintake.ir_cron_crm_lead_announce"
_TRIES = 3
# For one lead a field or two are read of each of many records: reading all that they have costs more than asking twice.
_ONE_BY_ONE = {"prefetch_fields": False}


class ByKey:
    """A program that shows a key, from an internet address."""

    def __init__(self, key, address):
        self.key, self.address = key, address

    def admit(self, env):
        return env["crm.intake.source"]._admit_key(self.key, self.address)


class ByUser:
    """A user of Odoo's own API; the address is None where there is no request."""

    def __init__(self, user_id, address=None):
        self.user_id, self.address = user_id, address

    def admit(self, env):
        return env["crm.intake.source"]._admit_user(self.user_id, self.address)


def submit(registry, caller, records, door, is_test=False, idempotency_key=None):
    """Take leads: keep them, and unless the source does so later make leads of them, then answer.

    What was accepted is committed before the rest is tried, so that it is never lost; what fails after it is made up
    for by a job.

    :param registry: of the database
    :param caller: who hands in, with a method ``admit(env)`` that returns a SourceConfig or raises
    :param list records: what the door decoded, of any type
    :param str door: a key of crm.lead.inbox's field ``door``
    :param idempotency_key: text by which a repeated request is known, and the fingerprint of the request
    :type idempotency_key: tuple(str, str) or None
    :return: a list with an answer for each record: ``external_id``; ``status`` (``created``, ``updated``, ``linked``,
        ``noted``, ``rejected``, ``accepted`` or ``error``); ``reference``, our id of it, empty where nothing was kept;
        ``problems`` and ``warnings``, lists of ``{"field", "rule", "message"}``
    :raise IntakeRefusal: nothing was taken
    """
    if len(records) > MAX_LEADS:
        raise IntakeRefusal("size", detail=f"Send at most {MAX_LEADS:,} leads at a time.")
    with _own_transaction(registry) as env:
        config = caller.admit(env)
        entries = _accept_once(env, config, records, door, is_test, idempotency_key)
        if config.processing == "later":
            return env["crm.lead.inbox"]._get_answers(entries)
    return _process(registry, entries)


def _accept_once(env, config, records, door, is_test, idempotency_key):
    Inbox = env["crm.lead.inbox"].with_company(config.company_id)
    if not idempotency_key:
        return Inbox._accept(config, records, door, is_test)
    request_id, entries = env["crm.intake.request"]._begin(config.id, *idempotency_key)
    if entries is None:
        entries = Inbox._accept(config, records, door, is_test)
        env["crm.intake.request"].browse(request_id).entries = entries
    return entries


def _process(registry, entries):
    """Make leads of what was accepted, and answer; where that fails they are accepted all the same."""
    row_ids = [entry for entry in entries if isinstance(entry, int)]
    for attempt in range(_TRIES):
        try:
            with own_transaction(registry, _ONE_BY_ONE if len(row_ids) == 1 else None) as env:
                env["crm.lead.inbox"].browse(row_ids)._process_waiting()
                wake(env, ANNOUNCE)
                return env["crm.lead.inbox"]._get_answers(entries)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.info("Lead intake: attempt %s met another transaction", attempt + 1)
        except Exception:  # whatever it is, the leads are kept and the sender is not to send them again
            _logger.exception("Lead intake: the job will make the leads that were accepted")
            break
    with _own_transaction(registry) as env:
        wake(env, MAKE)
        return env["crm.lead.inbox"]._get_answers(entries)


def process(registry, row_ids):
    """Make leads of rows that wait, while the person who corrected them does too.

    :param list row_ids: ids of crm.lead.inbox
    """
    _process(registry, row_ids)


def find_problems(registry, caller, record):
    """What is wrong with a record, of which nothing is kept: for people, who correct it before it is taken.

    :return: a list as :meth:`.problems.Problem.as_dict` returns it
    :raise IntakeRefusal: who hands in may not
    """
    with _own_transaction(registry) as env:
        config = caller.admit(env)
        return env["crm.lead.inbox"].with_company(config.company_id)._find_problems(config, record)


def quarantine(registry, caller, record, door):
    """Keep a record that looks like spam apart; see crm.lead.inbox._quarantine.

    :raise IntakeRefusal: who hands in may not
    """
    with _own_transaction(registry) as env:
        config = caller.admit(env)
        env["crm.lead.inbox"].with_company(config.company_id)._quarantine(config, record, door)


def wake(env, job):
    """Have a job run soon; once is enough for all requests until it does.

    :param str job: MAKE or ANNOUNCE
    """
    if found := get_job(env, job):
        found._wake_once()


def get_job(env, job):
    """The ``ir.cron`` of MAKE or ANNOUNCE; none where somebody has deleted it, which is no reason to take no leads."""
    job_id = env["ir.model.data"]._xmlid_to_res_id(job)
    if not job_id:
        _logger.error("Lead intake: the scheduled action %s was deleted. Update the addon to have it back.", job)
    return env["ir.cron"].browse(job_id or ())


def get_status(registry, caller, external_ids):
    """What became of leads of this source.

    :param list external_ids: up to a thousand texts
    :return: for each one that is known ``{"external_id", "state", "changed"}``; see crm.lead.inbox._get_status
    :raise IntakeRefusal: who asks may not
    """
    if len(external_ids) > MAX_LEADS:
        raise IntakeRefusal("size", detail=f"Ask for at most {MAX_LEADS:,} leads at a time.")
    with _own_transaction(registry) as env:
        config = caller.admit(env)
        return env["crm.lead.inbox"]._get_status(config.id, external_ids)


def get_fields(registry, caller):
    """The fields that a source can send: ``[{"name", "type", "size", "choices", "label"}]``.

    :raise IntakeRefusal: who asks may not
    """
    return [describe(spec) for spec in get_config(registry, caller).specs.values()]


def get_config(registry, caller):
    """What a source is configured to, for a door that tells its caller about it.

    :rtype: tools.config.SourceConfig
    :raise IntakeRefusal: who asks may not
    """
    with _own_transaction(registry) as env:
        return caller.admit(env)


def describe(spec):
    """A FieldSpec as programs get it."""
    return {
        "name": spec.name,
        "type": spec.kind,
        "size": spec.size,
        "choices": list(spec.choices),
        "label": spec.label,
    }


@contextmanager
def _own_transaction(registry):
    """As own_transaction, but what keeps the database from answering is told as a refusal that can be repeated."""
    try:
        with own_transaction(registry) as env:
            yield env
    except psycopg2.Error as error:
        if not is_outage(error):
            raise
        _logger.warning("Lead intake: the database does not answer: %s", error)
        raise IntakeRefusal("busy", retry_after=2) from error
