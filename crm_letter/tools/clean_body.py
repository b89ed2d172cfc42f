"""The text of a letter as it goes to the printer of pages: nothing in it fetches anything."""

import re

from lxml import etree, html

from odoo.tools.mail import html_sanitize

ATTACHMENT_IMAGE = re.compile(r"^/web/(?:image|content)/(\d+)(?:[-/?].*)?$")
LOADING = ("background", "srcset", "data", "poster", "cite", "longdesc", "action", "formaction", "xlink:href")


def clean_body(text, image_of):
    """Sanitise, take out whatever would be loaded from elsewhere and put images in place of their addresses.

    :param str text: HTML
    :param image_of: gives for the id of an attachment a ``data:`` address, or None where there is none to be shown
    :return: HTML
    """
    text = html_sanitize(text, sanitize_attributes=True, sanitize_style=True, strip_classes=True)
    if not (text or "").strip():
        return ""
    root = html.fragment_fromstring(str(text), create_parent="div")
    for element in list(root.iter()):
        if isinstance(element.tag, str):
            _clean_element(element, image_of)
    return (root.text or "") + "".join(etree.tostring(child, encoding="unicode", method="html") for child in root)


def _clean_element(element, image_of):
    for name in LOADING:
        element.attrib.pop(name, None)
    if "url(" in element.get("style", "").lower():
        del element.attrib["style"]
    if element.tag == "a":
        element.attrib.pop("href", None)
    if "src" not in element.attrib:
        return
    source = element.attrib.pop("src") if element.tag != "img" else element.get("src")
    if element.tag == "img":
        _clean_image(element, source, image_of)


def _clean_image(element, source, image_of):
    match = ATTACHMENT_IMAGE.match(source)
    source = image_of(int(match[1])) if match else source
    if source and source.startswith("data:image/"):
        element.set("src", source)
    elif element.getparent() is not None:
        element.drop_tree()
