from odoo.addons.crm_salesboard.tools.uninstall import clean_up


def uninstall_hook(env):
    """Leave no parameter behind; tables, tokens and the job go with the addon, what is at Outlook stays there."""
    clean_up(env, "crm_mailplugin_contacts")
