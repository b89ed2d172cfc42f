from .models.microsoft_service import ENABLED_PARAMETER


def uninstall_hook(env):
    """Leave no parameter behind; tables, tokens and the job go with the addon, what is at Outlook stays there."""
    env["ir.config_parameter"].search([("key", "=", ENABLED_PARAMETER)]).unlink()
