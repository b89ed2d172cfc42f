"""Leaves out of an ordinary run what Odoo's tags leave out of its own (`-standard`). Odoo's suites are run whole."""


def pytest_addoption(parser):
    parser.addoption(
        "--not-standard",
        action="store_true",
        help="Run those tests, and those alone, that Odoo's own runs leave out for their length, "
        "like clicking everything.",
    )


def pytest_collection_modifyitems(config, items):
    """Odoo's tags decide what belongs to an ordinary run."""
    asked = config.getoption("--not-standard")
    tagged = {item: getattr(item.cls, "test_tags", {"standard"}) for item in items}
    left_out = [item for item, tags in tagged.items() if ("standard" in tags) == asked]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
