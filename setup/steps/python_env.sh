# The virtual environment with Odoo's Python packages, in which `import odoo` finds ODOO_PATH.
# shellcheck shell=bash

ensure_python_env() {
    local wanted
    wanted=$({ cat "$ROOT/requirements.txt"; "$PYTHON" -VV; echo "$PYTHON $VENV"; } | hash_of)
    if ! is_done python "$wanted" || [ ! -x "$VENV/bin/python" ]; then
        require_disk_space 1000
        say "Installing Odoo's Python packages ($("$PYTHON" -V))"
        rm -f "$STAMPS/python"
        run_logged python-venv "$PYTHON" -m venv --clear "$VENV"
        run_logged python-packages "$VENV/bin/python" -m pip install --no-input --disable-pip-version-check \
            --prefer-binary -r "$ROOT/requirements.txt"
        mark_done python "$wanted"
    fi
    link_odoo
}

# `odoo` and `odoo.addons` are namespace packages: a line in a .pth file is all it takes, and addons that were
# installed with pip below odoo/addons are found as well.
link_odoo() {
    local pth
    pth=$(echo "$VENV"/lib/python3.*/site-packages)/odoo-source.pth
    [ "$(cat "$pth" 2>/dev/null || true)" = "$ODOO_PATH" ] || echo "$ODOO_PATH" >"$pth"
}

# The environment's PGHOST, PGPORT and PGUSER win over the connection that is written here.
write_odoo_conf() {
    cat >"$ODOO_RC.new.$$" <<CONF
[options]
addons_path = $ODOO_ADDONS,$ROOT
data_dir = $DATA
db_host = $CLUSTER
db_port = 5432
db_user = odoo
# whoever reaches the demo on the network must not be able to drop databases
list_db = False
http_interface = 0.0.0.0
CONF
    mv "$ODOO_RC.new.$$" "$ODOO_RC"
}
