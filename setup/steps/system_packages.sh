# What has to come from the system's package manager: Python, PostgreSQL's server, a browser, fonts.
# shellcheck shell=bash

MISSING_PACKAGES=()

ensure_system_packages() {
    MISSING_PACKAGES=()
    need_python
    need_postgres
    need_command git git
    need_command file file        # its libmagic tells attachments apart
    need_command tar tar
    [ -e /etc/ssl/certs/ca-certificates.crt ] || MISSING_PACKAGES+=(ca-certificates)
    want_browser
    want_headless_shell
    want_wkhtmltopdf
    [ "${#MISSING_PACKAGES[@]}" -eq 0 ] || install_packages "${MISSING_PACKAGES[@]}"
    choose_python
    report_missing_optionals
}

need_command() { command -v "$1" >/dev/null || MISSING_PACKAGES+=("$2"); }

# --- Python: the one on PATH if it can be used, else the distribution's

need_python() { find_python >/dev/null || MISSING_PACKAGES+=(python3 python3-venv); }

choose_python() {
    PYTHON=$(find_python) ||
        die "no Python 3.10 to 3.13 with venv found: install python3 and python3-venv of such a version and run this again"
}

# For what needs nothing else.
ensure_python() {
    MISSING_PACKAGES=()
    need_python
    [ "${#MISSING_PACKAGES[@]}" -eq 0 ] || install_packages "${MISSING_PACKAGES[@]}"
    choose_python
}

find_python() {
    local candidate
    for candidate in python3 /usr/bin/python3 python3.13 python3.12 python3.11 python3.10; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    return 1
}

# --- PostgreSQL: only its programs, and only if no server is named

need_postgres() {
    if is_server_named; then
        need_command psql postgresql-client
    else
        postgres_bin >/dev/null || MISSING_PACKAGES+=(postgresql)
    fi
}

# Newest first; Debian keeps the server's programs away from PATH.
postgres_bin() {
    local bin
    for bin in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -rn) "$(dirname "$(command -v postgres || echo /none/postgres)")"; do
        [ ! -x "$bin/postgres" ] || { echo "$bin"; return; }
    done
    return 1
}

# --- A browser for the browser tests, a PDF printer for reports: the demo starts without them

# The names that Odoo's own test framework looks for.
find_browser() {
    local name path
    for name in google-chrome chromium chromium-browser google-chrome-stable; do
        path=$(command -v "$name") || continue
        # Ubuntu's chromium-browser may be a script that only asks for the snap
        ! grep -qI 'snap install' "$path" 2>/dev/null || continue
        echo "$path"
        return
    done
    return 1
}

want_browser() {
    find_browser >/dev/null && return
    # on Ubuntu the package is a stub for a snap, which neither runs as root nor in a container
    [ "$(distribution)" = debian ] || return 0
    MISSING_PACKAGES+=(chromium fonts-liberation fonts-dejavu-core)
}

# Chromium's little sister does what tests need with half the work. Ubuntu has none.
want_headless_shell() {
    [ "$(distribution)" != debian ] || want_if_there_is chromium-headless-shell
}

# Odoo's tests look for a browser by its name.
prefer_headless_shell() {
    local shell
    shell=$(command -v chromium-headless-shell) || return 0
    mkdir -p "$STATE/browser"
    ln -sfn "$shell" "$STATE/browser/google-chrome"
    export PATH=$STATE/browser:$PATH
}

# Debian 13 dropped it.
want_wkhtmltopdf() { want_if_there_is wkhtmltopdf; }

# want_if_there_is PROGRAM: where its package cannot be had, things go on without; asked once.
want_if_there_is() {
    command -v "$1" >/dev/null && return
    if ! is_done "$1" asked; then
        refresh_package_lists
        ! package_exists "$1" || MISSING_PACKAGES+=("$1")
        mark_done "$1" asked
    fi
}

report_missing_optionals() {
    command -v wkhtmltopdf >/dev/null ||
        note "no wkhtmltopdf in this release: everything runs, but reports are not printed as PDF"
    find_browser >/dev/null ||
        note "no Chromium found: the demo runs; for browser tests install google-chrome (on Ubuntu the chromium package is only a snap)"
}

# --- apt

package_exists() { grep -q 'Candidate: [0-9]' <<<"$(apt-cache policy "$1" 2>/dev/null)"; }

refresh_package_lists() {
    command -v apt-get >/dev/null || return 0
    [ -z "${PACKAGE_LISTS_FRESH:-}" ] || return 0
    say "Refreshing the system's package lists"
    run_logged apt-update as_admin apt-get update
    PACKAGE_LISTS_FRESH=1
}

install_packages() {
    command -v apt-get >/dev/null ||
        die "this is no Debian or Ubuntu: install the equivalents of '$*' yourself and run this again"
    refresh_package_lists
    say "Installing system packages: $*"
    local clusters_before
    clusters_before=$(ls -d /etc/postgresql/*/main 2>/dev/null || true)
    run_logged apt-install as_admin env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
    drop_new_clusters "$clusters_before"
}

# Installing Debian's postgresql makes and starts a cluster for the machine. Nobody asked for it, and it is
# seconds old and empty: leave the machine as it was. One that was there before is not touched.
drop_new_clusters() {
    local config version
    for config in $(ls -d /etc/postgresql/*/main 2>/dev/null || true); do
        grep -qxF "$config" <<<"$1" && continue
        version=$(basename "$(dirname "$config")")
        as_admin pg_dropcluster --stop "$version" main
    done
}
