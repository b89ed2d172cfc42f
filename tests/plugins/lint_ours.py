"""Points Odoo's linters, which walk over all addons there are, at ours alone (at none in a run without ours)."""

import contextlib
import os
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import pytest

from .server_log import our_addons


@pytest.fixture(autouse=True)
def lint_our_addons_alone(request):
    if "/test_lint/" not in str(request.node.path):
        yield
        return
    with contextlib.ExitStack() as stack, tempfile.TemporaryDirectory() as empty:
        for patch in patches(request.node, empty):
            stack.enter_context(patch)
        yield


def patches(node, empty):
    """Yield what changes the linters' view of the world."""
    from odoo.modules import Manifest
    from odoo.tools import config

    import odoo.addons

    root = os.environ["ADDONS_UNDER_LINT"]
    names = [addon.name for addon in our_addons(Path(root))] if root else []
    manifests = [Manifest.for_addon(name) for name in names]
    folders = [manifest.path for manifest in manifests] or [empty]
    yield mock.patch.object(Manifest, "all_addon_manifests", lambda: manifests)
    yield mock.patch.object(node.module, "get_modules", lambda: names, create=True)
    # pylint gets this folder and all addons that are not below it
    yield mock.patch.dict(vars(config), root_path=folders[0])
    # pytest puts the folder of the addons on the path, where `calendar` hides Python's own from pylint
    yield mock.patch.object(
        sys, "path", [path for path in sys.path if not Path(path, "calendar", "__manifest__.py").exists()]
    )
    # a linter asks for the parameters of the running subtest, which pytest does not know
    yield mock.patch.object(node.cls, "subTest", remember_parameters)
    if node.module.__name__.endswith("test_markers"):
        yield mock.patch.object(odoo.addons, "__path__", folders)
        yield mock.patch.object(odoo, "__path__", folders)
    if node.module.__name__.endswith("test_eslint"):
        yield mock.patch.object(node.cls, "_test_eslint", not_without_files(node.cls._test_eslint))


@contextlib.contextmanager
def remember_parameters(test, message=None, **parameters):
    test._subtest = SimpleNamespace(message=message, params=parameters)
    yield


def not_without_files(lint):
    """ESLint's second, stricter configuration is for point of sale only and needs plugins: not for no files at all."""

    def lint_files(test, modules, configuration):
        if modules and next(test.iter_module_files("**/static/**/*.js", modules=modules), None):
            lint(test, modules, configuration)

    return lint_files
