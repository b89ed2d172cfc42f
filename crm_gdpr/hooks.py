from .tools import append_only


def uninstall_hook(env):
    """Let the log go with the addon."""
    append_only.release(env.cr)
