"""Companies on earlier versions get the present one.

What each migration script does is tested in its addon. Here the code of versions that there were is installed, used
and updated: in every run from the first version of each addon that has had another one since; from every version only
by ``setup/test --not-standard tests/life/test_migration.py``. It needs the history of the repository.
"""

import re
from contextlib import closing

import pytest

from odoo.tools import config

from tests.life.addons import addon_names
from tests.life.board import states
from tests.life.checksum import Rows
from tests.life.native_crm import use
from tests.life.releases import first_versions, releases, unpack
from tests.plugins.server_log import ROOT, our_addons

LEADS = 200


def pytest_generate_tests(metafunc):
    """Ask for the history only where it is needed."""
    if "release" in metafunc.fixturenames:
        found = releases() if metafunc.config.getoption("--not-standard") else {}
        names = ["-".join([commit[:8], *sorted(addons)]) for commit, addons in found.items()]
        metafunc.parametrize("release", list(found.items()), ids=names)


def version_of(text):
    return tuple(map(int, text.split(".")))


@pytest.mark.parametrize("addon", our_addons(), ids=lambda addon: addon.name)
def test_every_migration_script_is_of_a_version_that_there_is_and_has_a_test(addon):
    present = version_of(re.search(r'"version": "([\d.]+)"', (addon / "__manifest__.py").read_text())[1])
    tests = "".join(path.read_text() for path in addon.glob("tests/*.py"))
    for script in addon.glob("migrations/*/*.py"):
        assert version_of(script.parent.name) <= present, f"{script} never runs: the version in the manifest is older"
        assert str(script.relative_to(ROOT)) in tests, f"no test of {addon.name} runs {script.relative_to(ROOT)}"


def test_a_company_that_began_with_the_first_versions_has_after_each_update_what_it_had(make_life, tmp_path):
    first = first_versions()
    if not first:
        pytest.skip("a shallow clone has no earlier versions: git fetch --unshallow, then run this again")
    life = make_life("first-versions")
    life.fill(LEADS)
    native, installed = life.rows.columns, set()
    for commit, names in first.items():
        folder = tmp_path / commit
        folder.mkdir()
        _install_as_of(life, commit, folder, names, installed)
        installed |= names
    _update(life, native)


class TestUpdate:
    test_tags = frozenset({"life"})

    def test_the_history_is_there(self):
        assert releases(), "a shallow clone has no earlier versions: git fetch --unshallow, then run this again"

    def test_what_a_company_has_on_an_earlier_version_it_has_on_the_present_one(self, make_life, tmp_path, release):
        commit, names = release
        life = make_life(f"from-{commit[:8]}")
        life.fill(LEADS)
        native = life.rows.columns
        _install_as_of(life, commit, tmp_path, names)
        _update(life, native)


def _install_as_of(life, commit, folder, names, installed=()):
    """Install addons as they were, with what their demo data shows, and update those that are there already."""
    unpack(commit, folder)
    life.set_demo(True)
    paths = [str(folder), *(path for path in config["addons_path"] if path != str(ROOT))]
    update = ("-u", ",".join(sorted(installed))) if installed else ()
    life.odoo_with_warnings(
        *("-i", ",".join(sorted(names)), *update, "--with-demo"),
        *("--addons-path", ",".join(paths), "--stop-after-init", "--no-http"),
    )


def _update(life, native):
    """Update all that is there of ours to the present versions, see that everything is there, and work with it."""
    life.rows = Rows(life)
    installed = _installed(life)
    life.odoo("-u", ",".join(installed), "--stop-after-init", "--no-http")
    columns = {f"{table}.{column}" for table, names in native.items() for column in names if column != "write_date"}
    assert sorted(columns.intersection(life.changed())) == []
    assert life.left_behind(()) == []
    assert sum(states(life).values()) >= LEADS
    with life.env() as env:
        use(env)
    life.drop()


def _installed(life):
    """Our addons that are there.

    Odoo is not asked: it would open the database with the present code, before the update.
    """
    with closing(life.connect()) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, demo FROM ir_module_module WHERE state = 'installed' AND name IN %s ORDER BY name",
            [tuple(addon_names())],
        )
        installed = dict(cursor.fetchall())
    assert installed, "nothing of ours is there"
    assert all(installed.values()), f"there is nothing of these addons that could be lost: {installed}"
    return list(installed)
