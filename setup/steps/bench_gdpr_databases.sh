# Databases to measure anonymising on: CRM, text messages, mailings and our addon, with projects, contacts and persons
# about whom there is something in every place (tests/bench/).
#
# Made once and kept, and updated when our addon has changed; what is measured are copies, as a person is anonymised
# only once.
# shellcheck shell=bash

GDPR=crm_gdpr
GDPR_NATIVE_MODULES=crm,privacy_lookup,crm_sms,mass_mailing_crm,mass_mailing_sms

# ensure_gdpr_databases SIZE...
ensure_gdpr_databases() {
    local size
    for size in "$@"; do
        ensure_gdpr_database "$size"
    done
}

ensure_gdpr_database() {
    local size=$1 database=bench-gdpr-$1
    if ! is_gdpr_made "$database" "$(gdpr_data_hash)"; then
        make_gdpr_database "$size"
    elif ! is_done "bench$SERVER-$database-addon" "$(gdpr_addon_hash)"; then
        say "Updating $GDPR in the database $database"
        run_logged "$database" odoo -d "$database" -u "$GDPR" --stop-after-init --no-http --max-cron-threads=0
        sql "$database" 'VACUUM (ANALYZE)' 2>>"$LOGS/databases.log"
    fi
    mark_done "bench$SERVER-$database-addon" "$(gdpr_addon_hash)"
}

make_gdpr_database() {
    local size=$1 database=bench-gdpr-$1 building=bench-gdpr-$1-new
    ensure_gdpr_base
    # as many contacts as projects, and a copy of all of it
    require_disk_space $((500 + size / 100))
    say "Making the database $database"
    clone_database bench-gdpr-base "$building"
    run_logged "$database" psql -Xq -d "$building" -v "size=$size" -v ours=false -f "$BENCH/load.sql"
    run_logged "$database" psql -Xq -d "$building" -v "size=$size" -f "$BENCH/gdpr_contacts.sql"
    run_logged "$database-addon" odoo -d "$building" -i "$GDPR" --stop-after-init --no-http --max-cron-threads=0
    run_in_shell "$database-plant" "$building" gdpr_plant
    sql "$building" 'VACUUM (ANALYZE)' 2>>"$LOGS/databases.log"
    drop_database "$database"
    rename_database "$building" "$database"
    mark_done "bench$SERVER-$database" "$(gdpr_data_hash)"
}

# Odoo's modules with users and stages.
ensure_gdpr_base() {
    local base=bench-gdpr-base building=bench-gdpr-base-new
    ! is_gdpr_made "$base" "$(gdpr_base_hash)" || return 0
    say "Installing CRM, text messages and mailings into the database $base (a minute, once)"
    drop_database "$building"
    run_logged "$base" odoo -d "$building" -i "$GDPR_NATIVE_MODULES" --stop-after-init --no-http --max-cron-threads=0
    run_in_shell "$base-prepare" "$building" prepare
    mkdir -p "$DATA/filestore/$building"
    drop_database "$base"
    rename_database "$building" "$base"
    mark_done "bench$SERVER-$base" "$(gdpr_base_hash)"
}

is_gdpr_made() {
    is_done "bench$SERVER-$1" "$2" && database_exists "$1" && [ -d "$DATA/filestore/$1" ]
}

gdpr_base_hash() {
    {
        echo "$(template_name) $GDPR_NATIVE_MODULES"
        cat "$BENCH/prepare.py"
    } | hash_of
}

gdpr_data_hash() { { gdpr_base_hash; cat "$BENCH"/{load,gdpr_contacts}.sql "$BENCH"/gdpr_plant.py; } | hash_of; }

gdpr_addon_hash() { addon_sums "$GDPR" | hash_of; }

drop_gdpr_databases() {
    local size
    for size in "$@"; do
        drop_database "bench-gdpr-$size"
    done
}
