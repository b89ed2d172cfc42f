# Programs that the tests hand in leads with, and that nobody here wrote. Fetched for tests alone; where one cannot be
# had, its tests fail and say so, and all others run.
# shellcheck shell=bash

NODE_CLIENTS=$STATE/node-clients
PYTHON_CLIENTS=$STATE/clients

ensure_clients() {
    ensure_command_clients
    ensure_node_clients
    ensure_python_clients
}

ensure_command_clients() {
    MISSING_PACKAGES=()
    need_command curl curl
    need_command node nodejs
    need_command npm npm
    need_php
    [ "${#MISSING_PACKAGES[@]}" -eq 0 ] || install_packages "${MISSING_PACKAGES[@]}"
}

need_php() {
    local extension
    need_command php php-cli
    for extension in curl soap; do
        grep -qx "$extension" <<<"$(php -m 2>/dev/null)" || MISSING_PACKAGES+=("php-$extension")
    done
}

# npm's clients: exactly those of the lock file, whose checksums npm checks, without running scripts of theirs.
ensure_node_clients() {
    local lock=$ROOT/tests/clients/package-lock.json wanted
    wanted=$({ cat "$lock"; node --version; } | hash_of)
    ! is_done node-clients "$wanted" || [ ! -d "$NODE_CLIENTS/node_modules" ] || return 0
    say "Fetching clients from npm ($(node --version))"
    rm -rf "$NODE_CLIENTS"
    mkdir -p "$NODE_CLIENTS"
    cp "$ROOT/tests/clients/package.json" "$lock" "$NODE_CLIENTS"
    if npm ci --prefix "$NODE_CLIENTS" --cache "$NODE_CLIENTS/cache" --ignore-scripts --no-audit --no-fund \
        >"$LOGS/node-clients.log" 2>&1; then
        rm -rf "$NODE_CLIENTS/cache"
        mark_done node-clients "$wanted"
    else
        note "npm's clients cannot be had (see $LOGS/node-clients.log): the tests with them will fail"
    fi
}

# Those for Python, in an environment of their own, as what they need is not what Odoo needs.
ensure_python_clients() {
    local wanted
    wanted=$({ cat "$ROOT/tests/clients/requirements.txt"; "$PYTHON" -VV; } | hash_of)
    ! is_done python-clients "$wanted" || [ ! -x "$PYTHON_CLIENTS/bin/schemathesis" ] || return 0
    say "Installing clients from PyPI ($("$PYTHON" -V))"
    if "$PYTHON" -m venv --clear "$PYTHON_CLIENTS" >"$LOGS/python-clients.log" 2>&1 &&
        "$PYTHON_CLIENTS/bin/python" -m pip install --no-input --disable-pip-version-check --prefer-binary \
            -r "$ROOT/tests/clients/requirements.txt" >>"$LOGS/python-clients.log" 2>&1; then
        mark_done python-clients "$wanted"
    else
        note "Python's clients cannot be had (see $LOGS/python-clients.log): the tests with them will fail"
    fi
}
