"""What the add-in sends of an e-mail, read without a database."""

import base64
import binascii

from lxml import etree, html

from odoo.tools.mail import email_normalize, email_split

# The add-in writes "From : somebody@example.com" above the text; what is longer is a text.
LONGEST_HEADER = 300
MAX_FILES = 100
# As the add-in itself leaves larger ones out.
MAX_BYTES = 40 * 1024 * 1024


def sender_of(message):
    """Whom an e-mail is from: the add-in sends no headers, but writes the sender above the text.

    :param str message: the HTML that the add-in sends
    :return: the normalised address, or None where it is not written there
    """
    try:
        page = html.fromstring(message)
    except (etree.ParserError, ValueError):
        return None
    body = page.find(".//body") if page.tag == "html" else page
    first = next((text.strip() for text in body.itertext() if text.strip()), "") if body is not None else ""
    addresses = email_split(first) if len(first) <= LONGEST_HEADER else []
    if len(addresses) != 1 or not first.endswith((addresses[0], f"{addresses[0]}>")):
        return None
    return email_normalize(addresses[0]) or None


def read_files(attachments):
    """The files of an e-mail.

    :param attachments: list of pairs of a name and the content in base 64, as the add-in sends them; None for none
    :return: list of pairs of a name and the content as bytes
    :rtype: list[tuple[str, bytes]]
    :raise ValueError: what came is no such list
    :raise OverflowError: they are too many, or too large together
    """
    files = []
    if not isinstance(attachments or [], list):
        raise ValueError(attachments)
    if len(attachments or ()) > MAX_FILES:
        raise OverflowError
    left = MAX_BYTES
    for attachment in attachments or ():
        if not isinstance(attachment, list) or len(attachment) != 2:
            raise ValueError(attachment)
        name, content = attachment
        if not isinstance(name, str) or not isinstance(content, str):
            raise ValueError(name)
        # Before it is decoded: four characters are three bytes.
        left -= len(content) * 3 // 4
        if left < 0:
            raise OverflowError
        try:
            files.append((name, base64.b64decode("".join(content.split()), validate=True)))
        except binascii.Error as error:
            raise ValueError(name) from error
    return files
