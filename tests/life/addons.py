"""Our addons, and which of them needs which."""

import ast
import functools

from tests.plugins.server_log import our_addons


@functools.cache
def _needed():
    """What each addon depends on, read from the files: Odoo may not know yet where they lie."""
    return {addon.name: ast.literal_eval((addon / "__manifest__.py").read_text())["depends"] for addon in our_addons()}


def addon_names():
    """The technical names of our addons, each after those that it needs."""
    ordered = []

    def add(name):
        if name in _needed() and name not in ordered:
            for other in _needed()[name]:
                add(other)
            ordered.append(name)

    for name in sorted(_needed()):
        add(name)
    return ordered


def native_needs():
    """The technical names of Odoo's own modules that our addons depend on."""
    return sorted(set().union(*_needed().values()).difference(_needed()))


def with_dependents(name):
    """The addon, and all of ours that cannot be without it."""
    going = {name}
    for other in addon_names():
        if going & set(_needed()[other]):
            going.add(other)
    return going
