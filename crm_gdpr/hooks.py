"""Installation on, and removal from, a database that is in use."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column, drop_index, make_index_name

from .tools import append_only, indexes
from .tools.dealings import DEALINGS


def pre_init_hook(env):
    """Make the stored columns before the ORM would, which fills them contact by contact."""
    for name, sql_type in (("last_dealing_date", "timestamp"), ("last_dealing_kind", "varchar")):
        if not column_exists(env.cr, "res_partner", name):
            create_column(env.cr, "res_partner", name, sql_type)


def post_init_hook(env):
    """Have all contacts dated by the job, however many years of dealings there are."""
    env["crm.gdpr.dealing.pending"]._add_all()


def uninstall_hook(env):
    """Let the log go with the addon, and take along the indexes in tables of other modules.

    The key stays: copies of the log that were kept elsewhere are verified with it.
    """
    append_only.release(env.cr)
    for dealing in DEALINGS:
        for name, *_rest in dealing.indexes:
            env.cr.execute(SQL("DROP INDEX IF EXISTS %s", SQL.identifier(name)))
    indexes.remove(env.cr)
    # The columns are not ours. Where another addon wants the index too, Odoo makes it again.
    for column in ("email_normalized", "phone_sanitized"):
        drop_index(env.cr, make_index_name("res_partner", column), "res_partner")
    filters = env["ir.filters"].with_context(active_test=False)
    filters.search([("model_id", "=like", "crm.gdpr.%")]).unlink()
