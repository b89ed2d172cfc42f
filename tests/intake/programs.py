"""Runs programs of others against a server, as their users do."""

import os
import resource
import subprocess

from tests.plugins.server_log import ROOT

# where setup/steps/clients.sh puts them
NODE_CLIENTS = ROOT / ".odoo" / "node-clients" / "node_modules"


def run(*command, told="", environment=None, cwd=None, seconds=60):
    """Run a program to its end.

    :param str told: what it reads
    :param dict environment: variables that it finds besides ours
    :param int seconds: that it may take
    :rtype: subprocess.CompletedProcess
    """
    return subprocess.run(
        command,
        input=told,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        cwd=cwd,
        env={**os.environ, "NODE_PATH": str(NODE_CLIENTS), **(environment or {})},
        preexec_fn=_lift_memory_limit,
    )


def _lift_memory_limit():
    """Odoo limits the addresses of its process, of which node reserves more than it ever uses."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
