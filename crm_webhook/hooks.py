from .tools.addresses import ALLOWED_PARAMETER


def uninstall_hook(env):
    """Leave no parameter behind; tables, jobs and what waited go with the addon."""
    env["ir.config_parameter"].search([("key", "=", ALLOWED_PARAMETER)]).unlink()
