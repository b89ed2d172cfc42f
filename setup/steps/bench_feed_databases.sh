# Databases to measure the calendar feed on, ours alone: Odoo has none (tests/bench/). Made once and kept.
# shellcheck shell=bash

# ensure_feed_databases SIZE...
ensure_feed_databases() {
    local size database
    for size in "$@"; do
        database=bench-feed-$size
        ! is_feed_made "$database" || continue
        ensure_bench_base ours
        say "Making the database $database"
        clone_database bench-base-ours "$database-new"
        BENCH_SIZE=$size run_in_shell "$database-fill" "$database-new" feed_fill
        sql "$database-new" 'VACUUM (ANALYZE)' 2>>"$LOGS/databases.log"
        drop_database "$database"
        rename_database "$database-new" "$database"
        mark_done "bench$SERVER-$database" "$(feed_data_hash)"
    done
}

is_feed_made() {
    is_done "bench$SERVER-$1" "$(feed_data_hash)" && database_exists "$1" && [ -d "$DATA/filestore/$1" ]
}

feed_data_hash() { { bench_base_hash ours; cat "$BENCH/feed_fill.py"; } | hash_of; }

drop_feed_databases() {
    local size
    for size in "$@"; do
        drop_database "bench-feed-$size"
    done
}
