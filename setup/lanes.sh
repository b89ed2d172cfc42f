# Every test in two lanes side by side, each with databases of its own: one process uses one core, most machines have two.
#
#   setup/test --all
#
# Lane 1: the tests of most of our addons. Lane 2: setup/lint, the tests of the other addons and in tests/ but for those in
# tests/long.txt, then Odoo's own suites. At the end the table of rows is checked against what ran in both.
# shellcheck shell=bash

LANE_2_ADDONS=(crm_leadintake crm_campaign crm_letter crm_mailplugin crm_mailplugin_contacts crm_serviceticket)  # both take as long

run_in_lanes() {
    local outcomes log failed='' lane folders
    outcomes=$(mktemp -d)
    log=$outcomes/lane2.log
    make_bundles  # once, not in each of the copies
    copy_database "$TEST_DATABASE-2"
    (copy_database native)  # its lock is taken by who uses it
    (run_lane_2 "$outcomes") >"$log" 2>&1 &
    lane=$!
    mapfile -t folders < <(addon_folders)
    (run_our_tests --keep-outcomes "$outcomes/1.json" "${folders[@]}") || failed=1
    say "The second lane: lint, tests/ and Odoo's own"
    wait "$lane" || failed=1
    cat "$log"
    (run_our_tests --outcomes-of "$outcomes" "$ROOT/tests/test_rows.py") || failed=1
    rm -rf "$outcomes"
    [ -z "$failed" ] || exit 1
}

run_lane_2() {
    local failed='' first=$TEST_DATABASE long
    "$ROOT/setup/lint" || failed=1
    TEST_DATABASE=$first-2
    mapfile -t long < <(long_tests)
    (run_our_tests --keep-outcomes "$1/2.json" "${long[@]/#/--ignore=}" "${LANE_2_ADDONS[@]/#/$ROOT/}" "$ROOT/tests") || failed=1
    TEST_DATABASE=native
    (run_native_suites) || failed=1
    [ -z "$failed" ]
}

long_tests() { grep -v '^#' "$ROOT/tests/long.txt" | sed "s#^#$ROOT/#"; }

# What --all leaves out.
run_long_tests() {
    local failed='' long
    mapfile -t long < <(long_tests)
    (run_our_tests "${long[@]}") || failed=1
    (TEST_DATABASE='' && run_native_suites click_all "${NATIVE_NEIGHBOURS[@]}") || failed=1
    [ -z "$failed" ] || exit 1
}

# Of the first lane.
addon_folders() {
    local addon
    for addon in $(our_addons | tr , ' '); do
        [[ " ${LANE_2_ADDONS[*]} " == *" $addon "* ]] || echo "$ROOT/$addon"
    done
}

make_bundles() {
    PYTHONPATH=$ROOT run_logged bundles odoo shell -d "$TEST_DATABASE" --no-http --log-level=warn <<'PY'
from tests.plugins.assets import make_bundles
make_bundles(env)
env.cr.commit()
PY
}

# copy_database NAME: the database of the tests once more, as long as nobody has used it.
copy_database() {
    lock_database_or_die "$1"
    clone_database "$TEST_DATABASE" "$1"
    mark_done "database$SERVER-$1" "$(our_addons_hash)"
}
