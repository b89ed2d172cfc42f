# Databases: a template with Odoo's own modules and demo data, made once and cloned for every use.
# shellcheck shell=bash

# What our addons build on or have to live with: all of it is there in every test.
NATIVE_MODULES=crm,sale_crm,sale_management,crm_sms,privacy_lookup,crm_mail_plugin,mass_mailing_crm,mass_mailing_sms
NATIVE_MODULES+=,calendar,spreadsheet_dashboard,account,contacts

# One per Odoo, set of modules and, on a server that others may share, checkout.
template_name() {
    local key
    key=$(echo "$ODOO_PATH $(stat -c %Y "$ODOO_PATH/odoo/release.py") $NATIVE_MODULES $ROOT" | hash_of)
    echo "template-$ODOO_SERIES-${key:0:8}"
}

ensure_template() {
    TEMPLATE=$(template_name)
    ! { database_exists "$TEMPLATE" && [ -d "$DATA/filestore/$TEMPLATE" ]; } || return 0
    require_disk_space 1500
    mkdir -p "$DATA/filestore"
    say "Creating the template database with Odoo's own modules (two minutes, once)"
    local building=$TEMPLATE-new
    drop_database "$building"
    run_logged template odoo -d "$building" -i "$NATIVE_MODULES" --with-demo --stop-after-init --no-http --max-cron-threads=0
    drop_database "$TEMPLATE"
    rename_database "$building" "$TEMPLATE"
}

database_exists() { [ "$(sql postgres "SELECT 1 FROM pg_database WHERE datname = '$1'")" = 1 ]; }

drop_database() {
    # a killed run may have left a session behind; WITH (FORCE) refuses where PostgreSQL's own vacuum is at work
    sql postgres "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$1' AND usename = current_user" >/dev/null
    sql postgres "DROP DATABASE IF EXISTS \"$1\"" 2>>"$LOGS/databases.log"
    rm -rf "${DATA:?}/filestore/$1"
}

# The file store first: a database is taken as there only if both are.
rename_database() {
    mv "$DATA/filestore/$1" "$DATA/filestore/$2"
    sql postgres "ALTER DATABASE \"$1\" RENAME TO \"$2\""
}

# clone_database FROM TO. Odoo never writes into a file of the store once it is there, so hard links are safe.
clone_database() {
    drop_database "$2"
    cp -al "$DATA/filestore/$1" "$DATA/filestore/$2"
    sql postgres "CREATE DATABASE \"$2\" TEMPLATE \"$1\" $(clone_strategy)"
}

# Since 15 PostgreSQL copies a template through its log by default, which is slow for one of this size.
clone_strategy() {
    [ "$(sql postgres 'SHOW server_version_num')" -lt 150000 ] || echo 'STRATEGY file_copy'
}
