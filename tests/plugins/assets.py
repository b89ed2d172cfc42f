"""Makes the bundles of JavaScript and CSS once and for all tests.

A bundle that a browser asks for within a test goes with the transaction of the test, so every test would make it anew,
and wait for it. Odoo's own runner makes them before its browser tests too, but not those that a page loads later.

Which files a bundle is made of is looked up once as well: Odoo forgets it with the caches that each test empties.
"""

import functools

JS_AND_CSS = (
    "mass_mailing.mailing_assets",
    "spreadsheet.o_spreadsheet",
    "web.__assets_tests_call__",
    "web.assets_backend_lazy",
    "web.assets_frontend",
    "web.assets_tests",
    "web.assets_unit_tests",
    "web.assets_unit_tests_setup",
    "web.assets_web",
)
JS = (
    "bus.websocket_worker_assets",
    "mail.assets_message_email",
    "web.assets_emoji",
    "web.assets_frontend_lazy",
    "web.assets_frontend_minimal",
    "web.chartjs_lib",
    "web.fullcalendar_lib",
)
CSS = ("mass_mailing.assets_iframe_style", "web.assets_web_print", "web.report_assets_common", "web.report_assets_pdf")


def pytest_collection_finish(session):
    from odoo.tests import HttpCase

    from odoo.addons.base.models import ir_asset

    ir_asset._glob_static_file = functools.cache(ir_asset._glob_static_file)  # files stay what they are during a run

    if not session.config.option.collectonly and any(
        item.cls and issubclass(item.cls, HttpCase) for item in session.items
    ):
        _make_bundles_of_database()


def _make_bundles_of_database():
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name

    with Registry(get_db_name()).cursor() as cr:
        make_bundles(Environment(cr, SUPERUSER_ID, {}))


def make_bundles(env):
    """Make those that are not there yet, or whose files have changed since."""
    for bundle in JS_AND_CSS + JS:
        env["ir.qweb"]._get_asset_bundle(bundle, css=False).js()
    for bundle in JS_AND_CSS + CSS:
        env["ir.qweb"]._get_asset_bundle(bundle, js=False).css()
