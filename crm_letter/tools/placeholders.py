"""What the placeholders of a letter ask for, and which of them ask for something that is not there."""

import ast
import builtins
import re

from lxml import html

from odoo.tools.rendering_tools import parse_inline_template

# ``{{ object.name ||| default }}`` written into the text of a letter, where Odoo's editor would put a tag
IN_TEXT = re.compile(r"\{\{\s*([^{}<>|]+?)\s*(?:\|\|\|\s*([^{}<>]*?)\s*)?\}\}")
DIRECTIVE = re.compile(r"^t-(out|esc|raw|if|elif|foreach|value|att-[\w-]+|options)$")
FORMAT_DIRECTIVE = re.compile(r"^t-attf-[\w-]+$|^t-valuef$")
EXPRESSION_IN_FORMAT = re.compile(r"\{\{(.+?)\}\}|#\{(.+?)\}")


def tags_for_braces(text):
    """Turn placeholders in braces within HTML into the tags that Odoo's editor makes of them."""
    return IN_TEXT.sub(lambda match: f'<t t-out="{match[1].strip()}">{match[2] or ""}</t>', text)


def line_expressions(text):
    """The expressions of a line of text: ``{{ … }}``."""
    return [expression for _text, expression, _default in parse_inline_template(text or "") if expression]


def html_expressions(text):
    """The expressions of HTML, and the names that it gives to values itself.

    :return: ``([expression], {name})``
    """
    if not (text or "").strip():
        return [], set()
    found, names = [], set()
    for element in html.fragment_fromstring(str(text), create_parent="div").iter():
        if not isinstance(element.tag, str):
            continue
        for attribute, value in element.attrib.items():
            if attribute in ("t-set", "t-as"):
                names |= {value, *(f"{value}_{part}" for part in ("index", "value", "first", "last", "size", "parity"))}
            elif DIRECTIVE.match(attribute):
                found.append(value)
            elif FORMAT_DIRECTIVE.match(attribute):
                found += [match[1] or match[2] for match in EXPRESSION_IN_FORMAT.finditer(value)]
    return found, names


def unknown_in(expression, model, known_names):
    """What of an expression is not there.

    :param str expression: Python, as in Odoo's e-mail templates
    :param model: what ``object`` is, an empty recordset
    :param known_names: names of other values
    :return: the first part that is unknown as it was written, e.g. ``object.nmae``; None if all is there
    """
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError):
        return expression.strip()
    own_names = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    } | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not _is_known_name(node.id, own_names | {"object", *known_names}):
            return node.id
        if isinstance(node, ast.Attribute) and (unknown := _unknown_attribute(node, model)):
            return unknown
    return None


def _is_known_name(name, known):
    return name in known or hasattr(builtins, name)


def _unknown_attribute(node, model):
    """The chain of fields that ends here, if ``object`` has it not."""
    chain = []
    while isinstance(node, ast.Attribute):
        chain.insert(0, node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id != "object":
        return None
    record = model
    for position, name in enumerate(chain):
        field = record._fields.get(name)
        if field is None:
            is_there = hasattr(type(record), name) and not name.startswith("_")
            return None if is_there else ".".join(["object", *chain[: position + 1]])
        if not field.relational:
            return None
        record = record.env[field.comodel_name]
    return None
