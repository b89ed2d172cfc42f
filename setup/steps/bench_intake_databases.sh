# Databases to measure the intake on: CRM alone, and the same with our intake, with the very same leads (tests/bench/).
#
# Made once and kept; what is measured is a copy of each, as every run leaves thousands of leads.
# shellcheck shell=bash

INTAKE=crm_leadintake
INTAKE_NATIVE_MODULES=crm,rpc

# ensure_intake_databases SIZE...
ensure_intake_databases() {
    local size side
    for size in "$@"; do
        for side in native ours; do
            ensure_intake_database "$side" "$size"
        done
    done
}

ensure_intake_database() {
    local side=$1 size=$2 database=bench-intake-$1-$2 building=bench-intake-$1-$2-new
    ! is_intake_done "$database" "$(intake_data_hash "$side")" || return 0
    ensure_intake_base "$side"
    require_disk_space $((500 + size / 125))
    say "Making the database $database"
    clone_database "bench-intake-base-$side" "$building"
    [ "$size" -eq 0 ] ||
        run_logged "$database" psql -Xq -d "$building" -v "size=$size" -v ours=false -f "$BENCH/load.sql"
    keep_intake_database "$building" "$database" "$(intake_data_hash "$side")"
}

# Odoo's modules with users and stages and, on our side, our addon with sources and their keys.
ensure_intake_base() {
    local base=bench-intake-base-$1 building=bench-intake-base-$1-new
    ! is_intake_done "$base" "$(intake_base_hash "$1")" || return 0
    if [ "$1" = native ]; then
        say "Installing CRM into the database $base (half a minute, once)"
        drop_database "$building"
        run_logged "$base" odoo -d "$building" -i "$INTAKE_NATIVE_MODULES" --stop-after-init --no-http --max-cron-threads=0
        run_in_shell "$base-prepare" "$building" prepare
        run_in_shell "$base-mail" "$building" intake_mail
    else
        ensure_intake_base native
        say "Installing $INTAKE into the database $base"
        clone_database bench-intake-base-native "$building"
        run_logged "$base" odoo -d "$building" -i "$INTAKE" --stop-after-init --no-http --max-cron-threads=0
        run_in_shell "$base-prepare" "$building" intake_prepare
    fi
    sql "$building" 'VACUUM (ANALYZE)' 2>>"$LOGS/databases.log"
    keep_intake_database "$building" "$base" "$(intake_base_hash "$1")"
}

keep_intake_database() {
    mkdir -p "$DATA/filestore/$1"
    drop_database "$2"
    rename_database "$1" "$2"
    mark_done "bench$SERVER-$2" "$3"
}

is_intake_done() {
    is_done "bench$SERVER-$1" "$2" && database_exists "$1" && [ -d "$DATA/filestore/$1" ]
}

intake_base_hash() {
    {
        echo "$(template_name) $INTAKE_NATIVE_MODULES"
        cat "$BENCH"/{prepare,intake_mail,intake_bodies}.py
        [ "$1" = native ] || intake_hash
    } | hash_of
}

intake_data_hash() { { intake_base_hash "$1"; cat "$BENCH/load.sql"; } | hash_of; }

intake_hash() {
    cat "$BENCH/intake_prepare.py"
    addon_sums "$INTAKE"
}

# copy_intake_databases SIZE...
copy_intake_databases() {
    local size side
    for size in "$@"; do
        for side in native ours; do
            clone_database "bench-intake-$side-$size" "bench-intake-$side-$size-run"
        done
    done
}

drop_intake_copies() {
    local size side
    for size in "$@"; do
        for side in native ours; do
            drop_database "bench-intake-$side-$size-run"
        done
    done
}

drop_intake_databases() {
    local size side
    for size in "$@"; do
        for side in native ours; do
            drop_database "bench-intake-$side-$size"
        done
    done
}
