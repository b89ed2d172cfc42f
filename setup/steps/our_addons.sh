# Our addons: every folder at the top with an installable manifest; installing them into a clone of the template.
# shellcheck shell=bash

# Comma separated, as Odoo's -i wants them.
our_addons() {
    "$VENV/bin/python" - "$ROOT" <<'PY'
import ast, pathlib, sys
manifests = sorted(pathlib.Path(sys.argv[1]).glob("*/__manifest__.py"))
print(",".join(m.parent.name for m in manifests if ast.literal_eval(m.read_text()).get("installable", True)))
PY
}

# Changes whenever a database with our addons would have to be updated. Tests and what the browser loads are read
# from the files at every start, so they are left out.
our_addons_hash() {
    local addon
    {
        echo "$TEMPLATE"
        for addon in $(our_addons | tr , ' '); do
            addon_sums "$addon"
        done
    } | hash_of
}

addon_sums() {
    find "$ROOT/$1" -type f -not -path '*/tests/*' -not -path '*/static/*' -not -path '*/readme/*' \
        -not -name '*.pyc' -not -name '*.md' -print0 | sort -z | xargs -0 sha256sum
}

# make_database NAME: a clone of the template with our addons and their demo data. It gets its name only when it is
# complete, so that one which was killed half way is never taken for good.
make_database() {
    local building=$1-new
    clone_database "$TEMPLATE" "$building"
    run_logged "install-$1" odoo -d "$building" -i "$(our_addons)" --with-demo --stop-after-init --no-http --max-cron-threads=0
    check_server_log "install-$1"
    drop_database "$1"
    rename_database "$building" "$1"
    mark_done "database$SERVER-$1" "$(our_addons_hash)"
}

update_database() {
    run_logged "update-$1" odoo -d "$1" -u "$(our_addons)" --stop-after-init --no-http --max-cron-threads=0
    mark_done "database$SERVER-$1" "$(our_addons_hash)"
}

database_is_current() { is_done "database$SERVER-$1" "$(our_addons_hash)" && database_exists "$1" && [ -d "$DATA/filestore/$1" ]; }

check_server_log() {
    "$VENV/bin/python" "$ROOT/tests/plugins/server_log.py" "$LOGS/$1.log" ||
        die "the log of $1 has the warnings above: put right what causes them (harmless ones from elsewhere go into tests/known_noise.txt)"
}

# Waits for nobody: two commands must not use one database at the same time. The lock ends with the process.
lock_database() {
    exec {DATABASE_LOCK}>>"$STATE/database$SERVER-$1.lock"
    flock --nonblock "$DATABASE_LOCK"
}

lock_database_or_die() {
    lock_database "$1" || die "another run uses the database $1: wait for it, or set TEST_DATABASE to another name"
}
