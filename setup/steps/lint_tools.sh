# What setup/lint calls. Python's linters are in an environment of their own, as they want other versions than Odoo; npm's
# come where there is npm, which is too much to ask a machine for just that.
# shellcheck shell=bash

LINT_VENV=$STATE/lint/venv
ESLINT=eslint@8.57.1  # the last one that reads the kind of configuration that Odoo has
PRETTIER=prettier@3.10.1
NPM_TOOLS=$STATE/node/node_modules/.bin

ensure_python_linters() {
    local wanted
    wanted=$({ cat "$ROOT/setup/lint_requirements.txt"; "$PYTHON" -VV; echo "$LINT_VENV"; } | hash_of)
    ! is_done linters "$wanted" || [ ! -x "$LINT_VENV/bin/ruff" ] || return 0
    say "Installing linters from PyPI ($("$PYTHON" -V))"
    rm -f "$STAMPS/linters"
    mkdir -p "${LINT_VENV%/*}"
    run_logged linters-venv "$PYTHON" -m venv --clear "$LINT_VENV"
    run_logged linters "$LINT_VENV/bin/python" -m pip install --no-input --disable-pip-version-check \
        --prefer-binary -r "$ROOT/setup/lint_requirements.txt"
    mark_done linters "$wanted"
}

# ensure_npm_tool NAME@VERSION: fails where there is no npm.
ensure_npm_tool() {
    local name=${1%@*}
    ! is_done "$name" "$1" || [ ! -x "$NPM_TOOLS/$name" ] || return 0
    command -v npm >/dev/null || return 1
    say "Installing $1"
    run_logged "$name" npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$STATE/node" \
        --cache "$STATE/node/cache" "$1"
    mark_done "$name" "$1"
}
