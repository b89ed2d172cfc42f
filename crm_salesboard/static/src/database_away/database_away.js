import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/**
 * While PostgreSQL is restarted requests break off in the middle. Odoo shows the words of the database's driver then,
 * which tell nobody what to do.
 */
const AWAY = [
    "psycopg2.OperationalError",
    "psycopg2.InterfaceError",
    "psycopg2.DatabaseError",
    "psycopg2.errors.AdminShutdown",
    "psycopg2.errors.CrashShutdown",
    "psycopg2.errors.CannotConnectNow",
    "odoo.sql_db.PoolError",
];

/** Others wrote the same rows, and Odoo has tried five times to come in between. */
const BUSY = [
    "psycopg2.errors.SerializationFailure",
    "psycopg2.errors.LockNotAvailable",
    "psycopg2.errors.DeadlockDetected",
    "odoo.exceptions.ConcurrencyError",
];

function addNotifications(names, title, message) {
    for (const name of names) {
        registry.category("error_notifications").add(name, { title, message, type: "warning", sticky: true });
    }
}

addNotifications(
    AWAY,
    _t("The database did not answer"),
    _t("What you did last may not have been saved. Look whether it is there, and do it again if it is not.")
);
addNotifications(
    BUSY,
    _t("Others are changing the same records"),
    _t("What you did last was not saved. Do it again in a moment.")
);
