# What every set-up script shares: where things are, how we speak, how we fail. Sourced, never run.
# shellcheck shell=bash

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
STATE=$ROOT/.odoo             # everything we fetch or make lands here, and nowhere else
VENV=$STATE/venv
DATA=$STATE/data              # Odoo's data folder: file stores and sessions
LOGS=$STATE/log
STAMPS=$STATE/stamps
ODOO_SERIES=19.0
export ODOO_RC=$STATE/odoo.conf

mkdir -p "$DATA" "$LOGS" "$STAMPS" 2>/dev/null || {
    echo "setup: cannot write to $STATE: free some disk space, or run this as the user who owns the checkout" >&2
    exit 1
}

# --- speaking -----------------------------------------------------------------------------------

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
note() { printf '    %s\n' "$*" >&2; }

# A script or subshell that ends with this status has said all there is to say.
SAID=70

# The last line of every failure says what to do next.
die() {
    trap - ERR
    printf 'setup: %s\n' "$*" >&2
    exit $SAID
}

# A failure that nobody foresaw still ends with something to do.
on_error() {
    local status=$? line=$1
    trap - ERR
    [ "$BASH_SUBSHELL" -eq 0 ] && [ "$status" -ne "$SAID" ] || exit "$status"
    printf 'setup: stopped at %s:%s; see the lines above and %s, then run the same command again (it goes on where it was)\n' \
        "$(basename "${BASH_SOURCE[1]:-setup}")" "$line" "$LOGS" >&2
    exit "$status"
}
set -o errtrace
trap 'on_error $LINENO' ERR

# run_logged NAME COMMAND...: keeps the terminal quiet; on failure shows the end of the log and what to do.
run_logged() {
    local log=$LOGS/$1.log status=0
    shift
    "$@" >"$log" 2>&1 || status=$?
    [ "$status" -ne 0 ] || return 0
    tail -n 20 "$log" >&2
    die "$(advice_for "$log")"
}

# Recognises the two causes that are nobody's fault in the log of a failed command.
advice_for() {
    local log=$1
    if grep -qi 'no space left on device' "$log"; then
        echo "the disk is full: free about 4 GB for $STATE and run the same command again"
    elif grep -qiE 'temporary failure (in name resolution|resolving)|could not resolve|network is unreachable|connection (refused|timed out)|failed to establish a new connection|getaddrinfo|from versions: none' "$log"; then
        echo "the network does not answer: check the connection (and proxy settings), then run the same command again"
    else
        echo "this step failed, its whole log is $log; put right what it says and run the same command again"
    fi
}

# --- remembering what is done -------------------------------------------------------------------

hash_of() { sha256sum | cut -c1-16; }

# A step is done if its stamp holds the hash of all it depends on.
is_done() { [ "$(cat "$STAMPS/$1" 2>/dev/null || true)" = "$2" ]; }

mark_done() {
    printf '%s\n' "$2" >"$STAMPS/$1.new"
    mv "$STAMPS/$1.new" "$STAMPS/$1"
}

require_disk_space() {
    local free_mb
    free_mb=$(df -Pm "$STATE" | awk 'NR == 2 { print $4 }')
    [ "$free_mb" -ge "$1" ] ||
        die "$1 MB are needed below $STATE and $free_mb MB are free: make room there and run the same command again"
}

# --- the machine --------------------------------------------------------------------------------

is_root() { [ "$(id -u)" -eq 0 ]; }

# Runs a command as administrator, or says which one an administrator has to run.
as_admin() {
    if is_root; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "there is no sudo here: have an administrator run '$*', then run the same command again"
    fi
}

distribution() { (. /etc/os-release 2>/dev/null && echo "${ID:-unknown}") || echo unknown; }

free_port() {
    "$VENV/bin/python" -c 'import socket; s = socket.socket(); s.bind(("", 0)); print(s.getsockname()[1])'
}

port_is_free() {
    "$VENV/bin/python" - "$1" <<'PY'
import socket, sys
with socket.socket() as probe:
    # as Odoo's own server does: a port in TIME_WAIT is free
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("", int(sys.argv[1])))
    except OSError:
        sys.exit(1)
PY
}
