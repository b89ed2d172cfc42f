"""Each addon installs with pip: its wheel holds all of its files where Odoo looks for them."""

import subprocess
import sys
import zipfile

import pytest

from tests.plugins.server_log import ROOT, our_addons


@pytest.fixture(scope="module", params=our_addons(), ids=lambda addon: addon.name)
def addon(request):
    return request.param


@pytest.fixture(scope="module")
def wheel(addon, tmp_path_factory):
    """Build the wheel with the whool of this environment, so that nothing has to be fetched."""
    folder = tmp_path_factory.mktemp("wheels")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, addon]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def tracked_files(addon):
    listed = subprocess.run(["git", "ls-files", "-z", addon], cwd=ROOT, capture_output=True, text=True, check=True)
    return {path for path in listed.stdout.split("\0") if path and (ROOT / path).exists()}


def test_wheel_holds_the_addon(addon, wheel):
    missing = {f"odoo/addons/{path}" for path in tracked_files(addon)} - set(wheel.namelist())
    # what builds the wheel need not be in it
    assert missing <= {f"odoo/addons/{addon.name}/pyproject.toml"}


def test_wheel_does_not_hide_odoo(wheel):
    """odoo and odoo.addons are namespace packages: an __init__.py of ours there would hide all of Odoo."""
    assert not {"odoo/__init__.py", "odoo/addons/__init__.py"} & set(wheel.namelist())


def test_wheel_asks_for_this_odoo(wheel):
    (metadata,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    assert "Requires-Dist: odoo==19.0.*" in wheel.read(metadata).decode()
