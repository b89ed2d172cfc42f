# Databases to measure on: native Odoo and ours, without demo data, with the very same projects (tests/bench/).
#
# Made once and kept. Ours is updated when our addons have changed; both are made anew when what makes the data has.
# shellcheck shell=bash

BENCH=$ROOT/tests/bench

# ensure_bench_databases SIZE...
ensure_bench_databases() {
    local size side
    for size in "$@"; do
        for side in native ours; do
            ensure_bench_database "$side" "$size"
        done
    done
}

ensure_bench_database() {
    local side=$1 database=bench-$1-$2
    if ! is_bench_database_made "$database"; then
        make_bench_database "$side" "$2"
    elif [ "$side" = ours ] && ! database_is_current "$database"; then
        say "Updating $(our_addons) in the database $database"
        update_database "$database"
        sql "$database" 'VACUUM (ANALYZE) crm_lead' 2>>"$LOGS/databases.log"
    fi
    check_bench_database "$database"
}

make_bench_database() {
    local side=$1 size=$2 database=bench-$1-$2 building=bench-$1-$2-new ours=false
    [ "$side" = native ] || ours=true
    ensure_bench_base "$side"
    # a million projects with all that hangs on them are 2 GB, and as much again while indexes are made
    require_disk_space $((500 + size / 250))
    say "Making the database $database"
    clone_database "bench-base-$side" "$building"
    run_logged "$database" psql -Xq -d "$building" -v "size=$size" -v "ours=$ours" -f "$BENCH/load.sql"
    drop_database "$database"
    rename_database "$building" "$database"
    mark_done "bench$SERVER-$database" "$(bench_data_hash)"
    [ "$side" = native ] || mark_done "database$SERVER-$database" "$(our_addons_hash)"
}

# What a size starts from: Odoo's modules, users and stages and, on our side, our addons with the team on a process.
ensure_bench_base() {
    local base=bench-base-$1 building=bench-base-$1-new
    ! is_bench_base_current "$1" || return 0
    if [ "$1" = native ]; then
        say "Installing Odoo's own modules into the database $base (a minute, once)"
        drop_database "$building"
        run_logged "$base" odoo -d "$building" -i "$NATIVE_MODULES" --stop-after-init --no-http --max-cron-threads=0
    else
        ensure_bench_base native
        say "Installing $(our_addons) into the database $base"
        clone_database bench-base-native "$building"
        run_logged "$base" odoo -d "$building" -i "$(our_addons)" --stop-after-init --no-http --max-cron-threads=0
    fi
    run_in_shell "$base-prepare" "$building" prepare
    drop_database "$base"
    rename_database "$building" "$base"
    mark_done "bench$SERVER-$base" "$(bench_base_hash "$1")"
}

# Whatever fills the columns that our addons store, they must hold what the ORM would have stored.
check_bench_database() {
    (run_in_shell "$1-check" "$1" check) || die "$1 is not what our addons would have made: run this again with --fresh"
}

# run_in_shell LOG DATABASE SCRIPT: a Python file of tests/bench/ that gets an environment
run_in_shell() { run_logged "$1" odoo shell -d "$2" --no-http --log-level error <"$BENCH/$3.py"; }

bench_base_hash() {
    {
        echo "$(template_name) $1"
        cat "$BENCH/prepare.py"
        [ "$1" = native ] || our_addons_hash
    } | hash_of
}

bench_data_hash() { { bench_base_hash native; cat "$BENCH/load.sql"; } | hash_of; }

is_bench_database_made() {
    is_done "bench$SERVER-$1" "$(bench_data_hash)" && database_exists "$1" && [ -d "$DATA/filestore/$1" ]
}

is_bench_base_current() {
    local base=bench-base-$1
    is_done "bench$SERVER-$base" "$(bench_base_hash "$1")" && database_exists "$base" && [ -d "$DATA/filestore/$base" ]
}

drop_bench_databases() {
    local size side
    for size in "$@"; do
        for side in native ours; do
            drop_database "bench-$side-$size"
        done
    done
}
