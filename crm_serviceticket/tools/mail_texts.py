"""What is kept of a mail where: texts that no screen can show, and what a mail quotes of others."""

import re

import lxml.html

# Characters of a part. A long mail with all its quotes has a tenth of that; a screen has its trouble with more.
MAX_TEXT = 200_000

_FORWARDED = re.compile(r"\s*(fwd?|wg|tr|doorst|vb|pd)\s*:", re.IGNORECASE)

_ANSWER = re.compile(r"\s*(re|aw|antw|antwort|sv|vs|odp|rif|ref|tr|r)\s*(\[\d+\]|\(\d+\))?\s*:", re.IGNORECASE)


def may_be_long(message, limit=MAX_TEXT):
    """Whether a mail has a text that may be too long to be shown. Decodes nothing: coded a text is never shorter.

    :param message: ``email.message.EmailMessage``
    :param int limit: of characters
    :return: bool
    """
    return any(len(part.get_payload()) > limit for part in _texts(message))


def take_out_long_texts(message, limit=MAX_TEXT):
    """Shorten the texts of a mail that are too long to be shown.

    :param message: ``email.message.EmailMessage``, changed in place
    :param int limit: of characters
    :return: ``[(name of a file, whole text)]``
    """
    taken_out = []
    for part in _texts(message):
        subtype, text = part.get_content_subtype(), part.get_content()
        if len(text) > limit:
            taken_out.append((f"message.{'html' if subtype == 'html' else 'txt'}", text))
            part.set_content(_beginning(text, limit), subtype=subtype)
    return taken_out


def _texts(message):
    return [
        part for part in message.walk() if part.get_content_type() in ("text/plain", "text/html") and not _is_file(part)
    ]


def _is_file(part):
    return bool(part.get_filename()) or part.get_content_disposition() == "attachment"


def _beginning(text, limit):
    """Cut between two lines or tags, where there is one near."""
    beginning = text[:limit]
    end = max(beginning.rfind("\n"), beginning.rfind(">"))
    return beginning[: end + 1] if end > limit // 2 else beginning


def says_something(body):
    """Whether there is a text or a picture in it.

    :param str body: HTML
    :return: bool
    """
    return "<img" in (body or "") or bool(re.sub(r"<[^>]*>|&nbsp;", "", body or "").strip())


def is_forwarded(subject):
    """Whether what a mail quotes is what it is about."""
    return bool(_FORWARDED.match(subject or ""))


def is_answer(subject):
    """Whether a mail answers another one."""
    return bool(_ANSWER.match(subject or ""))


def quoted_part(body):
    """What a mail quotes of others: of one that is handed on, what is handed on, without what was said to it.

    :param str body: HTML as ``html_sanitize`` returns it
    :return: HTML, empty where nothing is quoted
    """
    if "data-o-mail-quote" not in (body or ""):
        return ""
    root = lxml.html.fragment_fromstring(body, create_parent="div")
    signature = "contains(@class, 'signature') or @id = 'Signature'"
    outermost = f"not(ancestor::*[@data-o-mail-quote='1']) and not({signature})"
    quotes = root.xpath(f".//*[@data-o-mail-quote='1'][{outermost}]")
    quoted = "".join(lxml.html.tostring(quote, encoding="unicode", with_tail=False) for quote in quotes)
    return quoted if says_something(quoted) else ""


def without_quotes(body):
    """A text without what it quotes of others and without its signature.

    :param str body: HTML as ``html_sanitize`` returns it, which marks both
    :return: HTML; as it was, where nothing would be left
    """
    if "data-o-mail-quote" not in body:
        return body
    root = lxml.html.fragment_fromstring(body, create_parent="div")
    for quote in root.xpath(".//*[@data-o-mail-quote='1']"):
        if quote.getparent() is not None:
            quote.drop_tree()
    left = lxml.html.tostring(root, encoding="unicode")
    return left if says_something(left) else body
