# Odoo's own suites with all our addons installed: what fails with ours and passes without is our defect.
#
#   setup/test --native [suite...]                   a suite is a module, lint, click_all (in setup/test --long) or its half click_admin;
#                                                    without one all of NATIVE_SUITES
#   setup/test --native --without-ours [suite...]    the same without our addons, to tell whose a failure is
#
# What fails without ours too is listed with its reason in tests/native_baseline.txt.
# shellcheck shell=bash

NATIVE_SUITES=(lint crm_sms privacy_lookup mail_plugin crm_mail_plugin spreadsheet_dashboard sale_crm crm)
# What must go on working beside ours, and what nothing of ours builds on. Each is installed in a database of its own when
# its suite is asked for: a company's calendar is with one of them, and Odoo's tests of Google count queries, of which the
# other one makes two as well.
NATIVE_NEIGHBOURS=(microsoft_calendar google_calendar)

run_native_suites() {
    local without_ours='' suite neighbour failed='' suites=()
    [ "${1:-}" != --without-ours ] || { without_ours=1; shift; }
    [ $# -gt 0 ] || set -- "${NATIVE_SUITES[@]}"
    for suite in "$@"; do
        suite_path "$suite" >/dev/null  # ends here where there is none
        [[ " ${NATIVE_NEIGHBOURS[*]} " == *" $suite "* ]] || suites+=("$suite")
    done
    [ ${#suites[@]} -eq 0 ] || (run_suites_in_one "$without_ours" "${suites[@]}") || failed=1
    for neighbour in "${NATIVE_NEIGHBOURS[@]}"; do
        [[ " $* " != *" $neighbour "* ]] || (run_beside "$neighbour" "$without_ours") || failed=1
    done
    [ -z "$failed" ] || exit 1
}

# run_beside NEIGHBOUR WITHOUT_OURS
run_beside() {
    prepare_native_database "$2"
    copy_database "$TEST_DATABASE-$1"
    TEST_DATABASE=$TEST_DATABASE-$1
    run_logged "neighbour-$1" odoo -d "$TEST_DATABASE" -i "$1" --with-demo --stop-after-init --no-http --max-cron-threads=0
    run_suites "$2" "$1"
}

# run_suites_in_one WITHOUT_OURS SUITE...
run_suites_in_one() {
    [[ " $* " != *" lint "* ]] || ensure_npm_tool "$ESLINT" || note "no npm: JavaScript is not linted"
    prepare_native_database "$1"
    run_suites "$@"
}

# run_suites WITHOUT_OURS SUITE...
run_suites() {
    local without_ours=$1 suite paths=()
    shift
    for suite in "$@"; do
        paths+=("$(suite_path "$suite")")
    done
    say "Odoo's own suites ${without_ours:+without our addons }(database $TEST_DATABASE): $*"
    # from Odoo's folder, so that neither our pytest.ini nor our conftest.py plays a part
    (
        cd "$ODOO_PATH"
        ADDONS_UNDER_LINT=$([ -n "$without_ours" ] || echo "$ROOT") PYTHONPATH=$ROOT PATH=$NPM_TOOLS:$VENV/bin:$PATH \
            "$VENV/bin/python" -m pytest -c "$ROOT/tests/native.ini" --rootdir "$ODOO_PATH" \
            -p tests.plugins.assets -p tests.plugins.odoo_classes -p tests.plugins.native -p tests.plugins.lint_ours \
            --odoo-config "$ODOO_RC" --odoo-database "$TEST_DATABASE" --odoo-http --odoo-log-level info "${paths[@]}"
    ) || exit $?
}

suite_path() {
    case $1 in
        click_all) suite_file web/tests/test_click_everywhere.py ;;
        click_admin) echo "$(suite_file web/tests/test_click_everywhere.py)::TestMenusAdmin" ;;
        lint) suite_file test_lint/tests ;;
        *) suite_file "$1/tests" ;;
    esac
}

suite_file() {
    local folder
    for folder in ${ODOO_ADDONS//,/ }; do
        [ ! -e "$folder/$1" ] || { echo "$folder/$1"; return; }
    done
    die "this Odoo has no tests in $1: choose among ${NATIVE_SUITES[*]} or name another module"
}

prepare_native_database() {
    if [ -n "$1" ]; then
        TEST_DATABASE=${TEST_DATABASE:-native-without-ours}
        lock_database_or_die "$TEST_DATABASE"
        clone_database "$TEMPLATE" "$TEST_DATABASE"
    else
        TEST_DATABASE=${TEST_DATABASE:-native}
        lock_database_or_die "$TEST_DATABASE"
        database_is_current "$TEST_DATABASE" || {
            say "Installing $(our_addons) into the database $TEST_DATABASE"
            make_database "$TEST_DATABASE"
        }
    fi
}
