# The one place that provisions: demo, test and odoo source this and call `provision`.
# shellcheck shell=bash

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
for step in system_packages odoo_source python_env postgres databases our_addons axe_core clients lint_tools; do
    . "$ROOT/setup/steps/$step.sh"
done

# Odoo's own command line, with our configuration.
odoo() { "$VENV/bin/python" -m odoo "$@"; }

# In tests two transactions that wait for each other in one process would do so for ever, and queries are of few rows:
# to compile one takes longer than to run it.
set_database_up_for_tests() { export PGOPTIONS="${PGOPTIONS:-} -c lock_timeout=30s -c jit=off"; }

# What browsers and tests leave behind shall not pile up outside either. Sockets must fit below this folder, so in a
# checkout with a long path it stays the machine's.
use_own_tmp() {
    [ "${#STATE}" -le 60 ] || return 0
    export TMPDIR=$STATE/tmp
    mkdir -p "$TMPDIR"
    find "$TMPDIR" -mindepth 1 -maxdepth 1 -mmin +240 -exec rm -rf {} +
}

# Two commands started together must not install the same thing twice.
provision() {
    trap release_cluster EXIT
    exec {PROVISION_LOCK}>>"$STATE/provision.lock"
    flock --nonblock "$PROVISION_LOCK" || {
        say "Waiting for another set-up of this checkout"
        flock "$PROVISION_LOCK"
    }
    ensure_system_packages
    ensure_odoo
    ensure_python_env
    start_postgres
    write_odoo_conf
    ensure_template
    exec {PROVISION_LOCK}>&-
    PROVISION_LOCK=''
}
