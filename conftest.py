"""What every test run of this repository has in common; see tests/plugins/."""

pytest_plugins = [
    "tests.plugins.assets",
    "tests.plugins.file_texts",
    "tests.plugins.odoo_classes",
    "tests.plugins.log_guard",
    "tests.plugins.rows",
    "tests.plugins.standard",
]
