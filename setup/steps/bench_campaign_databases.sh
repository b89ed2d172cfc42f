# Databases to measure the campaigns on, ours alone: native mailings go to the same customers there (tests/bench/). Made once and kept.
# shellcheck shell=bash

# ensure_campaign_databases SIZE...
ensure_campaign_databases() {
    local size database
    for size in "$@"; do
        database=bench-campaign-$size
        ! is_campaign_made "$database" || continue
        ensure_bench_base ours
        say "Making the database $database"
        clone_database bench-base-ours "$database-new"
        BENCH_SIZE=$size run_in_shell "$database-fill" "$database-new" campaign_fill
        sql "$database-new" 'VACUUM (ANALYZE)' 2>>"$LOGS/databases.log"
        drop_database "$database"
        rename_database "$database-new" "$database"
        mark_done "bench$SERVER-$database" "$(campaign_data_hash)"
    done
}

is_campaign_made() {
    is_done "bench$SERVER-$1" "$(campaign_data_hash)" && database_exists "$1" && [ -d "$DATA/filestore/$1" ]
}

campaign_data_hash() { { bench_base_hash ours; cat "$BENCH/campaign_fill.py"; } | hash_of; }

drop_campaign_databases() {
    local size
    for size in "$@"; do
        drop_database "bench-campaign-$size"
    done
}
