# Databases to measure the customer's page on: native Odoo and ours, with the same customer (tests/bench/).
#
# Made once and kept, and made anew when our addons or what makes the data have changed.
# shellcheck shell=bash

# ensure_customer_databases SIZE...
ensure_customer_databases() {
    local size side
    for size in "$@"; do
        for side in native ours; do
            ensure_customer_database "$side" "$size"
        done
    done
}

ensure_customer_database() {
    local side=$1 size=$2 database=bench-customer-$1-$2 building=bench-customer-$1-$2-new
    ! is_customer_made "$side" "$database" || return 0
    ensure_bench_base "$side"
    say "Making the database $database"
    clone_database "bench-base-$side" "$building"
    BENCH_SIZE=$size run_in_shell "$database-fill" "$building" customer_fill
    sql "$building" 'VACUUM (ANALYZE)' 2>>"$LOGS/databases.log"
    drop_database "$database"
    rename_database "$building" "$database"
    mark_done "bench$SERVER-$database" "$(customer_data_hash "$side")"
}

is_customer_made() {
    is_done "bench$SERVER-$2" "$(customer_data_hash "$1")" && database_exists "$2" && [ -d "$DATA/filestore/$2" ]
}

customer_data_hash() { { bench_base_hash "$1"; cat "$BENCH/customer_fill.py"; } | hash_of; }

drop_customer_databases() {
    local size side
    for size in "$@"; do
        for side in native ours; do
            drop_database "bench-customer-$side-$size"
        done
    done
}
