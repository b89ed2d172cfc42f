"""Markup that anybody may have written, as markup that does nothing: no scripts, no styles, nothing loaded."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree, html

_KEPT = frozenset(
    "a abbr b blockquote br caption code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i ins li ol p pre q s small span "
    "strong sub sup table tbody td tfoot th thead tr u ul".split()
)
# what is no text to be read
_DROPPED = frozenset("head iframe math noscript object script select style svg template textarea title".split())
_LINK = re.compile(r"https?://", re.IGNORECASE)
_SPAN = re.compile(r"[1-9][0-9]?\Z")


def clean(text: str, change: Callable[[str], str] = str) -> str:
    """Return HTML that is well-formed and has no attributes but the addresses of links.

    :param change: what becomes of each piece of text, and of each address
    """
    if not text or not text.strip():
        return ""
    try:
        root = html.fragment_fromstring(text, create_parent="div")
    except (etree.ParserError, ValueError):
        return ""
    for node in list(root.iter()):
        if node is not root:
            _clean_node(node)
    for node in root.iter():
        _change(node, change)
    content = etree.tostring(root, encoding="unicode", method="html")
    return content[content.index(">") + 1 : content.rindex("<")].strip()


def _clean_node(node) -> None:
    if not isinstance(node.tag, str) or node.tag in _DROPPED:
        node.drop_tree()
    elif node.tag == "img":
        node.text = f"[{node.get('alt')}]" if node.get("alt") else None
        node.drop_tag()
    elif node.tag not in _KEPT:
        node.drop_tag()
    else:
        _clean_attributes(node)


def _clean_attributes(node) -> None:
    kept = {name: value for name, value in node.attrib.items() if _is_kept(node.tag, name, value)}
    node.attrib.clear()
    node.attrib.update(kept)


def _is_kept(tag: str, name: str, value: str) -> bool:
    if tag == "a" and name == "href":
        return bool(_LINK.match(value.strip()))
    return tag in ("td", "th") and name in ("colspan", "rowspan") and bool(_SPAN.match(value))


def _change(node, change: Callable[[str], str]) -> None:
    if node.text:
        node.text = change(node.text)
    if node.tail:
        node.tail = change(node.tail)
    if "href" in node.attrib:
        node.set("href", change(node.get("href").strip()))
        node.set("rel", "noreferrer noopener")
