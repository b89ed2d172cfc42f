import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/**
 * While PostgreSQL is restarted requests break off in the middle. Odoo shows the words of the database's driver then,
 * which tell nobody what to do.
 */
const NAMES = [
    "psycopg2.OperationalError",
    "psycopg2.InterfaceError",
    "psycopg2.DatabaseError",
    "psycopg2.errors.AdminShutdown",
    "psycopg2.errors.CrashShutdown",
    "psycopg2.errors.CannotConnectNow",
    "odoo.sql_db.PoolError",
];

for (const name of NAMES) {
    registry.category("error_notifications").add(name, {
        title: _t("The database did not answer"),
        message: _t(
            "What you did last may not have been saved. Look whether it is there, and do it again if it is not."
        ),
        type: "warning",
        sticky: true,
    });
}
