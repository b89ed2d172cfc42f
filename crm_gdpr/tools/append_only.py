"""Tables that only grow: PostgreSQL itself refuses what the ORM refuses, so that no other door is left open."""

from odoo.sql_db import BaseCursor
from odoo.tools import SQL

_REFUSE = """
    CREATE OR REPLACE FUNCTION crm_gdpr_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE insufficient_privilege USING MESSAGE = 'The privacy log is never changed (' || TG_TABLE_NAME || ').';
    END $$;
"""
_STEP = """
    CREATE OR REPLACE FUNCTION crm_gdpr_step() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.id <> OLD.id OR NEW.number <> OLD.number + 1 THEN
            RAISE insufficient_privilege USING MESSAGE = 'The head of the privacy log goes on one by one.';
        END IF;
        RETURN NEW;
    END $$;
"""


def protect(cr: BaseCursor, table: str) -> None:
    """Let PostgreSQL refuse to change rows of a table, to delete them, and to truncate it.

    Row by row: a statement that meets no row, as an update of the addon may send one, does no harm.
    """
    cr.execute(SQL(_REFUSE))
    _add_trigger(cr, table, "refuse", SQL("UPDATE OR DELETE"), SQL("FOR EACH ROW"), "crm_gdpr_refuse")
    _add_trigger(cr, table, "refuse_truncate", SQL("TRUNCATE"), SQL("FOR EACH STATEMENT"), "crm_gdpr_refuse")


def protect_head(cr: BaseCursor, table: str) -> None:
    """The same, but that a row's ``number`` may go up by one."""
    cr.execute(SQL(_REFUSE + _STEP))
    _add_trigger(cr, table, "step", SQL("UPDATE"), SQL("FOR EACH ROW"), "crm_gdpr_step")
    _add_trigger(cr, table, "refuse", SQL("DELETE"), SQL("FOR EACH ROW"), "crm_gdpr_refuse")
    _add_trigger(cr, table, "refuse_truncate", SQL("TRUNCATE"), SQL("FOR EACH STATEMENT"), "crm_gdpr_refuse")


def release(cr: BaseCursor) -> None:
    """Take the triggers and their functions away, when the addon is uninstalled."""
    cr.execute(SQL("DROP FUNCTION IF EXISTS crm_gdpr_refuse() CASCADE"))
    cr.execute(SQL("DROP FUNCTION IF EXISTS crm_gdpr_step() CASCADE"))


def _add_trigger(cr: BaseCursor, table: str, name: str, event: SQL, each: SQL, function: str) -> None:
    """ALWAYS: also for who replays changes of another server."""
    trigger = SQL.identifier(f"{table}_{name}")
    parts = {"trigger": trigger, "event": event, "table": SQL.identifier(table), "each": each}
    cr.execute(
        SQL(
            """
            DROP TRIGGER IF EXISTS %(trigger)s ON %(table)s;
            CREATE TRIGGER %(trigger)s BEFORE %(event)s ON %(table)s %(each)s EXECUTE FUNCTION %(function)s();
            ALTER TABLE %(table)s ENABLE ALWAYS TRIGGER %(trigger)s;
            """,
            **parts,
            function=SQL.identifier(function),
        )
    )
