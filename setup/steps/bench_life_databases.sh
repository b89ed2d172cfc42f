# Databases to measure installing on: Odoo's own modules alone, with years of CRM (tests/life/native.py). Made once and kept.
# shellcheck shell=bash

# ensure_life_databases SIZE...
ensure_life_databases() {
    local size database
    ensure_bench_base native
    for size in "$@"; do
        database=bench-life-$size
        ! is_life_made "$database" || continue
        say "Making the database $database"
        clone_database bench-base-native "$database-new"
        BENCH_SIZE=$size run_in_shell "$database-fill" "$database-new" life_fill
        sql "$database-new" 'VACUUM (ANALYZE)' 2>>"$LOGS/databases.log"
        drop_database "$database"
        rename_database "$database-new" "$database"
        mark_done "bench$SERVER-$database" "$(life_data_hash)"
    done
}

is_life_made() { is_done "bench$SERVER-$1" "$(life_data_hash)" && database_exists "$1" && [ -d "$DATA/filestore/$1" ]; }

life_data_hash() { { bench_base_hash native; cat "$BENCH/life_fill.py" "$ROOT/tests/life/native.py"; } | hash_of; }

drop_life_databases() {
    local size
    for size in "$@"; do
        drop_database "bench-life-$size"
    done
}
