from .controllers.common import MAX_BODY_PARAMETER


def uninstall_hook(env):
    """Let the addresses of sources bring leads as Odoo makes them, and take along what rules count their turns with."""
    sources = env["crm.intake.source"].with_context(active_test=False).search([("alias_id", "!=", False)])
    sources.alias_id.write({"alias_defaults": "{}", "alias_parent_model_id": False, "alias_parent_thread_id": False})
    env["crm.intake.rule"].with_context(active_test=False).search([]).unlink()
    env["ir.config_parameter"].search([("key", "=", MAX_BODY_PARAMETER)]).unlink()
    filters = env["ir.filters"].with_context(active_test=False)
    filters.search(["|", ("model_id", "=like", "crm.intake.%"), ("model_id", "=like", "crm.lead.inbox%")]).unlink()
