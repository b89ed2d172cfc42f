"""Telling mails that a program sent by itself from those that a person wrote.

By the headers of RFC 3834 (Auto-Submitted, an empty Return-Path) and those that mail programs used before it or use
beside it. What is told apart is not how sure that is, but what the mail was sent for:

- ``ANSWER``: to answer a mail. Somebody is out of office, another system has confirmed ours.
- ``BULK``: by itself, to tell something. A form on a website, a monitor.
"""

ANSWER = "answer"
BULK = "bulk"

_ANSWERING_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply", "X-Vacation")
_ANSWERING_PRECEDENCES = frozenset({"auto_reply", "auto-reply"})
# Not "list": a group of mailboxes that hands a customer's mail on says so, too.
_BULK_PRECEDENCES = frozenset({"bulk", "junk"})
# Sent along by Exchange to keep *others* from answering; none of these values is on a mail that a person writes.
_SUPPRESSIONS = frozenset({"all", "oof", "autoreply", "dr", "rn", "nrn"})


def kind_of(message):
    """What a mail was sent for by itself.

    :param message: ``email.message.Message``
    :return: ``ANSWER``, ``BULK``, or None where a person wrote it
    """
    if _answers(message):
        return ANSWER
    if not _is_automatic(message):
        return None
    return ANSWER if message.get("In-Reply-To") else BULK


def _answers(message):
    return (
        _word(message, "Auto-Submitted").startswith("auto-replied")
        or _word(message, "Precedence") in _ANSWERING_PRECEDENCES
        or any(_word(message, name) not in ("", "no") for name in _ANSWERING_HEADERS)
        or any(str(path).strip() == "<>" for path in message.get_all("Return-Path", ()))
    )


def _is_automatic(message):
    suppressed = {word.strip() for word in str(message.get("X-Auto-Response-Suppress", "")).lower().split(",")}
    return (
        _word(message, "Auto-Submitted") not in ("", "no")
        or _word(message, "Precedence") in _BULK_PRECEDENCES
        or bool(suppressed & _SUPPRESSIONS)
    )


def _word(message, name):
    """The value of a header without its parameters and comments."""
    return str(message.get(name, "")).partition(";")[0].partition("(")[0].strip().lower()
