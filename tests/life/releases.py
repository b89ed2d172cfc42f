"""The versions of our addons that a company may have, from the history of the repository."""

import ast
import shutil
import subprocess

from tests.life.addons import addon_names
from tests.plugins.server_log import ROOT

# Nobody could install these; of that version these are the nearest that could be.
STAND_INS = {
    # imported files that came after it
    "d5d87b6e2c3545d31e5984a49751e273c34f27be": "891df1799ef07535bd33466571f2f3ee316030b3",
    # a field's attribute that Odoo does not have
    "fe0e76bc4aa211433adc4fd6cf0c551285c017a3": "8551c0263ab6a3d7b82fa252b4e0960724a5849d",
}


def releases():
    """The states of the repository that addons are to be updated from: of each its first version as it landed, and
    every later version as it last was.

    :return: ``{commit: technical names}``, oldest first; empty where the history is not there
    """
    if not shutil.which("git") or _git("rev-parse", "--is-shallow-repository") != "false":
        return {}
    found = {}
    for addon in addon_names():
        for commit in _states(addon):
            found.setdefault(commit, set()).add(addon)
    return dict(sorted(found.items(), key=lambda item: _git("show", "-s", "--format=%ct", item[0])))


def first_versions():
    """The first version as it landed of each addon that has had another one since.

    :return: ``{commit: technical names}``, oldest first; empty where the history is not there
    """
    found, known = {}, releases()
    for addon in addon_names():
        states = [commit for commit, names in known.items() if addon in names]
        if len(states) > 1:
            found.setdefault(states[0], set()).add(addon)
    return {commit: found[commit] for commit in known if commit in found}


def unpack(commit, folder):
    """Lay the addons down as they were."""
    archive = subprocess.run(["git", "-C", ROOT, "archive", commit], capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)


def _states(addon):
    path = f"{addon}/__manifest__.py"
    landed = _git("log", "--first-parent", "--diff-filter=A", "--format=%H", "--", path).split()
    if not landed:
        return []  # not committed yet
    states = [_that_could_be_installed(landed[-1])]
    changes = _git("log", "--first-parent", "--reverse", "--format=%H", f"{landed[-1]}..HEAD", "--", path).split()
    for commit in changes:
        before, after = _version(f"{commit}^", path), _version(commit, path)
        if before and after and before != after:
            states.append(_that_could_be_installed(_git("rev-parse", f"{commit}^")))
    return states


def _that_could_be_installed(commit):
    return STAND_INS.get(commit, commit)


def _version(commit, path):
    """None where the addon was not there, as on a branch that began before it."""
    manifest = _git("show", f"{commit}:{path}")
    return ast.literal_eval(manifest)["version"] if manifest else None


def _git(*arguments):
    done = subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip()
