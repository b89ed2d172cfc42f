"""What every test run of this repository has in common; see tests/plugins/."""

import ast
from pathlib import Path

pytest_plugins = [
    "tests.plugins.assets",
    "tests.plugins.odoo_classes",
    "tests.plugins.log_guard",
    "tests.plugins.rows",
    "tests.plugins.standard",
]


def _is_installable(addon):
    return ast.literal_eval((Path(__file__).parent / addon / "__manifest__.py").read_text()).get("installable", True)


# Tests beyond one addon of addons that are in the making.
collect_ignore = [
    f"tests/{file}"
    for file, addon in {
        "test_dashboard_pipeline.py": "crm_dashboard",
        "test_dashboards_real_data.py": "crm_dashboard",
        "test_mailplugin_privacy.py": "crm_mailplugin",
    }.items()
    if not _is_installable(addon)
]
